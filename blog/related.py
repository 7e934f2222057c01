"""What a post's page says of other posts: those before and after it, by date and in its series; those that are like
it; and the same in other languages."""

from dataclasses import dataclass

from django.db.models import Case, Count, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language_info

from blog.addresses import address
from blog.direction import direction
from blog.models import Alike, Post, Series
from blog.models.posts import public
from blog.paging import Cursor
from blog.prepared import Given, Prepared
from blog.shared import shown
from blog.versions import link_key, series_key

MOST_ALIKE = 3


@dataclass(frozen=True)
class Link:
    title: str
    address: str
    language: str = ""  # if it is not the site's


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


def _neighbours():
    """The post before and the one after a place; and all that are like the post there, readers may see them or not.
    In the order of time; with each how it is like the post, whether it stands before the place, and whether readers
    see it, as numbers or nothing: moments would have to be read for every row."""
    here, now, posts = Cursor(Given("at"), Given("pk")), Given("now"), Post.objects.order_by()
    before, after = Post.objects.beside(here, now)
    after = after.filter(published_at__lte=now)
    alike = Alike.objects.filter(post=Given("pk"))
    ids = (
        alike.order_by()
        .values("other")
        .union(*(posts.filter(pk=Subquery(found.values("pk")[:1])).values("pk") for found in (before, after)), all=True)
    )
    score = alike.filter(other=OuterRef("pk")).values("score")
    said = {"score": Subquery(score), "is_before": _one_if(here.older()), "is_seen": _one_if(public(now))}
    shown = posts.filter(pk__in=ids).annotate(**said).order_by("published_at", "pk")
    return shown.values_list("pk", "title", "slug", "year", "month", "language", *said)


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), output_field=TextField())  # a type that nothing converts


NEIGHBOURS = Prepared(_neighbours)
AROUND = Prepared(_around)
# Not of public posts alone: SQLite, where it has statistics, would go through all of those for the few of a set.
TRANSLATIONS = Prepared(
    lambda: (
        Post.objects.filter(translation_of=Given("original"))
        .order_by("language", "pk")
        .only("kind", "slug", "year", "month", "language", "status", "published_at", "expires_at")
    )
)


def related(request: HttpRequest, post: Post) -> dict:
    """What the template of a post's page needs to know: no query where it has neither; and what the page then shows."""
    if post.series_id:
        shown(request).add(series_key(post.series_id))
    if post.translation_of_id:
        shown(request).add(link_key(post.translation_of_id))
    now = timezone.now()
    part, translations = _part(post, now), _translations(post, now, request.site.language)
    return {"part": part, "translations": translations} | _neighbours_of(request, post, now)


def _neighbours_of(request: HttpRequest, post: Post, now) -> dict:
    """Of a post, not of a page: what stands at its foot."""
    if post.kind != Post.Kind.POST:
        return {}
    at = min(post.published_at or now, now)
    previous = following = None
    scored, keys = [], []
    for pk, title, slug, year, month, language, score, is_before, is_seen in NEIGHBOURS(now=now, at=at, pk=post.pk):
        keys.append(link_key(pk))  # also of one that readers cannot see yet: it may come out
        if not is_seen:
            continue
        link = Link(title, address("post", year, month, slug), language)
        # Those that are like it are never nearer than its neighbours.
        if is_before:
            previous = link
        else:
            following = following or link
        if score:
            scored.append((-score, -pk, link))
    shown(request).add(*keys)
    alike = tuple(link for *_order, link in sorted(scored)[:MOST_ALIKE])
    return {"previous": previous, "next": following, "alike": alike}


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
    found = [one for one in TRANSLATIONS(original=post.translation_of_id) if one.is_public(now)]
    return tuple(_translation(one, post, language) for one in found) if len(found) > 1 else ()


def _translation(one: Post, here: Post, site_language: str) -> Translation:
    language = one.language or site_language
    name = get_language_info(language)["name_local"]
    return Translation(language, name, direction(language), one.get_absolute_url(), one.pk == here.pk)
