"""Parts of pages that are the same on many: each is rendered once for the same values, and so never out of date."""

from functools import cache, lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

from blog import accent, render
from blog.models import Post

register = template.Library()


def piece(template_name: str, **values) -> SafeString:
    """A template that shows nothing but these values, which must not change: text, numbers, moments, tuples of them.

    It is kept by all that it depends on: the values, the language and the time zone in force.
    """
    return _rendered(template_name, get_language(), get_current_timezone(), **values)


@lru_cache(maxsize=2_000, typed=True)  # what is safe HTML is not taken for the same words that are not
def _rendered(template_name: str, language: str, zone, /, **values) -> SafeString:
    return render_to_string(template_name, values)


@register.simple_tag(takes_context=True)
def masthead(context) -> SafeString:
    menu = tuple(context.get("menu", ()))
    here = context["request"].path if "request" in context else ""
    is_linked = here in _linked() or here in [address for _words, address in menu]
    logo = tuple(context.get("logo") or ())
    return piece("_masthead.html", **_names(context), logo=logo, menu=menu, here=here if is_linked else "")


@cache
def _linked() -> tuple[str, ...]:
    return reverse("archive"), reverse("search")


@register.simple_tag(takes_context=True)
def footer(context) -> SafeString:
    site = context.get("site")
    words = mark_safe(site.footer_html if site else "")  # noqa: S308  cleaned when it was saved
    return piece("_footer.html", **_names(context), words=words)


@register.simple_tag(takes_context=True)
def colours(context) -> str:
    """The address of the style sheet with the site's own accent; empty if it has none."""
    site = context.get("site")
    return accent.address_of(site) if site else ""


def _names(context) -> dict[str, str]:
    site = context.get("site")
    return {"title": site.title, "tagline": site.tagline} if site else {"title": "", "tagline": ""}


@register.simple_tag(takes_context=True)
def post_meta(context, post: Post) -> SafeString:
    """What a post's page says of itself to search engines, and to those who share a link to it."""
    address = f"{context['site_url']}{post.get_absolute_url()}"
    return piece(
        "blog/_post_meta.html",
        title=post.title,
        description=post.seo_description or post.summary,
        summary=post.summary,
        address=address,
        canonical=post.canonical_url or address,
        site_title=_names(context)["title"],
        cover=_shared_image(context, post),
        alternates=tuple(
            (one.language, f"{context['site_url']}{one.address}") for one in context.get("translations", ())
        ),
        is_noindex=bool(context.get("is_preview") or context["request"].GET.get("thread")),
    )


def _shared_image(context, post: Post) -> str:
    """What is shown with a link to a post: its cover, or the site's logo."""
    if post.cover:
        return f"{context['site_url']}{post.cover.file.url}"
    logo = context.get("logo")
    return f"{context['site_url']}{logo.whole}" if logo else ""


@register.simple_tag
def cover(post: Post) -> SafeString:
    """The picture above a post's text, in the sizes that there are."""
    return mark_safe(render.cover(post.cover_id))  # noqa: S308  written by the step that writes those of texts


@register.simple_tag(takes_context=True)
def margin(context, post: Post) -> SafeString:
    """What stands beside a post: when, by whom, how long, labels, its series, other languages, contents."""
    return piece(
        "blog/_margin.html",
        published_at=post.published_at,
        author=post.author.name,
        author_address=post.author.get_absolute_url(),
        minutes=post.reading_minutes,
        labels=_linked_labels(context["labels"]),
        part=context.get("part"),
        translations=context.get("translations", ()),
        has_comments=not context.get("is_by_link"),
        toc=tuple((heading["level"], heading["id"], heading["title"]) for heading in post.toc),
    )


@register.simple_tag
def listed(post: Post, is_first_page: bool, beside: str) -> SafeString:
    """A post in a list; `beside` is HTML that stands before how long it takes to read."""
    return piece(
        "blog/_listed.html",
        title=post.title,
        address=post.get_absolute_url(),
        language=post.language,
        is_pinned=bool(post.pinned and is_first_page),
        published_at=post.published_at,
        labels=_linked_labels(post.tags.all()),
        summary=post.summary,
        beside=beside,
        minutes=post.reading_minutes,
    )


def _linked_labels(labels) -> tuple[tuple[str, str], ...]:
    return tuple((label.name, label.get_absolute_url()) for label in labels)
