"""Maps for search engines: an index, and files of at most SIZE addresses each.

Posts go by the month of their permalink, whose totals are stored, so the index costs the same at any size of the site.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

from django.conf import settings
from django.contrib.sitemaps.views import x_robots_tag
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from blog.archive import months
from blog.models import ImageUse, Page, Post
from blog.paging import Cursor
from blog.shared import shared
from blog.versions import LISTS

SIZE = 10_000
PICTURES = 20  # of one post
COLUMNS = ("kind", "slug", "year", "month", "updated_at", "status", "published_at", "language", "translation_of_id")
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SPACES = (
    f'xmlns="{SITEMAP}" xmlns:xhtml="http://www.w3.org/1999/xhtml" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


class Entry(NamedTuple):
    address: str
    changed: date | None = None
    pictures: Sequence[str] = ()
    others: Sequence[tuple[str, str]] = ()  # the same in other languages: which, and where


@require_safe
@x_robots_tag
@shared()
def index(request: HttpRequest) -> HttpResponse:
    names = ["lists", *_parts("pages", Page.objects.published().count())]
    names += _parts("labels", Post.objects.labels().count())
    names += _parts("series", Post.objects.series().count())
    for year in months():
        for month in year["months"]:
            names += _parts(f"posts-{month['first']:%Y-%m}", month["posts"])
    request.shown.add(LISTS)
    files = [f"<sitemap><loc>{_whole(f'/sitemap-{name}.xml')}</loc></sitemap>" for name in names]
    return _xml(f'<sitemapindex xmlns="{SITEMAP}">', *files, "</sitemapindex>")


@require_safe
@x_robots_tag
@shared()
def lists(request: HttpRequest) -> HttpResponse:
    return _file(request, [Entry(reverse(name)) for name in ("home", "archive", "labels")])


@require_safe
@x_robots_tag
@shared()
def pages(request: HttpRequest, part: str | None = None) -> HttpResponse:
    start = _start(part)
    return _file(request, _posts(request, Page.objects.published()[start:]))


@require_safe
@x_robots_tag
@shared()
def labels(request: HttpRequest, part: str | None = None) -> HttpResponse:
    start = _start(part)
    found = Post.objects.labels().order_by("pk")[start : start + SIZE]
    return _file(request, [Entry(label.get_absolute_url()) for label in found])


@require_safe
@x_robots_tag
@shared()
def series(request: HttpRequest, part: str | None = None) -> HttpResponse:
    start = _start(part)
    found = Post.objects.series().order_by("pk")[start : start + SIZE]
    return _file(request, [Entry(one.get_absolute_url()) for one in found])


@require_safe
@x_robots_tag
@shared()
def posts(request: HttpRequest, year: str, month: str, part: str | None = None) -> HttpResponse:
    """The posts of a month, the oldest first, so that a full file stays as it is."""
    found = Post.objects.published().filter(year=int(year), month=int(month)).order_by("published_at", "pk")
    if start := _start(part):
        # Where it starts is counted in the index alone; the posts are read from there.
        last = found.values_list("published_at", "pk")[start - 1 : start].first()
        found = found.filter(Cursor(*last).newer()) if last else found.none()
    return _file(request, _posts(request, found))


def _parts(name: str, count: int) -> list[str]:
    """The files that so many addresses need: pages, pages-2 …"""
    return [name if number == 1 else f"{name}-{number}" for number in range(1, -(-count // SIZE) + 1)]


def _start(part: str | None) -> int:
    return (int(part or 1) - 1) * SIZE


def _posts(request: HttpRequest, found: QuerySet) -> list[Entry]:
    """Three queries, whatever the number of posts: themselves, their pictures, and the same in other languages."""
    posts = list(found.only(*COLUMNS)[:SIZE])
    pictures, others = _pictures(posts), _translations(posts, request.site.language)
    return [
        Entry(
            post.get_absolute_url(),
            max(post.updated_at, post.published_at).date(),
            pictures.get(post.pk, ()),
            others.get(post.translation_of_id, ()),
        )
        for post in posts
    ]


def _pictures(posts: list[Post]) -> dict[int, list[str]]:
    """The addresses of the pictures that each post shows, its cover among them."""
    shown = ImageUse.objects.filter(post__in=[post.pk for post in posts]).order_by("post_id", "image_id")
    found = defaultdict(list)
    for post, file in shown.values_list("post", "image__file").iterator():
        if len(found[post]) < PICTURES:
            found[post].append(default_storage.url(file))
    return found


def _translations(posts: list[Post], language: str) -> dict[int, list[tuple[str, str]]]:
    """By original: the language and the address of each post of the set that readers can see, where there are two."""
    originals = {post.translation_of_id for post in posts if post.translation_of_id}
    if not originals:
        return {}
    found = defaultdict(list)
    # Not by public(): where SQLite has statistics, it would go through all that is public for these few.
    of_sets = Post.objects.filter(translation_of__in=originals).order_by("translation_of_id", "language", "pk")
    now = timezone.now()
    for one in of_sets.only(*COLUMNS, "expires_at").iterator():
        if one.is_public(now):
            found[one.translation_of_id].append((one.language or language, one.get_absolute_url()))
    return {original: those for original, those in found.items() if len(those) > 1}


def _file(request: HttpRequest, entries: Iterable[Entry]) -> HttpResponse:
    request.shown.add(LISTS)
    written = [_written(entry) for entry in entries]
    if not written:
        raise Http404
    return _xml(f"<urlset {SPACES}>", *written, "</urlset>")


def _written(entry: Entry) -> str:
    """Written by hand: a template takes ten times as long, and there are ten thousand of these."""
    parts = [f"<url><loc>{_whole(entry.address)}</loc>"]
    if entry.changed:
        parts.append(f"<lastmod>{entry.changed.isoformat()}</lastmod>")
    for language, address in entry.others:
        parts.append(f'<xhtml:link rel="alternate" hreflang="{escape(language)}" href="{_whole(address)}"/>')
    for address in entry.pictures:
        parts.append(f"<image:image><image:loc>{_whole(address)}</image:loc></image:image>")
    return f"{''.join(parts)}</url>"


def _whole(address: str) -> str:
    return escape(settings.SITE_URL + address if address.startswith("/") else address)


def _xml(*lines: str) -> HttpResponse:
    return HttpResponse("\n".join([DECLARATION, *lines, ""]), content_type="application/xml")
