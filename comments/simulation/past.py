"""What was there at one moment of the past, held in memory: answers the policy's questions (comments/history.py) as the
database would have at that moment.

The log says what happened, in the order of its time. A comment's status then is what the next event after that moment
found, or what it is now; its words are those that an edit kept beside the log. What is deleted by now is not known.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from comments import blocking, standing
from comments.earlier import COMPARED
from comments.history import History
from comments.models import Comment, Commenter, CommentSettings, SpamSample
from comments.standing import LOOKED_AT, Standing

Moment = tuple[datetime, float]  # an event's time, and its number among those of the same time
Key = tuple  # whom a writer is known by
NOT_THERE = (Comment.Status.REMOVED, Comment.Status.REJECTED)  # their words may be said again
UNBLOCKED = Commenter()


@dataclass(slots=True, eq=False)
class Earlier:
    """A comment as it is at the moment of the replay."""

    pk: int
    created_at: datetime
    post_id: int
    parent_id: int | None
    user_id: int | None
    commenter_id: int | None
    name: str
    email: str
    network: str
    status: str
    withdrawn_at: datetime | None = None
    words: int = 0  # a hash

    @property
    def order(self) -> tuple[datetime, int]:
        return self.created_at, self.pk

    def keys(self) -> list[Key]:
        """By whom its writer is found: comments/earlier.py, Comment.objects.by_writer_of."""
        if self.user_id:
            return [("user", self.user_id)]
        by_name = ("name", self.post_id, self.name)
        if self.commenter_id:
            return [("commenter", self.commenter_id), by_name]
        return [("email", self.email.lower()), by_name] if self.email else [by_name]


def key_of(comment: Comment) -> Key:
    """By what the writer of a comment that comes is known."""
    if comment.user_id:
        return ("user", comment.user_id)
    if comment.commenter_id:
        return ("commenter", comment.commenter_id)
    if comment.author_email:
        return ("email", comment.author_email.lower())
    return ("name", comment.post_id, comment.author_name)


@dataclass(slots=True, eq=False)
class Happening:
    """What changed an earlier comment, and when. What stays as it was is None."""

    at: Moment
    row: Earlier
    arrives: bool = False
    status: str | None = None
    withdrawn_at: datetime | None = None
    words: int | None = None
    commenter_id: int | None = None


class Past(History):
    """`rows` are there at the beginning; `happenings` change them. Of writers and networks that are not in `wanted`
    nothing is remembered."""

    def __init__(
        self,
        rows: Iterable[Earlier],
        happenings: Iterable[Happening],
        wanted: set[Key],
        commenters: Iterable[Commenter],
        samples: dict[int, SpamSample],
    ) -> None:
        self.wanted, self.samples, self.table = wanted, samples, blocking.current()
        self.commenters = {commenter.pk: commenter for commenter in commenters}
        self.accounts = {commenter.user_id: commenter for commenter in self.commenters.values() if commenter.user_id}
        self.by_writer: dict[Key, list[Earlier]] = defaultdict(list)
        self.by_network: dict[str, list[datetime]] = defaultdict(list)
        self.ahead = sorted(happenings, key=attrgetter("at"), reverse=True)
        for row in sorted(rows, key=attrgetter("order")):
            for key in wanted.intersection(row.keys()):
                self.by_writer[key].append(row)
            if ("network", row.network) in wanted:
                self.by_network[row.network].append(row.created_at)

    def move_to(self, moment: Moment) -> None:
        """All that happened before this moment has happened. Moments only go forward."""
        while self.ahead and self.ahead[-1].at < moment:
            self._happen(self.ahead.pop())

    def _happen(self, one: Happening) -> None:
        row = one.row
        if one.commenter_id:
            self._forget(row)
            row.commenter_id = one.commenter_id
            self._remember(row, is_new=False)
        if one.status is not None:
            row.status = one.status
        if one.withdrawn_at is not None:
            row.withdrawn_at = one.withdrawn_at
        if one.words is not None:
            row.words = one.words
        if one.arrives:
            self._remember(row)

    def _remember(self, row: Earlier, is_new: bool = True) -> None:
        for key in self.wanted.intersection(row.keys()):
            insort(self.by_writer[key], row, key=attrgetter("order"))
        if is_new and ("network", row.network) in self.wanted:
            insort(self.by_network[row.network], row.created_at)

    def _forget(self, row: Earlier) -> None:
        for key in self.wanted.intersection(row.keys()):
            self.by_writer[key].remove(row)

    # The questions.

    def standing(self, comment: Comment, settings: CommentSettings, needed: int, now: datetime) -> Standing:
        if not comment.is_proved:
            return Standing()
        newest = self.by_writer[key_of(comment)][: -LOOKED_AT - 1 : -1]
        rows = ((row.status, row.withdrawn_at, row.created_at) for row in newest)
        return standing.standing_from(rows, self._commenter(comment, now), settings, needed, now)

    def _commenter(self, comment: Comment, now: datetime) -> Commenter:
        """With a block only if there was one already."""
        found = self.commenters.get(comment.commenter_id) or self.accounts.get(comment.user_id)
        return found if found and found.blocked_at and found.blocked_at <= now else UNBLOCKED

    def has_same_words(self, comment: Comment) -> bool:
        words = hash(comment.body)
        for row in self.by_writer[key_of(comment)][: -COMPARED - 1 : -1]:
            if row.words != words or row.post_id != comment.post_id or row.parent_id != comment.parent_id:
                continue
            is_theirs = comment.is_proved or row.name.casefold() == comment.author_name.casefold()
            if is_theirs and row.status not in NOT_THERE:
                return True
        return False

    def newest(self, comment: Comment, network: str, since: datetime, now: datetime) -> datetime | None:
        by_writer = self.by_writer[key_of(comment)] if comment.is_proved or comment.author_email else []
        found = [
            at
            for at in (
                _last(by_writer, since, now, attrgetter("created_at")),
                _last(self.by_network[network], since, now) if network else None,
            )
            if at
        ]
        return max(found, default=None)

    def block_rules(self) -> blocking.Table:
        """Those of today."""
        return self.table

    def sample(self, comment: Comment, facts) -> SpamSample | None:
        """As it was scored when it came."""
        return self.samples.get(comment.pk)


def _last(rows: list, since: datetime, now: datetime, key=None) -> datetime | None:
    place = bisect_right(rows, now, key=key)
    last = rows[place - 1] if place else None
    at = key(last) if key and last else last
    return at if at and at > since else None
