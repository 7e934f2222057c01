"""What readers find posts by, with how many there are: the stored totals, less the few whose time has not come or is
over."""

from datetime import date

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from blog.models import Label, MonthCount, Post, PostTag


def labels(limit: int) -> list[Label]:
    """The labels that readers can find posts under, the busiest first, each with its `posts`."""
    here = PostTag.objects.filter(tag=OuterRef("pk"))
    to_come = here.filter(published_at__gt=timezone.now())
    over = here.filter(content_object__in=Post.objects.expired().values("pk"))
    busiest = Label.objects.filter(total__count__gt=0).order_by("-total__count", "total__label_id")
    busiest = busiest.annotate(posts=F("total__count") - _number(to_come, "tag") - _number(over, "tag"))
    # Posts to come may change the order: twice as many as are wanted are looked at.
    shown = [label for label in busiest[: 2 * limit] if label.posts > 0]
    return sorted(shown, key=lambda label: (-label.posts, label.name))[:limit]


def months() -> list[dict]:
    """The archive as a tree: years, newest first, each with its `posts` (a count) and `months`."""
    here = {"kind": Post.Kind.POST, "year": OuterRef("year"), "month": OuterRef("month")}
    to_come = Post.objects.scheduled().filter(**here)
    # As a sum, or SQLite goes through all posts of a month instead of the few whose time is over. Pages have neither.
    over = Post.objects.expired().annotate(within=F("year") * 100 + F("month"))
    over = over.filter(within=OuterRef("year") * 100 + OuterRef("month"))
    counted = MonthCount.objects.filter(count__gt=0).order_by("-year", "-month")
    counted = counted.annotate(posts=F("count") - _number(to_come, "year") - _number(over, "year"))
    counted = counted.values("year", "month", "posts")
    years: list[dict] = []
    for row in counted:
        if row["posts"] < 1:
            continue
        if not years or years[-1]["year"] != row["year"]:
            years.append({"year": row["year"], "posts": 0, "months": []})
        years[-1]["posts"] += row["posts"]
        years[-1]["months"].append(row | {"first": date(row["year"], row["month"], 1)})
    return years


def _number(rows: QuerySet, same: str) -> Coalesce:
    """How many rows there are, all of one `same`."""
    return Coalesce(Subquery(rows.order_by().values(same).annotate(number=Count("pk")).values("number")), 0)
