"""The dashboard: the one place where posts and comments meet on a desk."""

from datetime import timedelta, tzinfo

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from blog.admin import readings
from blog.admin.charts import YEAR, year_map
from blog.models import Mail, Post, ReviewNote, User
from blog.models.posts import LONG
from comments.models import Comment
from config.backup import schedule

SHOWN = 5
LATELY = 500  # rows that are looked through for what no index finds
MOST_IN_YEAR = 3_000  # posts on the map of a year
PATIENCE = timedelta(hours=1)  # with a mail server that is away
Status = Post.Status


def desk(request: HttpRequest) -> dict:
    """What needs this user now, as far as their rights go, and how it went lately: ten queries at most."""
    user, zone = request.user, request.site.zone
    return _posts(user) | _lately(user, zone) | _comments(user) | _mails(user) | _backups(user)


def _posts(user: User) -> dict:
    if not user.has_perm("blog.change_post"):
        return {}
    now = timezone.now()
    mine = Post.objects.owned_by(user)
    out = mine.filter(status=Status.PUBLISHED)
    found = _firsts_of(
        mine.filter(status=Status.DRAFT, author=user).order_by("-updated_at"),
        mine.filter(status=Status.IN_REVIEW).order_by("updated_at"),
        # With the kinds, or SQLite reads all that the author wrote.
        out.filter(published_at__gt=now, kind__in=Post.Kind.values).order_by("published_at", "pk"),
        out.filter(published_at__lte=now, kind=Post.Kind.POST).order_by("-published_at", "-pk"),
        _changed(out),
    )
    drafts = [post for post in found if post.status == Status.DRAFT and post.author_id == user.pk]
    in_review = [post for post in found if post.status == Status.IN_REVIEW]
    public = [post for post in found if post.status == Status.PUBLISHED]
    scheduled = [post for post in public if post.published_at > now]
    published = [post for post in public if post.published_at <= now and post.kind == Post.Kind.POST]
    return {
        "may_write": user.has_perm("blog.add_post"),
        "publishes": user.has_perm("blog.publish_post"),
        "sees_all": user.has_perm("blog.change_any_post"),
        "drafts": sorted(drafts, key=lambda post: post.updated_at, reverse=True)[:SHOWN],
        "in_review": sorted(in_review, key=lambda post: post.updated_at)[:SHOWN],
        "scheduled": sorted(scheduled, key=lambda post: (post.published_at, post.pk))[:SHOWN],
        "published": sorted(published, key=lambda post: (post.published_at, post.pk), reverse=True)[:SHOWN],
        "changed": sorted((post for post in public if post.draft_id), key=lambda post: -post.draft_id)[:SHOWN],
        "notes": _notes(user),
    }


def _firsts_of(*lists: QuerySet[Post]) -> list[Post]:
    """The first few posts of each list, found by one query, in no order."""
    # Each within a query of its own: SQLite takes no limit in the parts of a union.
    firsts = [Post.objects.filter(pk__in=some.values("pk")[:SHOWN]).order_by().values("pk") for some in lists]
    found = Post.objects.filter(pk__in=firsts[0].union(*firsts[1:], all=True))
    return list(found.select_related("author", "draft").defer(*LONG, "draft__content"))


def _changed(out: QuerySet[Post]) -> QuerySet[Post]:
    """Those with a change that waits, the newest first."""
    return out.filter(draft__isnull=False).order_by("-draft_id")


def _notes(user: User) -> QuerySet[ReviewNote]:
    """The newest that nobody has settled; of very many, among as many as one may look at."""
    some = ReviewNote.objects.filter(settled_at=None).order_by("post_id", "pk").values("pk")[:LATELY]
    notes = ReviewNote.objects.filter(pk__in=some).order_by("-pk")
    notes = notes if user.has_perm("blog.change_any_post") else notes.filter(post__author=user)
    return notes.select_related("post", "author").defer(*(f"post__{name}" for name in LONG))[:SHOWN]


def _lately(user: User, zone: tzinfo) -> dict:
    """How much was published and read, in days of the site's zone."""
    if not user.has_perm("blog.change_post"):
        return {}
    today = timezone.localdate(timezone=zone)
    since = timezone.now() - timedelta(days=YEAR + 1)
    out = Post.objects.owned_by(user).filter(status=Status.PUBLISHED, kind=Post.Kind.POST)
    out = out.filter(published_at__lte=timezone.now(), published_at__gte=since).order_by("-published_at", "-pk")
    moments = list(out.values_list("published_at", flat=True)[: MOST_IN_YEAR + 1])
    days = [moment.astimezone(zone).date() for moment in moments[:MOST_IN_YEAR]]
    return {
        "year": year_map("year", gettext("Posts of a year, day by day"), days, today),
        "most_in_year": MOST_IN_YEAR if len(moments) > MOST_IN_YEAR else 0,
    } | readings.on_desk(user, today)


def _comments(user: User) -> dict:
    if not (user.has_perm("comments.moderate_any_comment") or user.has_perm("comments.moderate_own_comment")):
        return {}
    long = ["body_html", *(f"post__{name}" for name in LONG)]
    mine = Comment.objects.moderated_by(user).select_related("post").defer(*long)
    waiting = mine.pending()
    return {
        "moderates": True,
        "waiting_count": waiting.count(),
        "waiting": waiting.reverse()[:SHOWN],
        "latest_comments": mine.filter(status=Comment.Status.APPROVED).order_by("-created_at", "-pk")[:SHOWN],
    }


def _mails(user: User) -> dict:
    if not user.is_superuser:
        return {}
    waiting, dead = Mail.Status.WAITING, Mail.Status.DEAD
    return Mail.objects.filter(status__in=[waiting, dead]).aggregate(
        dead_mails=Count("pk", filter=Q(status=dead)),
        mail_server_away=Min("unreached_at", filter=Q(status=waiting, unreached_at__lt=timezone.now() - PATIENCE)),
    )


def _backups(user: User) -> dict:
    if not (user.is_superuser and settings.BACKUP_DIR):
        return {}
    run = schedule.last_run()
    is_late = run.made_at is None or timezone.now() - run.made_at > schedule.LATE
    return {"backup_problem": run.problem, "backup_is_late": is_late, "backup_made_at": run.made_at}
