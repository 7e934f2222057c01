"""What becomes of comments: the only place that changes a comment's status.

Each change writes one ModerationEvent, and the counts, in the same transaction.
"""

from comments.moderation.bulk import start_bulk, start_undo, work_off_chunk
from comments.moderation.replies import replies_of
from comments.moderation.undo import undo, undoable
from comments.moderation.verbs import (
    AT_ONCE,
    Decision,
    Stale,
    Verb,
    decide,
    in_force,
    is_decided,
    what_happened,
)
from comments.moderation.words import delete, edit, expire, receive, reply, report
from comments.moderation.writer import (
    Refused,
    TooLate,
    appeal,
    disown,
    editable_until,
    empty,
    erase,
    follow,
    follow_post,
    forget_reasons,
    may_appeal,
    prove,
    rewrite,
    withdraw,
)

__all__ = [
    "AT_ONCE",
    "Decision",
    "Refused",
    "Stale",
    "TooLate",
    "Verb",
    "appeal",
    "decide",
    "delete",
    "disown",
    "edit",
    "editable_until",
    "empty",
    "erase",
    "expire",
    "follow",
    "follow_post",
    "forget_reasons",
    "in_force",
    "is_decided",
    "may_appeal",
    "prove",
    "receive",
    "replies_of",
    "reply",
    "report",
    "rewrite",
    "start_bulk",
    "start_undo",
    "undo",
    "undoable",
    "what_happened",
    "withdraw",
    "work_off_chunk",
]
