"""What the queue shows: tabs with counts, the comments of one page, and what is known of their writers."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from blog.paging import Cursor
from comments.models import Comment
from comments.models.comment import CommentQuerySet

PAGE_SIZE = 25
QUERY_LENGTH = 100
Status = Comment.Status

TABS = {
    Status.PENDING: _("Pending"),
    Status.SPAM: _("Spam"),
    Status.APPROVED: _("Approved"),
    Status.REJECTED: _("Rejected"),
    Status.REMOVED: _("Removed"),
}


@dataclass(frozen=True)
class Place:
    """Where in the queue a moderator is: read from and written to a query string, so that verbs lead back to it."""

    status: str = Status.PENDING
    q: str = ""
    by: int = 0  # a comment: only those of its writer
    older: Cursor | None = None  # the page of what is older than this ...
    newer: Cursor | None = None  # ... or newer

    @classmethod
    def read(cls, query: QueryDict) -> "Place":
        """What is not understood is left out: an address that was cut short still leads to the queue."""
        status, by = query.get("status", ""), query.get("by", "")
        return cls(
            status=status if status in TABS else Status.PENDING,
            q=" ".join(query.get("q", "").replace("\0", "").split())[:QUERY_LENGTH],
            by=int(by) if by.isascii() and by.isdigit() and len(by) < 19 else 0,
            older=_cursor(query.get("older", "")),
            newer=_cursor(query.get("newer", "")),
        )

    def query(self) -> str:
        """This place as a query string, with its question mark."""
        said = {key: str(getattr(self, key) or "") for key in ("status", "q", "by", "older", "newer")}
        return "?" + urlencode({key: value for key, value in said.items() if value})

    def tab(self, status: str) -> "Place":
        return replace(self, status=status, older=None, newer=None)

    @property
    def filtered(self) -> bool:
        return bool(self.q or self.by)

    @property
    def oldest_first(self) -> bool:
        return self.status == Status.PENDING


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.parse(text)
    except ValueError:
        return None


@dataclass
class Tab:
    status: str
    label: str
    count: int
    query: str
    current: bool
    oldest: datetime | None


@dataclass
class Page:
    comments: list[Comment] = field(default_factory=list)
    older: Place | None = None
    newer: Place | None = None


@dataclass
class Record:
    """The other comments of the same account or, proved by nothing, of the same typed e-mail address."""

    counts: dict[str, int]
    first: datetime | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def matching(comments: CommentQuerySet, place: Place) -> CommentQuerySet:
    """Those of `comments` that the place's filter lets through, whatever their status."""
    if place.by:
        one = comments.filter(pk=place.by).first()
        comments = _by_writer_of(one, comments) if one else comments.none()
    for word in place.q.split():
        comments = comments.filter(
            Q(body__icontains=word)
            | Q(author_name__icontains=word)
            | Q(author_email__icontains=word)
            | Q(post__title__icontains=word)
        )
    return comments


def _by_writer_of(comment: Comment, comments: CommentQuerySet) -> CommentQuerySet:
    if comment.user_id:
        return comments.filter(user=comment.user_id)
    if comment.author_email:
        return _guests(comments).filter(typed=comment.author_email.lower())
    return comments.filter(pk=comment.pk)


def _guests(comments: CommentQuerySet) -> CommentQuerySet:
    return comments.filter(user=None).alias(typed=Lower("author_email"))


def tabs(comments: CommentQuerySet, place: Place) -> list[Tab]:
    """Every tab with its exact count, in one query."""
    rows = comments.order_by().values("status").annotate(count=Count("pk"), oldest=Min("created_at"))
    found = {row["status"]: row for row in rows}
    return [
        Tab(
            status=status,
            label=label,
            count=found[status]["count"] if status in found else 0,
            query=place.tab(status).query(),
            current=status == place.status,
            oldest=found[status]["oldest"] if status in found else None,
        )
        for status, label in TABS.items()
    ]


def page(comments: CommentQuerySet, place: Place) -> Page:
    """One page, in the tab's order. A page that has become empty under the moderator's hands gives way to the first."""
    comments = comments.filter(status=place.status)
    rows, more = _read(comments, place)
    if not rows and (place.older or place.newer):
        place = place.tab(place.status)
        rows, more = _read(comments, place)
    if not rows:
        return Page()
    going_newer = _goes_newer(place)
    oldest, newest = (rows[0], rows[-1]) if place.oldest_first else (rows[-1], rows[0])
    # The way we came from is known to exist only if there was a cursor; the other way, if one more row was found.
    came = bool(place.older or place.newer)
    older_exists, newer_exists = (came, more) if going_newer else (more, came)
    return Page(
        rows,
        older=replace(place, older=_at(oldest), newer=None) if older_exists else None,
        newer=replace(place, newer=_at(newest), older=None) if newer_exists else None,
    )


def following(comments: CommentQuerySet, place: Place, decided: Comment) -> Comment | None:
    """The comment after the decided one in the tab's order: where the moderator goes on."""
    comments = comments.filter(status=place.status)
    if place.oldest_first:
        return comments.filter(_newer(_at(decided))).order_by("created_at", "pk").only("pk").first()
    return comments.filter(_at(decided).older("created_at")).order_by("-created_at", "-pk").only("pk").first()


def _goes_newer(place: Place) -> bool:
    return bool(place.newer) or (place.oldest_first and not place.older)


def _read(comments: CommentQuerySet, place: Place) -> tuple[list[Comment], bool]:
    comments = comments.select_related("post", "parent", "user").defer(
        "post__body",
        "post__body_html",
        "post__body_text",
        "post__toc",
        "parent__body_html",
        "user__bio",
        "user__password",
    )
    if place.newer:
        comments = comments.filter(_newer(place.newer))
    elif place.older:
        comments = comments.filter(place.older.older("created_at"))
    going_newer = _goes_newer(place)
    order = ("created_at", "pk") if going_newer else ("-created_at", "-pk")
    rows = list(comments.order_by(*order)[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return (rows if going_newer == place.oldest_first else rows[::-1]), more


def _at(comment: Comment) -> Cursor:
    return Cursor(comment.created_at, comment.pk)


def _newer(cursor: Cursor) -> Q:
    return Q(created_at__gte=cursor.at) & (Q(created_at__gt=cursor.at) | Q(pk__gt=cursor.pk))


def add_records(rows: list[Comment], comments: CommentQuerySet) -> None:
    """Gives each row its writer's record among `comments` as `row.record`: two queries, whatever the page."""
    accounts = _counted(comments, "user_id", {row.user_id for row in rows if row.user_id})
    emails = {row.author_email.lower() for row in rows if not row.user_id and row.author_email}
    typed = _counted(_guests(comments), "typed", emails)
    for row in rows:
        known = accounts.get(row.user_id) if row.user_id else typed.get(row.author_email.lower())
        counts, first = known or ({}, None)
        counts = counts | {row.status: max(counts.get(row.status, 0) - 1, 0)}
        row.record = Record({status: counts.get(status, 0) for status in TABS}, first)


def _counted(comments: CommentQuerySet, key: str, values: set) -> dict:
    if not values:
        return {}
    known: dict = {}
    rows = comments.filter(**{f"{key}__in": values}).order_by().annotate(writer=F(key)).values("writer", "status")
    for row in rows.annotate(count=Count("pk"), first=Min("created_at")):
        counts, first = known.get(row["writer"], ({}, row["first"]))
        known[row["writer"]] = (counts | {row["status"]: row["count"]}, min(first, row["first"]))
    return known
