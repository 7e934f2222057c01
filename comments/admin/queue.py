"""Which comments the queue shows: tabs, filters, pages. What stands beside each of them is in cases.py."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from blog.admin.bounded import in_words
from blog.ids import number
from blog.models import Label, Post
from blog.paging import Cursor
from comments import search
from comments.counts import REPORTED
from comments.models import Comment, CommentReason
from comments.models.comment import CommentQuerySet
from comments.policy import REASONS

PAGE_SIZE = 25
QUERY_LENGTH = 100
PLACE_LENGTH = 3_000
COUNTED = 1_000  # with a filter, a tab is counted up to here
POSTS_LISTED = 500
Status = Comment.Status

TABS = {
    Status.PENDING: _("Pending"),
    REPORTED: _("Reported"),
    Status.SPAM: _("Spam"),
    Status.APPROVED: _("Approved"),
    Status.REJECTED: _("Rejected"),
    Status.REMOVED: _("Removed"),
}


@dataclass(frozen=True)
class Place:
    """Where in the queue a moderator is: read from and written to a query string, so that verbs lead back to it."""

    status: str = Status.PENDING  # the tab
    q: str = ""
    reason: str = ""  # a code of policy.REASONS
    label: str = ""  # its slug; or, as typed, its name
    post: int = 0
    by: int = 0  # a comment: only those of its writer
    newest: int = 0  # a comment: none that came after it
    older: Cursor | None = None  # the page of what is older than this ...
    newer: Cursor | None = None  # ... or newer

    @classmethod
    def read(cls, query: QueryDict) -> "Place":
        """What is not understood is left out: an address that was cut short still leads to the queue."""
        status, reason = query.get("status", ""), query.get("reason", "")
        return cls(
            status=status if status in TABS else Status.PENDING,
            q=_line(query.get("q", "")),
            reason=reason if reason in REASONS else "",
            label=_line(query.get("label", "")),
            post=number(query.get("post", "")),
            by=number(query.get("by", "")),
            newest=number(query.get("newest", "")),
            older=_cursor(query.get("older", "")),
            newer=_cursor(query.get("newer", "")),
        )

    @classmethod
    def parse(cls, text: str) -> "Place":
        """From what query() wrote; a form brings it back, so it may be anything."""
        return cls.read(QueryDict(text[:PLACE_LENGTH].lstrip("?")))

    def query(self) -> str:
        """This place as a query string, with its question mark."""
        said = {each.name: str(getattr(self, each.name) or "") for each in fields(self)}
        return "?" + urlencode({key: value for key, value in said.items() if value})

    def start(self) -> "Place":
        """The first page of the same tab and filter."""
        return replace(self, older=None, newer=None)

    def tab(self, status: str) -> "Place":
        return replace(self.start(), status=status)

    def unfiltered(self) -> "Place":
        return Place(status=self.status)

    @property
    def filtered(self) -> bool:
        return bool(self.q or self.reason or self.label or self.post or self.by)

    @property
    def oldest_first(self) -> bool:
        return self.status in (Status.PENDING, REPORTED)

    @property
    def comment_status(self) -> str:
        """The status of the tab's comments: the reported ones are approved."""
        return Status.APPROVED if self.status == REPORTED else self.status

    @property
    def key(self) -> tuple[str, str]:
        """What the tab is sorted by, where its index has it."""
        if self.status == REPORTED:
            return "reported_at", "pk"
        return ("reason_at", "reason_pk") if self.reason and not self.q else ("created_at", "pk")

    def at(self, comment: Comment) -> Cursor:
        at = comment.reported_at if self.status == REPORTED else None
        return Cursor(at or comment.created_at, comment.pk)


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:QUERY_LENGTH]


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.parse(text)
    except ValueError:
        return None


@dataclass
class Tab:
    status: str
    label: str
    count: int | None  # None: not counted
    more: bool  # than the count says
    query: str
    current: bool

    @property
    def in_words(self) -> str:
        return in_words(self.count, self.more)


@dataclass
class Page:
    comments: list[Comment] = field(default_factory=list)
    older: Place | None = None
    newer: Place | None = None


def selected(comments: CommentQuerySet, place: Place) -> CommentQuerySet:
    """Those of `comments` that stand in the place's tab and that its filter lets through, on whatever page."""
    if place.by:
        one = comments.filter(pk=place.by).first()
        comments = _by_writer_of(one, comments) if one else comments.none()
    if place.post:
        comments = comments.filter(post=place.post)
    if place.label:
        label = find_label(place.label)
        comments = under(comments, Post.objects.filter(tag_items__tag=label)) if label else comments.none()
    if place.reason:
        comments = _for_reason(comments, place)
    if place.newest:
        comments = comments.filter(pk__lte=place.newest)
    if place.status == REPORTED:
        # Only approved ones are; said again, the status would lead SQLite away from the index.
        comments = comments.filter(reported_at__isnull=False)
    else:
        comments = comments.filter(status=place.status)
    return search.matching(comments, place.q, place.newest or None) if place.q else comments


def _for_reason(comments: CommentQuerySet, place: Place) -> CommentQuerySet:
    if place.status == REPORTED:
        # Few of many: each is looked up, with all that the index by reason is sorted by.
        row = {"status": Status.APPROVED, "created_at": OuterRef("created_at"), "comment": OuterRef("pk")}
        return comments.filter(Exists(CommentReason.objects.filter(code=place.reason, **row)))
    comments = comments.filter(reason_rows__code=place.reason, reason_rows__status=place.comment_status)
    # Under names of their own: each further filter on the rows themselves would join them once more.
    return comments.alias(reason_at=F("reason_rows__created_at"), reason_pk=F("reason_rows__comment_id"))


def find_label(text: str) -> Label | None:
    return Label.objects.filter(slug=text).first() or Label.objects.filter(name__iexact=text).first()


def under(comments: CommentQuerySet, posts) -> CommentQuerySet:
    """Those under these posts: few posts are named one by one, so that the index by post serves."""
    ids = list(posts.order_by().values_list("pk", flat=True)[: POSTS_LISTED + 1])
    if len(ids) <= POSTS_LISTED:
        return comments.filter(post__in=ids)
    return comments.filter(Exists(posts.filter(pk=OuterRef("post"))))


def _by_writer_of(comment: Comment, comments: CommentQuerySet) -> CommentQuerySet:
    if comment.is_proved or comment.author_email:
        return comments.by_writer_of(comment)
    return comments.filter(pk=comment.pk)


def tabs(matching: CommentQuerySet, place: Place, counts: dict[str, int]) -> list[Tab]:
    """Every tab, with its exact count of `counts`; under a filter only the current one is counted, up to a bound.

    `matching`, here and below, is what selected() gave for this place.
    """
    if place.filtered:
        counts = {place.status: matching.order_by()[: COUNTED + 1].count()}
    return [
        Tab(
            status=status,
            label=label,
            count=min(counts[status], COUNTED) if place.filtered and status in counts else counts.get(status),
            more=place.filtered and counts.get(status, 0) > COUNTED,
            query=place.tab(status).query(),
            current=status == place.status,
        )
        for status, label in TABS.items()
    ]


def oldest_waiting(comments: CommentQuerySet) -> datetime | None:
    return comments.pending().values_list("created_at", flat=True).first()


def page(matching: CommentQuerySet, place: Place) -> Page:
    """One page, in the tab's order. A page that has become empty under the moderator's hands gives way to the first."""
    ids, more = _ids(matching, place)
    if not ids and (place.older or place.newer):
        place = place.start()
        ids, more = _ids(matching, place)
    if not ids:
        return Page()
    rows = read(ids)
    going_newer = _goes_newer(place)
    oldest, newest = (rows[0], rows[-1]) if place.oldest_first else (rows[-1], rows[0])
    # The way we came from is known to exist only if there was a cursor; the other way, if one more row was found.
    came = bool(place.older or place.newer)
    older_exists, newer_exists = (came, more) if going_newer else (more, came)
    return Page(
        rows,
        older=replace(place, older=place.at(oldest), newer=None) if older_exists else None,
        newer=replace(place, newer=place.at(newest), older=None) if newer_exists else None,
    )


def neighbour(matching: CommentQuerySet, place: Place, decided: list[Comment]) -> int | None:
    """Where the moderator goes on after these: at the comment that follows in the tab, else the one before."""
    matching = matching.exclude(pk__in=[comment.pk for comment in decided])
    cursors = sorted(map(place.at, decided), key=lambda cursor: (cursor.at, cursor.pk))
    newer = matching.filter(cursors[-1].newer(*place.key)).order_by(*_order(place, newer=True))
    older = matching.filter(cursors[0].older(*place.key)).order_by(*_order(place, newer=False))
    after, before = (newer, older) if place.oldest_first else (older, newer)
    return after.values_list("pk", flat=True).first() or before.values_list("pk", flat=True).first()


def read(ids: list[int]) -> list[Comment]:
    """These comments, in this order, with what the queue shows of them and without the long columns."""
    comments = Comment.objects.select_related("post", "parent", "user__commenter", "commenter").defer(
        "post__body",
        "post__body_html",
        "post__body_text",
        "post__toc",
        "parent__body_html",
        "user__bio",
        "user__password",
    )
    found = {comment.pk: comment for comment in comments.filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


def _goes_newer(place: Place) -> bool:
    return bool(place.newer) or (place.oldest_first and not place.older)


def _order(place: Place, newer: bool) -> list[str]:
    return [key if newer else f"-{key}" for key in place.key]


def _ids(matching: CommentQuerySet, place: Place) -> tuple[list[int], bool]:
    """The page's comments, and whether more follow. Ids alone, which an index has: no long row is read to be sorted."""
    if place.newer:
        matching = matching.filter(place.newer.newer(*place.key))
    elif place.older:
        matching = matching.filter(place.older.older(*place.key))
    going_newer = _goes_newer(place)
    ids = list(matching.order_by(*_order(place, going_newer)).values_list("pk", flat=True)[: PAGE_SIZE + 1])
    more, ids = len(ids) > PAGE_SIZE, ids[:PAGE_SIZE]
    return (ids if going_newer == place.oldest_first else ids[::-1]), more


def labels_offered() -> list[str]:
    """For the filter's field: the first names of the alphabet, where a site has very many."""
    return list(Label.objects.order_by("name").values_list("name", flat=True)[:200])
