"""The verbs: the only place that changes a comment's status.

Each change writes one ModerationEvent in the same transaction. A verb that finds nothing to do (the comment is already
there, or is gone) does nothing, writes nothing and says so. Who may decide is the caller's question:
Comment.objects.moderated_by(user).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, ModerationEvent
from comments.policy import Verdict

BATCH_LIMIT = 500
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


@dataclass(frozen=True)
class Batch:
    """What one decision on several comments came to: its id in the log, how many changed, how many were left alone."""

    id: uuid.UUID
    changed: int
    left: int


@transaction.atomic
def receive(comment: Comment, verdict: Verdict) -> None:
    """Saves a new comment with the policy's verdict on it, and the first event of its log.

    Raises ValueError for a comment that is saved already.
    """
    if comment.pk:
        raise ValueError("Only a new comment is received; the verbs decide on the others.")
    comment.status, comment.reasons = verdict.status, list(verdict.reasons)
    comment.save()
    ModerationEvent.objects.create(
        comment_id=comment.pk, rule=verdict.rule, to_status=verdict.status, reason="".join(verdict.reasons[:1])
    )


def approve(comment: Comment, *, actor=None, rule: str = "", reason: str = "", batch: uuid.UUID | None = None) -> bool:
    """Shows the comment to everybody.

    Like the verbs below: `actor` (a user) or `rule` (a code of policy.RULES) decided, never both; `reason` is a code of
    policy.REASONS. True if the comment changed; `comment` then has its new status. Raises ValueError without a decider.
    """
    return _decide_one(comment, Verb.APPROVE, actor, rule, reason, batch)


def reject(comment: Comment, *, actor=None, rule: str = "", reason: str = "", batch: uuid.UUID | None = None) -> bool:
    """Refuses the comment: not for here, but not spam."""
    return _decide_one(comment, Verb.REJECT, actor, rule, reason, batch)


def mark_spam(
    comment: Comment, *, actor=None, rule: str = "", reason: str = "", batch: uuid.UUID | None = None
) -> bool:
    """Refuses the comment as spam."""
    return _decide_one(comment, Verb.SPAM, actor, rule, reason, batch)


def remove(comment: Comment, *, actor=None, rule: str = "", reason: str = "", batch: uuid.UUID | None = None) -> bool:
    """Takes the comment down; nothing is deleted."""
    return _decide_one(comment, Verb.REMOVE, actor, rule, reason, batch)


def restore(comment: Comment, *, actor=None, rule: str = "", reason: str = "", batch: uuid.UUID | None = None) -> bool:
    """Puts a rejected, spam or removed comment back in the queue. An approved one is not taken down by it: False."""
    return _decide_one(comment, Verb.RESTORE, actor, rule, reason, batch)


def decide(comments: Iterable[Comment], verb: str, *, actor, reason: str = "") -> Batch:
    """One verb on several comments, in one transaction and as one batch of the log.

    Raises ValueError for an unknown verb, without an actor, and for more than 500 comments; then nothing has changed.
    """
    ids = {comment.pk for comment in comments}
    if len(ids) > BATCH_LIMIT:
        raise ValueError(f"At most {BATCH_LIMIT} comments are decided at a time.")
    batch = uuid.uuid4()
    changed = _change(ids, Verb(verb), actor, "", reason, batch)
    return Batch(batch, len(changed), len(ids) - len(changed))


# What a button of the queue does with one comment.
FUNCTIONS = {
    Verb.APPROVE: approve,
    Verb.REJECT: reject,
    Verb.SPAM: mark_spam,
    Verb.REMOVE: remove,
    Verb.RESTORE: restore,
}


def _decide_one(comment: Comment, verb: Verb, actor, rule: str, reason: str, batch: uuid.UUID | None) -> bool:
    changed = _change({comment.pk}, verb, actor, rule, reason, batch)
    for row in changed:
        comment.status, comment.reasons = row.status, row.reasons
    return bool(changed)


@transaction.atomic
def _change(ids: set[int], verb: Verb, actor, rule: str, reason: str, batch: uuid.UUID | None) -> list[Comment]:
    if (actor is None) == (not rule):
        raise ValueError("A decision is a person's (actor) or a rule's (rule): one of the two.")
    reason = reason or rule or ("restored" if verb is Verb.RESTORE else "by_moderator")
    # Locked in the order of their ids, so that two moderators with the same comments wait and never deadlock.
    locked = Comment.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").only("status", "reasons")
    changing = [comment for comment in locked if verb.applies_to(comment.status)]
    ModerationEvent.objects.bulk_create(
        ModerationEvent(
            comment_id=comment.pk,
            actor=actor,
            rule=rule,
            from_status=comment.status,
            to_status=verb.to_status,
            reason=reason,
            batch=batch,
        )
        for comment in changing
    )
    Comment.objects.filter(pk__in=[comment.pk for comment in changing]).update(status=verb.to_status, reasons=[reason])
    for comment in changing:
        comment.status, comment.reasons = verb.to_status, [reason]
    return changing
