"""What readers find posts by, with how many there are: the stored totals, less the few whose time has not come or is
over."""

from datetime import date
from functools import cache

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from blog.models import Label, MonthCount, Post, PostTag
from blog.names import first_letter, in_order
from blog.prepared import Given, Prepared

YEARS = Prepared(
    lambda: (
        MonthCount.objects.filter(count__gt=0, year__lte=Given("now"))
        .order_by("-year")
        .values_list("year", flat=True)
        .distinct()
    )
)
# Labels that have posts, or will have when their time comes.
IN_USE = Label.objects.filter(total__count__gt=0)
NAMED = Prepared(lambda: _counted(Post.objects.labels(Given("now")).filter(slug=Given("slug"))))


def label_named(slug: str) -> Label | None:
    """The label of this name in addresses, with its `posts`, if readers can find any under it."""
    return next(iter(NAMED(slug=slug, now=timezone.now())), None)


def labels(limit: int) -> list[Label]:
    """The labels that readers can find posts under, the busiest first, each with its `posts`."""
    shown = [label for label in _busiest(limit)(now=timezone.now()) if label.posts > 0]
    return sorted(shown, key=lambda label: (-label.posts, label.name))[:limit]


def labels_after(slug: str, limit: int) -> tuple[list[Label], str]:
    """The labels that come after this slug, in the order of the alphabet, and the slug that the next page follows,
    empty on the last one."""
    found = _after(limit)(slug=slug, now=timezone.now())
    following = found[limit - 1].slug if len(found) > limit else ""
    shown = [label for label in found[:limit] if label.posts > 0]
    return sorted(shown, key=lambda label: (in_order(label.name), label.slug)), following


@cache
def _busiest(limit: int) -> Prepared:
    # Posts to come may change the order: twice as many as are wanted are looked at.
    return Prepared(lambda: _counted(IN_USE.order_by("-total__count", "total__label_id"))[: 2 * limit])


@cache
def _after(limit: int) -> Prepared:
    return Prepared(lambda: _counted(IN_USE.filter(slug__gt=Given("slug")).order_by("slug"))[: limit + 1])


def _counted(found: QuerySet[Label]) -> QuerySet[Label]:
    """These labels, each with its `posts` at the moment that is given."""
    here, now = PostTag.objects.filter(tag=OuterRef("pk")), Given("now")
    to_come = here.filter(published_at__gt=now)
    over = here.filter(content_object__in=Post.objects.expired(now).values("pk"))
    return found.annotate(posts=Coalesce(F("total__count"), 0) - _number(to_come, "tag") - _number(over, "tag"))


def by_letter(found: list[Label]) -> list[tuple[str, list[Label]]]:
    """Labels in the order of the alphabet under their first letters."""
    letters: dict[str, list[Label]] = {}
    for label in found:
        letters.setdefault(first_letter(label.name), []).append(label)
    return list(letters.items())


def months() -> list[dict]:
    """The archive as a tree: years, newest first, each with its `posts` (a count) and `months`."""
    years: list[dict] = []
    for year, month, posts in MONTHS(now=timezone.now()):
        if posts < 1:
            continue
        if not years or years[-1]["year"] != year:
            years.append({"year": year, "posts": 0, "months": []})
        years[-1]["posts"] += posts
        years[-1]["months"].append({"year": year, "month": month, "posts": posts, "first": date(year, month, 1)})
    return years


def _months() -> QuerySet:
    """Each month that has posts or will have, with how many readers can see."""
    here, now = {"kind": Post.Kind.POST, "year": OuterRef("year"), "month": OuterRef("month")}, Given("now")
    to_come = Post.objects.scheduled(now).filter(**here)
    # As a sum, or SQLite goes through all posts of a month instead of the few whose time is over. Pages have neither.
    over = Post.objects.expired(now).annotate(within=F("year") * 100 + F("month"))
    over = over.filter(within=OuterRef("year") * 100 + OuterRef("month"))
    counted = MonthCount.objects.filter(count__gt=0).order_by("-year", "-month")
    return counted.values_list("year", "month", F("count") - _number(to_come, "year") - _number(over, "year"))


MONTHS = Prepared(_months)


def years() -> list[int]:
    """The years up to now that have posts, the newest first: much quicker than months(), which looks at each month."""
    return YEARS(now=timezone.localdate().year)


def beside(years: list[dict], year: int, month: int | None = None) -> tuple[dict | None, dict | None, dict | None]:
    """Of months(): this year or month, and those before and after it in time that have posts; None where there is
    none."""
    kept = [one for within in years for one in within["months"]] if month else years
    here = (year, month) if month else (year,)
    places = [((one["year"], one["month"]) if month else (one["year"],), one) for one in kept]
    this = next((one for place, one in places if place == here), None)
    earlier = next((one for place, one in places if place < here), None)
    later = next((one for place, one in reversed(places) if place > here), None)
    return this, earlier, later


def _number(rows: QuerySet, same: str) -> Coalesce:
    """How many rows there are, all of one `same`."""
    return Coalesce(Subquery(rows.order_by().values(same).annotate(number=Count("pk")).values("number")), 0)
