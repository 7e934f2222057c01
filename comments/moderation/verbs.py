"""The verbs: what is decided about a comment.

A verb that finds nothing to do (the comment is already there, is gone, was withdrawn by its writer, or has lost its
words to the clock) does nothing, writes nothing and says so. Who may decide is the caller's question:
Comment.objects.moderated_by(user).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, ModerationEvent
from comments.moderation.moving import Change, lock, move
from comments.moderation.replies import replies_of

AT_ONCE = 500  # comments that one request decides on; more is the worker's (comments/moderation/bulk.py)
Status = Comment.Status


class Verb(models.TextChoices):
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    SPAM = "spam", _("Spam")
    REMOVE = "remove", _("Remove")
    RESTORE = "restore", _("Restore")

    @property
    def to_status(self) -> str:
        return TO_STATUS[self]

    def applies_to(self, status: str) -> bool:
        """Every verb takes a comment from any other status, but Restore only what had been taken away."""
        if self is Verb.RESTORE:
            return status in (Status.REJECTED, Status.SPAM, Status.REMOVED)
        return status != self.to_status


TO_STATUS = {
    Verb.APPROVE: Status.APPROVED,
    Verb.REJECT: Status.REJECTED,
    Verb.SPAM: Status.SPAM,
    Verb.REMOVE: Status.REMOVED,
    Verb.RESTORE: Status.PENDING,
}


@dataclass
class Decision:
    """What a decision came to: ids of comments."""

    batch: uuid.UUID  # names it in the log; undo() takes it back
    changed: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)  # nothing to do, or not to be done
    stale: list[int] = field(default_factory=list)  # no longer as the moderator saw them


class Stale(Exception):
    """The comment is no longer as the moderator saw it; what_happened() says why."""


@transaction.atomic
def decide(
    comments: Iterable[Comment | int],
    verb: str,
    *,
    actor=None,
    rule: str = "",
    reason: str = "",
    seen: dict[int, str] | None = None,
    tell: str = "",
    with_replies: bool = False,
    batch: uuid.UUID | None = None,
) -> Decision:
    """One verb on these comments (or ids of comments), in one transaction and as one batch of the log.

    `actor` (a user) or `rule` (a code of policy.RULES) decided, never both. `seen` is each comment's state as the
    moderator saw it: those that are no longer so, or are not in it, are left alone as stale. `tell` is kept for the
    writer. Raises ValueError for an unknown verb, and without a decider.
    """
    verb = Verb(verb)
    if (actor is None) == (not rule):
        raise ValueError("A decision is a person's (actor) or a rule's (rule): one of the two.")
    reason = reason or rule or ("restored" if verb is Verb.RESTORE else "by_moderator")
    decision = Decision(batch or uuid.uuid4())
    asked = {comment.pk if isinstance(comment, Comment) else comment for comment in comments}
    replies = (
        {pk for comment in asked for pk in replies_of(comment).values_list("pk", flat=True)} if with_replies else ()
    )
    changes = []
    for pk, comment in lock(asked.union(replies)).items():
        if seen is not None and pk in asked and comment.state != seen.get(pk):
            decision.stale.append(pk)
        elif not _applies(verb, comment):
            decision.left.append(pk)
        else:
            is_kept = comment.status == verb.to_status
            changes.append(Change(comment, verb.to_status, "kept" if is_kept else reason))
            decision.changed.append(pk)
    move(changes, actor=actor, rule=rule, batch=decision.batch, tell=tell)
    return decision


def _applies(verb: Verb, comment: Comment) -> bool:
    if comment.withdrawn_at or comment.is_emptied:
        return False
    if verb is Verb.APPROVE and comment.reported_at:
        return True  # "Keep": it stays, and the reports are settled
    return verb.applies_to(comment.status)


def in_force(comment_id: int) -> ModerationEvent | None:
    """What made the comment's status what it is: a decision taken back brings an earlier one into force again."""
    events = ModerationEvent.objects.of_status().filter(comment_id=comment_id).select_related("note").order_by("-pk")
    event = events.first()
    while event and event.undoes:
        event = events.filter(pk__lt=event.undoes).first()
    return event


def is_decided(comment_id: int) -> bool:
    """Whether it is somebody's decision that is in force. What its writer or a rule did is none."""
    event = in_force(comment_id)
    return event is not None and event.actor_id is not None


def what_happened(comment_id: int) -> ModerationEvent | None:
    """The comment's last event, with who decided: explains why a decision came too late."""
    return ModerationEvent.objects.filter(comment_id=comment_id).select_related("actor").order_by("-pk").first()
