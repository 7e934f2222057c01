"""What was learnt of words that are gone: counts beside the filter's own, with which retraining begins.

When a comment's words go for good, so do its features. Its lesson stays in the filter's counts; and a change of the
sign KEPT, which alters none of them, says that it belongs here too. Whoever takes changes away puts those here first.
"""

from contextlib import suppress
from typing import NamedTuple

from comments.models import SpamChange, SpamCheckpoint
from comments.spam.features import unpack
from comments.spam.model import Model

KEPT = 0  # the sign of a change
ROW = 2  # of SpamCheckpoint; its number is that of the last change which is in it


class Forgotten(NamedTuple):
    model: Model
    number: int  # of the last change that it holds
    is_stored: bool  # whether no change is in it that its row lacks


def read() -> Forgotten:
    """Within a transaction that has called store.hold(), or else what is put here meanwhile may be missed."""
    row = SpamCheckpoint.objects.filter(pk=ROW).first()
    made, number, is_stored = Model(), row.number if row else 0, True
    if row:
        with suppress(ValueError):  # of a version of the features that can no longer be read: of no use to anybody
            made = Model.load(bytes(row.counts))
    for change in SpamChange.objects.filter(sign=KEPT, number__gt=number).order_by("number").iterator():
        made.learn(unpack(bytes(change.features)), change.is_spam)
        number, is_stored = change.number, False
    return Forgotten(made, number, is_stored)


def keep(found: Forgotten) -> None:
    """Stores what read() gave, within a transaction that has called store.hold()."""
    if not found.is_stored:
        values = {"counts": found.model.dump(), "number": found.number, "stamp": 0}
        SpamCheckpoint.objects.update_or_create(pk=ROW, defaults=values)


def drop() -> None:
    """Within a transaction that has called store.hold()."""
    SpamChange.objects.filter(sign=KEPT).delete()
    SpamCheckpoint.objects.filter(pk=ROW).delete()
