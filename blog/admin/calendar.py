"""A month of posts, those that are out and those that are scheduled, with room to write for the days to come."""

from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from blog.admin.filters import days_of
from blog.models import Post

Status = Post.Status

A_DAY = 5  # posts that a day shows; the list has them all
DRAFTS = 20
WRITTEN_AT = time(9)  # a post for a day to come is proposed for the morning
YEARS = range(1900, 2200)


@dataclass
class Day:
    date: date
    in_month: bool
    is_today: bool
    is_to_come: bool
    written_at: str  # what the form for a new post of that day begins with; empty: now
    posts: list[Post] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.posts)


def calendar_of(admin: ModelAdmin) -> Callable[[HttpRequest], HttpResponse]:
    @require_safe
    def calendar(request: HttpRequest) -> HttpResponse:
        if not admin.has_view_or_change_permission(request):
            raise PermissionDenied
        zone: ZoneInfo = request.site.zone
        today = timezone.localdate(timezone=zone)
        asked = days_of(request.GET.get("month", "")[: len("2026-12")])
        first = asked[0] if asked and asked[0].year in YEARS else today.replace(day=1)
        weeks = _weeks(first, today, zone, _first_weekday(request.site.language))
        _fill(weeks, admin.get_queryset(request), first, zone)
        drafts = admin.get_queryset(request).filter(author=request.user, status__in=[Status.DRAFT, Status.IN_REVIEW])
        context = admin.admin_site.each_context(request) | {
            "title": gettext("Calendar"),
            "opts": admin.opts,
            "first": first,
            "weeks": weeks,
            "weekdays": [day.date for day in weeks[0]],
            "earlier": (first - timedelta(days=1)).replace(day=1),
            "later": (first + timedelta(days=31)).replace(day=1),
            "this_month": today.replace(day=1),
            "may_write": admin.has_add_permission(request),
            "zone": zone,
            "drafts": drafts.only("title", "kind", "status", "expires_at").order_by("-updated_at", "-pk")[:DRAFTS],
        }
        return TemplateResponse(request, "admin/blog/post/calendar.html", context)

    return calendar


def _first_weekday(language: str) -> int:
    """As Python counts, from Monday; the formats count from Sunday."""
    return (get_format("FIRST_DAY_OF_WEEK", lang=language, use_l10n=True) - 1) % 7


def _weeks(first: date, today: date, zone: ZoneInfo, first_weekday: int) -> list[list[Day]]:
    return [
        [Day(day, day.month == first.month, day == today, day >= today, _written_at(day, zone)) for day in week]
        for week in Calendar(first_weekday).monthdatescalendar(first.year, first.month)
    ]


def _written_at(day: date, zone: ZoneInfo) -> str:
    """The morning of that day on the site, as the form takes it: in the writer's own time. None that is over, or what
    is written today would stand below what came out since."""
    morning = datetime.combine(day, WRITTEN_AT, zone)
    return f"{timezone.localtime(morning):%Y-%m-%dT%H:%M}" if morning > timezone.now() else ""


def _fill(weeks: list[list[Day]], posts: QuerySet[Post], first: date, zone: ZoneInfo) -> None:
    """Gives each day of the month its first posts, and how many it has in all: one query, at most 5 rows a day."""
    days = {day.date: day for week in weeks for day in week if day.in_month}
    begins, ends = min(days), max(days) + timedelta(days=1)
    by_day = {"partition_by": [F("day")]}
    rows = (
        posts.filter(
            status=Status.PUBLISHED,
            published_at__gte=datetime.combine(begins, time.min, zone),
            published_at__lt=datetime.combine(ends, time.min, zone),
        )
        .annotate(day=TruncDate("published_at", tzinfo=zone))
        .annotate(
            place=Window(RowNumber(), order_by=["published_at", "pk"], **by_day),
            count=Window(Count("pk"), **by_day),
        )
        .filter(place__lte=A_DAY)
        .only("title", "kind", "status", "published_at", "expires_at")
        .order_by("published_at", "pk")
    )
    for post in rows:
        post.at = timezone.localtime(post.published_at, zone).time()
        days[post.day].posts.append(post)
        days[post.day].count = post.count
