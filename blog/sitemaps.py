"""Maps for search engines: an index, and files of at most SIZE addresses each.

Posts go by the month of their permalink, whose totals are stored, so the index costs the same at any size of the site.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.sitemaps.views import x_robots_tag
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog.archive import months
from blog.models import LabelCount, Page, Post
from blog.paging import Cursor
from blog.shared import shared
from blog.versions import LISTS

SIZE = 10_000
COLUMNS = ("kind", "slug", "year", "month", "updated_at", "status", "published_at")


@require_safe
@x_robots_tag
@shared()
def index(request: HttpRequest) -> HttpResponse:
    names = ["lists", *_parts("pages", Page.objects.published().count())]
    names += _parts("labels", LabelCount.objects.filter(count__gt=0).count())
    names += _parts("series", Post.objects.series().count())
    for year in months():
        for month in year["months"]:
            names += _parts(f"posts-{month['first']:%Y-%m}", month["posts"])
    request.shown.add(LISTS)
    files = [{"location": f"{settings.SITE_URL}/sitemap-{name}.xml"} for name in names]
    return render(request, "sitemap_index.xml", {"sitemaps": files}, content_type="application/xml")


@require_safe
@x_robots_tag
@shared()
def lists(request: HttpRequest) -> HttpResponse:
    return _file(request, [{"location": reverse(name)} for name in ("home", "archive")])


@require_safe
@x_robots_tag
@shared()
def pages(request: HttpRequest, part: str | None = None) -> HttpResponse:
    start = _start(part)
    found = Page.objects.published().only(*COLUMNS)[start : start + SIZE]
    return _file(request, _dated(found))


@require_safe
@x_robots_tag
@shared()
def labels(request: HttpRequest, part: str | None = None) -> HttpResponse:
    start = _start(part)
    counted = LabelCount.objects.filter(count__gt=0).order_by("label").values("label")[start : start + SIZE]
    found = Post.objects.labels().filter(pk__in=counted).order_by("pk")
    return _file(request, [{"location": label.get_absolute_url()} for label in found])


@require_safe
@x_robots_tag
@shared()
def series(request: HttpRequest, part: str | None = None) -> HttpResponse:
    start = _start(part)
    found = Post.objects.series().order_by("pk")[start : start + SIZE]
    return _file(request, [{"location": one.get_absolute_url()} for one in found])


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
    return _file(request, _dated(found.only(*COLUMNS)[:SIZE]))


def _parts(name: str, count: int) -> list[str]:
    """The files that so many addresses need: pages, pages-2 …"""
    return [name if number == 1 else f"{name}-{number}" for number in range(1, -(-count // SIZE) + 1)]


def _start(part: str | None) -> int:
    return (int(part or 1) - 1) * SIZE


def _dated(posts: QuerySet) -> Iterable[dict]:
    return ({"location": post.get_absolute_url(), "lastmod": max(post.updated_at, post.published_at)} for post in posts)


def _file(request: HttpRequest, addresses: Iterable[dict]) -> HttpResponse:
    request.shown.add(LISTS)
    urlset = [address | {"location": settings.SITE_URL + address["location"]} for address in addresses]
    if not urlset:
        raise Http404
    return render(request, "sitemap.xml", {"urlset": urlset}, content_type="application/xml")
