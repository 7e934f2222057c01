"""What the desk says of reads (blog/reads.py): sums on the dashboard, and each post's own page of them."""

from datetime import date

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from blog.admin.beside import of_post, page
from blog.admin.charts import bars, days_until
from blog.models import MonthReads, Post, PostReads, Referrer, SiteReads, User

DAYS_ON_DESK = 30
DAYS_OF_POST = 90
MONTHS_OF_POST = 24
MOST_READ = 10
OWN_POSTS = 200  # of an author, the newest, whose reads are summed up


def urls(admin: ModelAdmin) -> list[URLPattern]:
    return [path("<int:pk>/reads/", of_post(admin, reads), name=f"blog_{admin.model.KIND}_reads")]


@require_safe
def reads(request: HttpRequest, admin: ModelAdmin, post: Post) -> HttpResponse:
    """How often one post or page is read, and of `?month=2026-03` (or the newest) where its readers came from."""
    days = days_until(timezone.localdate(timezone=request.site.zone), DAYS_OF_POST)
    counts = dict(PostReads.objects.filter(post=post.pk, day__gte=days[0]).values_list("day", "count"))
    months = list(MonthReads.objects.filter(post=post.pk).order_by("-month")[:MONTHS_OF_POST])
    asked = [row for row in months if f"{row.month:%Y-%m}" == request.GET.get("month")]
    chosen = next(iter(asked or months), None)
    hosts = list(Referrer.objects.filter(post=post.pk, month=chosen.month).order_by("-count", "host") if chosen else [])
    # One may have been counted between the two questions.
    unsaid = max(chosen.count - sum(row.count for row in hosts), 0) if chosen else 0
    context = {
        "title": gettext("Reads"),
        "chart": bars("days", _title(days), counts, days),
        "months": months,
        "chosen": chosen,
        "hosts": hosts,
        "unsaid": unsaid,
    }
    return page(request, admin, post, "reads", context)


def on_desk(user: User, today: date) -> dict:
    """The last days, of the whole site or of the user's own posts, and what is read most this month."""
    sees_all = user.has_perm("blog.change_any_post")
    own = Post.objects.published().filter(author=user).values("pk")[:OWN_POSTS]
    days = days_until(today, DAYS_ON_DESK)
    most = MonthReads.objects.filter(month=today.replace(day=1)).order_by("-count").select_related("post")
    most = most if sees_all else most.filter(post__in=own)
    return {
        "reads": bars("reads", _title(days), _of_site(days[0]) if sees_all else _of_posts(own, days[0]), days),
        "own_posts": OWN_POSTS,
        "most_read": most.only("month", "count", "post__title", "post__kind")[:MOST_READ],
    }


def _title(days: list[date]) -> str:
    return gettext("Reads on each of the last %(days)d days") % {"days": len(days)}


def _of_site(first: date) -> dict[date, int]:
    return dict(SiteReads.objects.filter(day__gte=first).values_list("day", "count"))


def _of_posts(posts: QuerySet[Post], first: date) -> dict[date, int]:
    rows = PostReads.objects.filter(post__in=posts, day__gte=first)
    return dict(rows.order_by().values_list("day").annotate(Sum("count")))
