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
    is_decided,
    what_happened,
    withdraw,
)
from comments.moderation.words import delete, edit, receive, reply, report

__all__ = [
    "AT_ONCE",
    "Decision",
    "Stale",
    "Verb",
    "decide",
    "delete",
    "edit",
    "is_decided",
    "receive",
    "replies_of",
    "reply",
    "report",
    "start_bulk",
    "start_undo",
    "undo",
    "undoable",
    "what_happened",
    "withdraw",
    "work_off_chunk",
]
