"""What a past (past.py) is made of: stored comments, taken back by the log to what they were."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple

from blog.prepared import Given, Prepared
from comments.earlier import COMPARED
from comments.models import Comment, Commenter, ModerationEvent
from comments.models.comment import NEWEST
from comments.simulation.log import Event, chunks, versions
from comments.simulation.past import Earlier, Happening, Key, Moment

SPARE = 20  # comments of one writer that are read beyond those that count: they may have come later
WITHDRAWN = ("withdrawn", "erased")
UNPROVED = "first_time:guest"  # what the policy says of who has not proved who it is


class Stored(NamedTuple):
    """A comment's row as it is now."""

    pk: int
    created_at: datetime
    post_id: int
    parent_id: int | None
    user_id: int | None
    commenter_id: int | None
    author_name: str
    author_email: str
    address_digest: str
    status: str
    withdrawn_at: datetime | None
    reasons: list = ()  # of comments that were there at the beginning nobody asks

    def keys(self) -> set[Key]:
        """By whom its writer may have been known, then or now."""
        return {
            ("user", self.user_id),
            ("commenter", self.commenter_id),
            ("email", self.author_email.lower()),
            ("name", self.post_id, self.author_name),
            ("network", self.address_digest),
        }


FIELDS = Stored._fields
EARLIER = FIELDS[:-1]


def before(
    wanted: set[Key], commenters: Iterable[Commenter], until: datetime, flood_since: datetime
) -> dict[int, Stored]:
    """What these writers sent until then, as far as the policy looks back; and these networks, since `flood_since`."""
    by_email = {commenter.email: commenter.pk for commenter in commenters if commenter.email}
    found: dict[int, Stored] = {}
    for kind, *key in wanted:
        if kind == "network":
            continue
        rows = _earlier(kind)(until=until, **dict(zip(("key", "name"), key, strict=False)))
        if kind == "email" and key[0] in by_email:  # who has proved it since may not have then
            rows += _earlier("commenter")(until=until, key=by_email[key[0]])
        found |= {row[0]: Stored(*row) for row in rows}
    digests = [key[1] for key in wanted if key[0] == "network"]
    for chunk in chunks(digests):
        rows = Comment.objects.filter(address_digest__in=chunk, created_at__gt=flood_since, created_at__lte=until)
        found |= {row[0]: Stored(*row) for row in rows.values_list(*EARLIER)}
    return found


@cache
def _earlier(kind: str) -> Prepared:
    comments = {
        "user": lambda: Comment.objects.filter(user=Given("key")),
        "commenter": lambda: Comment.objects.filter(commenter=Given("key")),
        "email": lambda: Comment.objects.unproved().filter(typed=Given("key")),
        "name": lambda: Comment.objects.filter(user=None, post=Given("key"), author_name=Given("name")),
    }[kind]
    size = COMPARED + SPARE
    rows = comments().filter(created_at__lte=Given("until")).order_by(*NEWEST)
    return Prepared(lambda: rows.values_list(*EARLIER)[:size])


def meanwhile(wanted: set[Key], start: Moment, end: Moment) -> dict[int, Stored]:
    """What these writers sent between two moments, by the form or not."""
    came = ModerationEvent.objects.filter(from_status="", at__range=(start[0], end[0])).exclude(to_status="")
    found: dict[int, Stored] = {}
    for chunk in chunks(came.order_by("at", "pk").values_list("comment_id", flat=True).iterator(chunk_size=2_000)):
        for row in Comment.objects.filter(pk__in=chunk).values_list(*FIELDS):
            if not wanted.isdisjoint((one := Stored(*row)).keys()):
                found[one.pk] = one
    return found


def proved_since(one: Stored, events: list[Event], commenters: dict[int, Commenter]) -> Moment | None:
    """From when on it was known who wrote a comment; None if nobody proved it, or it was known when it came.

    The log names the moment only where the proof had the comment approved. Else it is that at which the address was
    proved for the first time; or, of a later comment that came without proof, that at which it came.
    """
    if one.commenter_id is None:
        return None
    for event in events:
        if event.reason == "proved":
            return event.moment
    commenter = commenters.get(one.commenter_id)
    if commenter and commenter.proved_at > one.created_at:
        return commenter.proved_at, 0
    if any(reason.startswith(UNPROVED) for reason in one.reasons):
        return one.created_at, 0
    return None


def replayed(
    one: Stored, events: list[Event], texts: tuple[str, dict[int, str]] | None, start: Moment, since: Moment | None
) -> tuple[Earlier | None, list[Happening]]:
    """The comment as it was at `start` (None: not there yet), and what happened to it after: its `events`.

    `texts` are its words now, and those before edits; None where nobody asks for its words. It was proved `since`.
    """
    arrives = bool(events) and events[0].is_arrival
    edits = [event for event in events if event.is_edit]
    words = [hash(text) for text in versions(texts[0], edits, texts[1])] if texts else [0] * (len(edits) + 1)
    withdrawn = next((event for event in events if event.reason in WITHDRAWN), None)
    row = Earlier(
        pk=one.pk,
        created_at=one.created_at,
        post_id=one.post_id,
        parent_id=one.parent_id,
        user_id=one.user_id,
        commenter_id=None if since and since >= start else one.commenter_id,
        name=one.author_name,
        email=one.author_email,
        network=one.address_digest,
        status=events[0].to_status if arrives else events[0].from_status if events else one.status,
        withdrawn_at=None if withdrawn else one.withdrawn_at,
        words=words[0],
    )
    happened = [
        Happening(
            event.moment,
            row,
            arrives=event.is_arrival,
            status=event.to_status,
            withdrawn_at=one.withdrawn_at if event is withdrawn else None,
            words=words[edits.index(event) + 1] if event.is_edit else None,
        )
        for event in events
    ]
    if since and since >= start:
        at = max(since, (events[0].at, events[0].pk + 0.5)) if arrives else since
        happened.append(Happening(at, row, commenter_id=one.commenter_id))
    return (None if arrives else row), happened
