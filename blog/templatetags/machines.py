"""What a page's head says to those who do not look at it: search engines, feed readers, who shows a link to it."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from blog import icons, structured
from blog.models import Post, SiteSettings
from blog.paging import Cursor
from blog.structured import Article, Link, Picture, Site
from blog.templatetags.pieces import piece

register = template.Library()

# As those who show links write languages: https://ogp.me/#optional
LOCALES = {
    "ar": "ar_AR",
    "de": "de_DE",
    "en": "en_US",
    "es": "es_ES",
    "fa": "fa_IR",
    "fr": "fr_FR",
    "he": "he_IL",
    "ja": "ja_JP",
}


@register.simple_tag(takes_context=True)
def site_links(context) -> SafeString:
    """Of every page: the site's search, its manifest, its icon."""
    site = context.get("site")
    if site is None:
        return SafeString("")
    return piece("_site_links.html", title=site.title, icon=icons.address(context.get("logo"), "180"))


@register.simple_tag(takes_context=True)
def post_meta(context, post: Post) -> SafeString:
    """Of a post's page; the post itself, in the terms of schema.org, among it."""
    address, site = _here(post.get_absolute_url()), _site(context)
    language = post.language or site.language
    image = _picture(context, post)
    translations = context.get("translations", ())
    labels = tuple(Link(label.name, _here(label.get_absolute_url())) for label in context.get("labels", ()))
    is_preview = bool(context.get("is_preview"))
    author = Link(post.author.name, _here(post.author.get_absolute_url()))
    published = post.published_at.isoformat() if post.published_at else ""
    modified = max(post.updated_at, post.published_at).isoformat() if post.published_at else ""
    description = post.seo_description or post.summary
    data = ""
    if not is_preview:
        part = context.get("part")
        series = Link(part.series.title, _here(part.series.address)) if part else None
        about = (post.title, description, address, language, published, modified, author, image, labels, series)
        data = structured.of_article(Article(site, post.kind, *about, post.reading_minutes))
    return piece(
        "blog/_post_meta.html",
        title=post.title,
        description=description,
        summary=post.summary,
        address=address,
        canonical=post.canonical_url or address,
        site_title=site.title,
        author=author,
        published=published,
        modified=modified,
        labels=tuple(label.name for label in labels),
        locale=_locale(language),
        image=image or _logo(site),
        is_large=image is not None,
        alternates=tuple((one.language, _here(one.address)) for one in translations),
        locales=tuple(filter(None, (_locale(one.language) for one in translations if not one.is_here))),
        feeds=_feeds("feed", site.title),
        data=data,
        is_noindex=is_preview or bool(context["request"].GET.get("thread")),
    )


@register.simple_tag(takes_context=True)
def list_meta(context, title: str = "", description: str = "", feeds: str = "feed", slug: str = "") -> SafeString:
    """Of a page that lists posts: `title` is empty for the site's own list, `description` where there is none.

    `feeds` is what its feeds are named after (label, author, series), with the slug of whose posts they have.
    """
    site, request = _site(context), context["request"]
    onward = "after" if feeds == "series" else "before"
    at, listed = Cursor.asked(request, onward), context.get("listed")
    address = _here(request.path)
    is_home = not title and not at
    # What one looks at further back is not that list's newest, so it is a page of its own.
    canonical = f"{address}?{onward}={at}" if at else address
    older = listed.older if listed else None
    return piece(
        "blog/_list_meta.html",
        title=title or site.title,
        description=description or site.tagline,
        address=canonical,
        older=f"{address}?{onward}={older}" if older else "",
        site_title=site.title,
        locale=_locale(site.language),
        image=_logo(site),
        feeds=_feeds(feeds, f"{title} · {site.title}" if slug else site.title, slug),
        data=structured.of_site(site) if is_home else structured.of_list(site, title or site.title, canonical),
    )


def _site(context) -> Site:
    site: SiteSettings | None = context.get("site")
    logo = context.get("logo")
    picture = _here(logo.whole if logo else icons.address(None, "512"))
    return Site(
        site.title if site else "",
        site.tagline if site else "",
        _here("/"),
        site.language if site else get_language(),
        picture,
    )


def _here(address: str) -> str:
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address


def _picture(context, post: Post) -> Picture | None:
    if not post.cover:
        return None
    cover = post.cover
    return Picture(_here(cover.file.url), cover.width, cover.height, cover.alt)


def _logo(site: Site) -> Picture:
    """What is shown with a link where the page has no picture of its own; how large it is, is left open."""
    return Picture(site.logo, 0, 0, site.title)


def _locale(language: str) -> str:
    """Empty where the country is not known: OpenGraph has no language without one."""
    return LOCALES.get(language, "")


@lru_cache(maxsize=500)
def _feeds(name: str, title: str, slug: str = "") -> tuple[tuple[str, str, str], ...]:
    """Of each kind: its type, the words for it, its address."""
    given = [slug] if slug else []
    kinds = (("atom", "application/atom+xml", ""), ("rss", "application/rss+xml", " (RSS)"))
    kinds += (("json", "application/feed+json", " (JSON)"),)
    return tuple((kind, f"{title}{words}", reverse(f"{name}_{ending}", args=given)) for ending, kind, words in kinds)
