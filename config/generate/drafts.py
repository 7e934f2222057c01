"""Comments of a generated site before they are rows, and how they become rows: of six tables, with their counts."""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from comments import counts, search
from comments.models import Comment, CommentReason, ModerationEvent, ModerationNote, Report
from config.generate.bulk import Rows, moment, reserve
from config.generate.bulk import write as write_rows
from config.generate.people import Writer
from config.generate.posts import Under
from config.generate.sentences import Sentence

SEARCH_COLUMNS = {"sqlite": ["rowid", "words"], "postgresql": ["comment_id", "words"]}
COMMENT = (
    "id post_id parent_id path author_name author_email author_url user_id body body_html status reasons created_at "
    "edited_at shown_at reported_at withdrawn_at address_digest"
)
EVENT = "id comment_id actor_id rule from_status to_status reason at batch undoes"


@dataclass(slots=True)
class Event:
    comment_id: int
    at: float
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
    since: float


@dataclass(slots=True)
class Draft:
    """A comment before it is a row."""

    pk: int
    post: Under
    at: float
    writer: Writer
    parts: list[list[Sentence]]
    reasons: list[str]
    rule: str
    is_spam: bool = False
    parent: Shown | None = None
    status: str = Comment.Status.PENDING
    edited_at: float | None = None
    shown_at: float | None = None
    reported_at: float | None = None
    withdrawn_at: float | None = None
    path: str = ""
    events: list[Event] = field(default_factory=list)


def write(drafts: list[Draft], chance: random.Random) -> None:
    """All that is kept of these comments; within the caller's transaction."""
    comments = Rows(Comment, *COMMENT.split())
    reasons = Rows(CommentReason, "comment_id", "code", "status", "created_at")
    reports = Rows(Report, "comment_id", "kind", "words", "address_digest", "created_at")
    documents, counted = [], Counter()
    for draft in drafts:
        comments.add(*_row(draft, chance))
        for reason in draft.reasons:
            reasons.add(draft.pk, reason.partition(":")[0], draft.status, moment(draft.at))
        found_by = draft.writer.found_by.union(*(one.found_by for part in draft.parts for one in part))
        documents.append((draft.pk, search.document(found_by)))
        counted[draft.post.pk, draft.status] += 1
        if draft.reported_at:
            digest = f"{chance.getrandbits(128):032x}"
            reports.add(draft.pk, chance.choice(Report.Kind.values), "", digest, moment(draft.reported_at))
            counted[draft.post.pk, counts.REPORTED] += 1
    comments.write()
    reasons.write()
    reports.write()
    write_rows("comments_search", SEARCH_COLUMNS[connection.vendor], documents)
    _write_log([event for draft in drafts for event in draft.events])
    counts.add(counted)


def _row(draft: Draft, chance: random.Random) -> tuple:
    writer = draft.writer
    return (
        draft.pk,
        draft.post.pk,
        draft.parent and draft.parent.pk,
        draft.path,
        writer.name,
        writer.email,
        writer.url,
        writer.user_id,
        "\n\n".join(" ".join(one.text for one in part) for part in draft.parts),
        "".join(f"<p>{' '.join(one.html for one in part)}</p>" for part in draft.parts),
        draft.status,
        json.dumps(draft.reasons),
        moment(draft.at),
        draft.edited_at and moment(draft.edited_at),
        draft.shown_at and moment(draft.shown_at),
        draft.reported_at and moment(draft.reported_at),
        draft.withdrawn_at and moment(draft.withdrawn_at),
        chance.choice(writer.networks) or f"{chance.getrandbits(128):032x}",
    )


def _write_log(events: list[Event]) -> None:
    """In the order in which things happened."""
    rows, notes = Rows(ModerationEvent, *EVENT.split()), Rows(ModerationNote, "event_id", "comment_id", "kind", "text")
    events.sort(key=lambda event: event.at)
    for pk, event in zip(reserve(ModerationEvent, len(events)), events, strict=True):
        event.pk = pk
    for event in events:
        rows.add(
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
        if event.note:
            notes.add(event.pk, event.comment_id, *event.note)
    rows.write()
    notes.write()
