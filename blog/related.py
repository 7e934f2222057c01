"""What a post's page says of other posts: those before and after it in a series, and the same in other languages."""

from dataclasses import dataclass

from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language_info

from blog.models import Post, Series
from blog.paging import Cursor
from blog.prepared import Given, Prepared
from blog.shared import shown
from blog.versions import post_key, series_key


@dataclass(frozen=True)
class Link:
    title: str
    address: str


@dataclass(frozen=True)
class Part:
    """The place of a post in its series."""

    series: Link
    number: int
    total: int
    previous: Link | None
    next: Link | None


@dataclass(frozen=True)
class Translation:
    language: str
    name: str  # of the language, in itself
    direction: str
    address: str
    is_here: bool


def _around():
    """A part, the one before and the one after it; with each the series, and how many parts are out before the one at
    hand and beside it."""
    here, now = Cursor(Given("at"), Given("pk")), Given("now")
    parts = Post.objects.published(now).filter(series=Given("series"))
    before = parts.filter(here.older()).values("pk")[:1]
    after = parts.filter(here.newer()).order_by("published_at", "pk").values("pk")[:1]
    shown = Post.objects.filter(Q(pk=Given("pk")) | Q(pk=Subquery(before)) | Q(pk=Subquery(after)))
    return shown.values_list(
        *("published_at", "pk", "title", "slug", "year", "month", "series__title", "series__slug"),
        _count(parts.filter(here.older())),
        _count(parts.exclude(pk=Given("pk"))),
    )


def _count(parts):
    return Coalesce(Subquery(parts.order_by().values("kind").annotate(number=Count("pk")).values("number")), 0)


AROUND = Prepared(_around)
TRANSLATIONS = Prepared(
    lambda: (
        Post.objects.public(Given("now"))
        .filter(translation_of=Given("original"))
        .order_by("language", "pk")
        .only("kind", "slug", "year", "month", "language", "status", "published_at")
    )
)


def related(request: HttpRequest, post: Post) -> dict:
    """What the template of a post's page needs to know: no query where it has neither; and what the page then shows."""
    if post.series_id:
        shown(request).add(series_key(post.series_id))
    if post.translation_of_id:
        shown(request).add(post_key(post.translation_of_id))
    now = timezone.now()
    return {"part": _part(post, now), "translations": _translations(post, now, request.site.language)}


def _part(post: Post, now) -> Part | None:
    if not post.series_id:
        return None
    here = (post.published_at or now, post.pk)
    previous = following = None
    rows = AROUND(now=now, series=post.series_id, at=here[0], pk=post.pk)
    for at, pk, title, slug, year, month, *of_series, before, others in rows:
        if pk == post.pk:
            series, series_slug = of_series
            number, total = before + 1, others + 1
            continue
        link = Link(title, Post(pk=pk, slug=slug, year=year, month=month).get_absolute_url())
        if (at, pk) < here:
            previous = link
        else:
            following = link
    return Part(Link(series, Series(slug=series_slug).get_absolute_url()), number, total, previous, following)


def _translations(post: Post, now, language: str) -> tuple[Translation, ...]:
    """All of the set that readers can see, this one among them; none where it stands alone."""
    if not post.translation_of_id:
        return ()
    found = TRANSLATIONS(now=now, original=post.translation_of_id)
    return tuple(_translation(one, post, language) for one in found) if len(found) > 1 else ()


def _translation(one: Post, here: Post, site_language: str) -> Translation:
    language = one.language or site_language
    info = get_language_info(language)
    direction = "rtl" if info["bidi"] else "ltr"
    return Translation(language, info["name_local"], direction, one.get_absolute_url(), one.pk == here.pk)
