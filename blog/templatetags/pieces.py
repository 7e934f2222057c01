"""Parts of pages that are the same on many: each is rendered once for the same values, and so never out of date."""

from functools import cache, lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

from blog import accent, looks, render
from blog.direction import direction
from blog.models import Post, SiteSettings

register = template.Library()
DEEPEST = 3  # of the headings that the table of contents names


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
def opening(context, scheme: str) -> SafeString:
    """What a page's head says of its looks, and the sheets that every page has."""
    return piece(
        "_opening.html",
        first=scheme,
        look=looks.look_of(context.get("site")),
        accent=colours(context),
        has_choice=not context.get("is_framed"),
    )


@register.simple_tag(takes_context=True)
def scheme(context) -> str:
    """Light or dark, which readers meet first; empty where their device decides. A preview is as its frame asks."""
    if context.get("scheme") or context.get("is_framed"):
        return context["scheme"]
    site = context.get("site")
    return "" if site is None or site.scheme == SiteSettings.Scheme.SYSTEM else site.scheme


register.simple_tag(looks.theme_sheet)


@register.simple_tag(takes_context=True)
def colours(context) -> str:
    """The address of the style sheet with the site's own accent; empty if it has none."""
    site = context.get("site")
    return accent.address_of(site) if site else ""


def _names(context) -> dict[str, str]:
    site = context.get("site")
    return {"title": site.title, "tagline": site.tagline} if site else {"title": "", "tagline": ""}


@register.simple_tag(takes_context=True)
def post_files(context, post: Post) -> SafeString:
    """The sheets and scripts of a post's page."""
    has_player = " data-player=" in post.body_html
    return piece("blog/_post_files.html", pk=post.pk, has_player=has_player, is_preview=bool(context.get("is_preview")))


@register.simple_tag
def cover(post: Post) -> SafeString:
    """The picture above a post's text; of a post from before it was kept, until the worker has rendered that."""
    return mark_safe(post.cover_html or render.cover(post.cover_id))  # noqa: S308  by the step that writes those of texts


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
        toc=tuple((one["level"], one["id"], one["title"]) for one in post.toc if one["level"] <= DEEPEST),
    )


@register.simple_tag(takes_context=True)
def share(context, post: Post) -> SafeString:
    """Links by which a reader tells others of a post: nothing of these places is loaded."""
    address = f"{context['site_url']}{post.get_absolute_url()}"
    return piece("blog/_share.html", title=post.title, address=address)


@register.simple_tag(takes_context=True)
def neighbours(context) -> SafeString:
    """What stands at the foot of a post: posts that are like it, the one before and the one after it."""
    part = context.get("part")
    return piece(
        "blog/_neighbours.html",
        alike=context.get("alike", ()),
        previous=context.get("previous"),
        next=context.get("next"),
        is_part=bool(part and (part.previous or part.next)),
    )


@register.simple_tag
def listed(post: Post, is_first_page: bool, beside: str, is_first: bool = False) -> SafeString:
    """A post in a list; `beside` is HTML that stands before how long it takes to read."""
    small = render.thumbnail(post.cover_html, post.cover.across, post.cover.down, is_first) if post.cover else ""
    return piece(
        "blog/_listed.html",
        title=post.title,
        address=post.get_absolute_url(),
        language=post.language,
        is_pinned=bool(post.pinned and is_first_page),
        published_at=post.published_at,
        labels=_linked_labels(post.labels),
        summary=post.summary,
        picture=mark_safe(small),  # noqa: S308  by the step that writes those of texts
        beside=beside,
        minutes=post.reading_minutes,
    )


@register.simple_tag
def spoken(language: str) -> SafeString:
    """The attributes of an element with words of a post: the language, if it names one, and the way that is written.

    By its words alone, a Persian text that begins with “Django” would stand from left to right.
    """
    said = format_html(' dir="{}"', direction(language))
    return format_html('{} lang="{}"', said, language) if language else said


def _linked_labels(labels) -> tuple[tuple[str, str], ...]:
    return tuple((label.name, label.get_absolute_url()) for label in labels)
