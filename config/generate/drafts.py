"""Comments of a generated site before they are rows, and how they become rows, of seven tables, and are counted."""

import json
import random
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from django.db import connection

from blog import totals
from comments import counts
from comments.models import Comment, CommentReason, ModerationEvent, ModerationNote, Report
from config.generate.bulk import Numbers, Rows, Writer, moment
from config.generate.people import Readers
from config.generate.people import Writer as Author
from config.generate.posts import Under

COMMENT = (
    "id post_id parent_id path author_name author_email author_url user_id commenter_id body body_html status reasons "
    "created_at edited_at shown_at reported_at withdrawn_at address_digest"
)
EVENT = "id comment_id actor_id rule from_status to_status reason at batch undoes"
SEARCH_COLUMNS = {"sqlite": ["rowid", "words"], "postgresql": ["comment_id", "words"]}
COUNT = f"""
    INSERT INTO comments_postcount (post_id, status, count)
    SELECT post_id, status, count FROM ({counts.TRUE}) AS true_counts WHERE post_id >= %s
"""  # noqa: S608  constants alone
SUM = "SELECT status, CAST(sum(count) AS bigint) FROM comments_postcount WHERE post_id >= %s GROUP BY status"


@dataclass(slots=True)
class Event:
    comment_id: int
    at: int
    from_status: str
    to_status: str
    reason: str
    actor_id: int | None = None
    rule: str = ""
    batch: str | None = None
    undoes: "Event | None" = None
    note: tuple[str, str] | None = None  # kind and words
    pk: int = 0


class Shown(NamedTuple):
    """What one needs to know of a comment to answer it."""

    pk: int
    path: str
    since: int


@dataclass(slots=True)
class Draft:
    """A comment before it is a row."""

    pk: int
    post: Under
    at: int
    writer: Author
    body: str
    html: str
    words: str  # of its text, as the search has them
    reasons: list[str]
    rule: str
    is_spam: bool = False
    parent: Shown | None = None
    status: str = Comment.Status.PENDING.value
    edited_at: int | None = None
    shown_at: int | None = None
    reported_at: int | None = None
    withdrawn_at: int | None = None
    path: str = ""
    events: list[Event] = field(default_factory=list)


class Tables:
    """Where drafts are written to."""

    def __init__(self, readers: Readers, chance: random.Random) -> None:
        self.readers, self.chance, self.event_ids = readers, chance, Numbers(ModerationEvent)
        self.comments = Rows.of(Comment, COMMENT)
        self.reasons = Rows.of(CommentReason, "comment_id code status created_at")
        self.reports = Rows.of(Report, "comment_id kind words address_digest created_at")
        self.search = Rows("comments_search", SEARCH_COLUMNS[connection.vendor])
        self.events = Rows.of(ModerationEvent, EVENT)
        self.notes = Rows.of(ModerationNote, "event_id comment_id kind text")

    def write(self, drafts: list[Draft], writer: Writer) -> None:
        """All that is kept of these comments, but their counts."""
        for draft in drafts:
            self._add(draft)
        events = [event for draft in drafts for event in draft.events]
        events.sort(key=attrgetter("at"))  # in the order in which things happened
        for pk, event in zip(self.event_ids.take(len(events)), events, strict=True):
            event.pk = pk
        for event in events:
            self._add_event(event)
        writer.write(self.readers.new, self.comments, self.reasons, self.reports, self.search, self.events, self.notes)

    def _add(self, draft: Draft) -> None:
        writer, at = draft.writer, moment(draft.at)
        self.comments.add(
            (
                draft.pk,
                draft.post.pk,
                draft.parent and draft.parent.pk,
                draft.path,
                writer.name,
                writer.email,
                writer.url,
                writer.user_id,
                writer.commenter_id,
                draft.body,
                draft.html,
                draft.status,
                _json(tuple(draft.reasons)),
                at,
                draft.edited_at and moment(draft.edited_at),
                draft.shown_at and moment(draft.shown_at),
                draft.reported_at and moment(draft.reported_at),
                draft.withdrawn_at and moment(draft.withdrawn_at),
                writer.networks[int(len(writer.networks) * self.chance.random())],
            )
        )
        for reason in draft.reasons:
            self.reasons.add((draft.pk, reason.partition(":")[0], draft.status, at))
        self.search.add((draft.pk, f"{draft.words} {writer.found_by()}"))
        if draft.reported_at:
            kind, digest = self.chance.choice(Report.Kind.values), f"{self.chance.getrandbits(128):032x}"
            self.reports.add((draft.pk, kind, "", digest, moment(draft.reported_at)))

    def _add_event(self, event: Event) -> None:
        self.events.add(
            (
                event.pk,
                event.comment_id,
                event.actor_id,
                event.rule,
                event.from_status,
                event.to_status,
                event.reason,
                moment(event.at),
                event.batch,
                event.undoes and event.undoes.pk,
            )
        )
        if event.note:
            self.notes.add((event.pk, event.comment_id, *event.note))


def count(first: int) -> None:
    """Stores the counts of comments under posts from this id on: nothing was counted under them before."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [first])
        cursor.execute(SUM, [first])
        totals.upsert(connection, "comments_sitecount", ["status"], cursor.fetchall())


@cache
def _json(reasons: tuple[str, ...]) -> str:
    return json.dumps(reasons)
