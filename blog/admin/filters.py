"""By what the lists of posts and pages are narrowed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, F, Field, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from blog.admin.standing import CHANGED, STANDINGS
from blog.ids import number
from blog.models import Label, Post, Series, User

Status = Post.Status
OFFERED = 40


def _found_by(condition: Q) -> Q:
    """This condition, apart from what else a list asks for, which would lead SQLite away from the indexes: those are of
    posts of one status each."""
    return Q(pk__in=Post.objects.order_by().filter(condition).values("pk"))


class StandingFilter(admin.SimpleListFilter):
    """What is in the bin shows only where one asks for it."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [*STANDINGS.items(), CHANGED]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        wanted, now = self.value(), timezone.now()
        over = Q(expires_at__lte=now)
        if wanted == "scheduled":
            return queryset.filter(status=Status.PUBLISHED, published_at__gt=now)
        if wanted == "published":
            return queryset.public(now)
        if wanted == "draft":
            return queryset.filter(Q(expires_at=None) | Q(expires_at__gt=now), status=Status.DRAFT)
        if wanted == "expired":
            out = Q(over, status=Status.PUBLISHED, published_at__lte=now)
            return queryset.filter(_found_by(Q(over, status=Status.DRAFT) | out))
        if wanted == CHANGED[0]:
            return queryset.filter(draft__isnull=False).exclude(status=Status.BINNED)
        if wanted in STANDINGS:
            return queryset.filter(status=wanted)
        return queryset.exclude(status=Status.BINNED)


class NumberFilter(admin.SimpleListFilter):
    """By a row's number; anything else in its place narrows nothing."""

    field: str

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        asked = number(self.value())
        return queryset.filter(**{self.field: asked}) if asked else queryset


class LabelFilter(NumberFilter):
    title = _("label")
    parameter_name = "label"
    field = "tag_items__tag"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        busiest = Label.objects.order_by(F("total__count").desc(nulls_last=True), "name")
        return [(str(pk), name) for pk, name in busiest.values_list("pk", "name")[:OFFERED]]


class SeriesFilter(NumberFilter):
    title = _("series")
    parameter_name = "series"
    field = "series"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [(str(pk), title) for pk, title in Series.objects.values_list("pk", "title")[:OFFERED]]


class AuthorFilter(admin.RelatedFieldListFilter):
    """Those who wrote something in this list; for who sees others' posts."""

    def field_choices(self, field: Field, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        listed = model_admin.get_queryset(request).order_by()
        # Of pages there are few, and of posts nearly everybody has one.
        if model_admin.model.KIND == Post.Kind.PAGE:
            wrote = Q(pk__in=listed.values("author"))
        else:
            wrote = Exists(listed.filter(author=OuterRef("pk")))
        wrote = User.objects.filter(wrote).order_by("username")
        return [(user.pk, user.name) for user in wrote.only("username", "first_name", "last_name", "display_name")]


class MonthFilter(admin.SimpleListFilter):
    """By when it came out or will: the months around today, or any other, or a day of one."""

    title = _("publish date")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        first = timezone.localdate(timezone=request.site.zone).replace(day=1)
        last, following = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
        offered = [(f"{at:%Y-%m}", date_format(at, "F Y")) for at in (following, first, last)]
        asked = self.value() or ""
        span = days_of(asked)
        if span and asked not in dict(offered):
            offered.append((asked, date_format(span[0], "F Y" if len(asked) == len("2026-12") else "j F Y")))
        return offered

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        span = days_of(self.value() or "")
        if span is None:
            return queryset
        begins, ends = (datetime(day.year, day.month, day.day, tzinfo=request.site.zone) for day in span)
        within = Q(published_at__gte=begins, published_at__lt=ends)
        return queryset.filter(_found_by(reduce(or_, (Q(within, status=status) for status in Status))))

    def choices(self, changelist: ChangeList) -> Iterator[dict]:
        every, *others = super().choices(changelist)
        yield every | {"display": _("Any time")}
        yield from others


def days_of(text: str) -> tuple[date, date] | None:
    """The first day of a month such as 2026-12, or a day such as 2026-12-24, and the first one after it."""
    is_day = len(text) == len("2026-12-24")
    try:
        first = date.fromisoformat(text if is_day else f"{text}-01")
        return first, first + timedelta(days=1) if is_day else (first + timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError):
        return None
