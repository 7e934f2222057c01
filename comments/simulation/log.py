"""The moderation log as a replay reads it: each comment's events in the order of their time, and the words before an
edit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db.models import QuerySet

from comments.models import ModerationEvent, ModerationNote
from comments.models.event import WORDS_ONLY
from comments.simulation.past import Moment

AT_ONCE = 500
COLUMNS = ("comment_id", "at", "pk", "from_status", "to_status", "reason", "actor_id", "undoes")


class Event(NamedTuple):
    comment_id: int
    at: datetime
    pk: int
    from_status: str
    to_status: str
    reason: str
    actor: int | None
    undoes: int | None

    @property
    def moment(self) -> Moment:
        return self.at, self.pk

    @property
    def is_arrival(self) -> bool:
        return not self.from_status and bool(self.to_status)

    @property
    def is_edit(self) -> bool:
        return self.reason in WORDS_ONLY


def arrivals() -> QuerySet:
    """The events of comments that came through the form. Imported ones, and answers that were written in the queue,
    never met the policy."""
    return ModerationEvent.objects.filter(from_status="", batch=None).exclude(rule="import").exclude(to_status="")


def events_of(ids: Iterable[int], since: Moment | None = None) -> dict[int, list[Event]]:
    """By comment. With `since`: those that were later."""
    found: dict[int, list[Event]] = defaultdict(list)
    for chunk in chunks(ids):
        rows = ModerationEvent.objects.filter(comment_id__in=chunk).order_by().values_list(*COLUMNS)
        for row in rows.filter(at__gte=since[0]) if since else rows:
            found[row[0]].append(Event(*row))
    for pk, events in found.items():
        events.sort(key=lambda event: event.moment)
        if since:
            found[pk] = [event for event in events if event.moment >= since]
    return found


def words_before(events: Iterable[Event]) -> dict[int, str]:
    """By an edit's number, the words that it changed; without those that are forgotten by now."""
    found: dict[int, str] = {}
    for chunk in chunks(event.pk for event in events if event.is_edit):
        notes = ModerationNote.objects.filter(event__in=chunk, kind=ModerationNote.Kind.BEFORE)
        found |= dict(notes.values_list("event", "text"))
    return found


def versions(body: str, edits: list[Event], before: dict[int, str]) -> list[str]:
    """What a comment said before the first of these edits, and after each; `body` is what it says now."""
    texts = [body]
    for event in reversed(edits):
        texts.append(before.get(event.pk, texts[-1]))
    return texts[::-1]


def decided(events: list[Event]) -> str:
    """Which status the decision in force gave, or empty if none was a person's: as moderation.in_force finds it."""
    standing = [event for event in events if not event.is_edit]
    while standing and standing[-1].undoes:
        undone = standing[-1].undoes
        standing = [event for event in standing if event.pk < undone]
    return standing[-1].to_status if standing and standing[-1].actor else ""


def chunks(items: Iterable) -> Iterator[list]:
    items = iter(items)
    while chunk := list(islice(items, AT_ONCE)):
        yield chunk
