"""What the page of a commenter shows of what they wrote: how much became of what, and the newest comments."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from comments.admin import queue
from comments.models import Comment, Commenter, Subscription
from comments.models.comment import NEWEST
from comments.standing import LOOKED_AT

LISTED = 20
WITHDRAWN = "withdrawn"
Status = Comment.Status
NAMES = {
    Status.APPROVED: _("approved"),
    Status.PENDING: _("waiting"),
    Status.REJECTED: _("rejected"),
    Status.SPAM: _("spam"),
    Status.REMOVED: _("removed"),
    WITHDRAWN: _("withdrawn by themselves"),
}


@dataclass
class Part:
    name: str
    count: int
    query: str  # the queue with these alone


@dataclass
class History:
    parts: list[Part] = field(default_factory=list)
    is_bounded: bool = False  # there are more than were counted
    newest: list[Comment] = field(default_factory=list)
    follows: int = 0  # threads


def history_of(commenter: Commenter) -> History:
    rows = list(commenter.comments().order_by(*NEWEST).values_list("pk", "status", "withdrawn_at")[: LOOKED_AT + 1])
    counts = Counter(WITHDRAWN if withdrawn_at else status for _pk, status, withdrawn_at in rows[:LOOKED_AT])
    parts = [Part(name, counts[key], _query(key, rows[0][0])) for key, name in NAMES.items() if counts[key]]
    follows = Subscription.objects.filter(commenter=commenter).count() if commenter.is_kept else 0
    newest = queue.read([pk for pk, *_rest in rows[:LISTED]]) if rows else []
    return History(parts, len(rows) > LOOKED_AT, newest, follows)


def _query(key: str, by: int) -> str:
    return queue.Place(status=Status.REMOVED if key == WITHDRAWN else key, by=by).query()
