import uuid

from django.db import transaction

from comments.models import Comment, ModerationEvent
from comments.models.comment import CommentQuerySet
from comments.moderation.moving import Change, lock, move
from comments.moderation.verbs import Decision


def undoable(batch: uuid.UUID):
    """The events of a batch that can be taken back (ModerationEvent.is_decision), in their order."""
    return ModerationEvent.objects.filter(batch=batch, undoes=None).order_by("pk")


@transaction.atomic
def undo(
    batch: uuid.UUID, *, actor, among: CommentQuerySet, after: int = 0, at_once: int | None = None, own=None
) -> Decision:
    """Takes a batch back: status, place in the thread, reports and counts are as they were before it.

    Left alone is a comment whose status has changed since, that its writer has withdrawn, or that is not in `among`
    (what the actor may decide on). A reply that was written with the decision is taken down. `after` and `at_once`
    (an event's id, and how many) are for the worker, which goes on where it was, under its own batch `own`.
    """
    events = list(undoable(batch).filter(pk__gt=after)[:at_once])
    decision = Decision(own or uuid.uuid4())
    locked = lock(event.comment_id for event in events)
    allowed = set(among.filter(pk__in=locked).values_list("pk", flat=True))
    last = _last_standing(locked)
    changes = []
    for event in events:
        comment = locked.get(event.comment_id)
        is_last = last.get(event.comment_id) == event.pk
        if comment is None or comment.pk not in allowed or _is_gone(comment) or not is_last:
            decision.left.append(event.comment_id)
            continue
        changes.append(Change(comment, event.from_status or Comment.Status.REJECTED, "undone", undoes=event))
        decision.changed.append(comment.pk)
    move(changes, actor=actor, rule="", batch=decision.batch)
    return decision


def _is_gone(comment: Comment) -> bool:
    """Nothing brings back what its writer withdrew, or the clock has emptied."""
    return bool(comment.withdrawn_at or comment.is_emptied)


def _last_standing(locked: dict[int, Comment]) -> dict[int, int]:
    """Each comment's last decision that has not been taken back."""
    last: dict[int, int] = {}
    events = ModerationEvent.objects.of_status().filter(comment_id__in=list(locked))
    rows = list(events.order_by("pk").values_list("pk", "comment_id", "undoes"))
    undone = {undoes for _pk, _comment, undoes in rows if undoes}
    for pk, comment, undoes in rows:
        if not undoes and pk not in undone:
            last[comment] = pk
    return last
