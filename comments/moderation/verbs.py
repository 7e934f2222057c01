"""The verbs: what is decided about a comment.

A verb that finds nothing to do (the comment is already there, is gone, or was withdrawn by its writer) does nothing,
writes nothing and says so. Who may decide is the caller's question: Comment.objects.moderated_by(user).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils import timezone
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
    if comment.withdrawn_at:
        return False
    if verb is Verb.APPROVE and comment.reported_at:
        return True  # "Keep": it stays, and the reports are settled
    return verb.applies_to(comment.status)


@transaction.atomic
def withdraw(comment: Comment) -> bool:
    """Takes the comment down at its writer's wish. No moderator brings it back, and no undo."""
    locked = lock([comment.pk]).get(comment.pk)
    if locked is None or locked.withdrawn_at:
        return False
    Comment.objects.filter(pk=comment.pk).update(withdrawn_at=timezone.now())
    move([Change(locked, Status.REMOVED, "withdrawn")], actor=None, rule="writer", batch=None)
    comment.refresh_from_db(fields=["status", "withdrawn_at", "reported_at"])
    return True


def is_decided(comment_id: int) -> bool:
    """Whether anybody has decided on the comment since it came."""
    return ModerationEvent.objects.filter(comment_id=comment_id).exclude(from_status="").exists()


def what_happened(comment_id: int) -> ModerationEvent | None:
    """The comment's last event, with who decided: explains why a decision came too late."""
    return ModerationEvent.objects.filter(comment_id=comment_id).select_related("actor").order_by("-pk").first()
