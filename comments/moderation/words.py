"""What moderators do with words: answering, editing; and what happens when a comment comes or goes for good."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from comments import blocking, counts, notices, search
from comments.models import Comment, CommentSettings, ModerationEvent, ModerationNote
from comments.moderation import moving
from comments.moderation.moving import Change, lock, move
from comments.moderation.verbs import Stale
from comments.policy import Verdict
from comments.spam import lessons, samples

Status = Comment.Status


def receive(comment: Comment, verdict: Verdict, *, batch: uuid.UUID | None = None) -> None:
    """Saves a new comment with the policy's verdict on it, and the first event of its log.

    Raises ValueError for a comment that is saved already, and for a verdict that refuses it.
    """
    if comment.pk:
        raise ValueError("Only a new comment is received; the verbs decide on the others.")
    comment.status, comment.reasons = Status(verdict.status), list(verdict.reasons)
    comment.spam_score = verdict.sample and verdict.sample.probability
    if comment.status in (Status.APPROVED, Status.REMOVED):
        comment.shown_at = comment.created_at
    with transaction.atomic(savepoint=False):
        comment.save()
        if verdict.sample:
            verdict.sample.comment = comment
            verdict.sample.save()
        if verdict.hits:
            blocking.record(comment, verdict.hits)
        event = ModerationEvent.objects.create(
            comment_id=comment.pk,
            rule=verdict.rule,
            to_status=comment.status,
            reason="".join(verdict.reasons[:1]).partition(":")[0],
            batch=batch,
        )
        notices.decided([comment], [event])
        moving.count_in(comment)


@transaction.atomic
def reply(comment: Comment, body: str, *, actor, seen: str) -> Comment:
    """Answers a comment in the actor's name, approving it if it is not: one batch. Raises Stale."""
    batch = uuid.uuid4()
    locked = _as_seen(comment, seen)
    if locked.status != Status.APPROVED:
        move([Change(locked, Status.APPROVED, "by_moderator")], actor=actor, rule="", batch=batch)
    answer = Comment(post_id=comment.post_id, parent=comment, user=actor, author_name=actor.name[:100], body=body)
    receive(answer, Verdict(Status.APPROVED, ["by_staff"], "staff"), batch=batch)
    return answer


@transaction.atomic
def edit(comment: Comment, body: str, *, actor, seen: str) -> bool:
    """Changes a comment's words; those before are kept beside the log. False if they are the same. Raises Stale."""
    locked = _as_seen(comment, seen)
    whole = Comment.objects.get(pk=comment.pk)
    before, whole.body = whole.body, body
    if before == body:
        return False
    whole.edited_at = timezone.now()
    whole.save(update_fields=["body", "body_html", "edited_at"])
    sample = samples.look(whole) if CommentSettings.load().has_filter else None
    lessons.reword(whole, sample, keeps_label=True)
    event = ModerationEvent.objects.create(
        comment_id=comment.pk, actor=actor, from_status=locked.status, to_status=locked.status, reason="edited"
    )
    ModerationNote.objects.create(event=event, comment=comment, kind=ModerationNote.Kind.BEFORE, text=before)
    return True


def _as_seen(comment: Comment, seen: str) -> Comment:
    locked = lock([comment.pk]).get(comment.pk)
    if locked is None or locked.withdrawn_at or locked.state != seen:
        raise Stale
    return locked


@transaction.atomic
def delete(comment: Comment, *, actor) -> bool:
    """Deletes a comment for good, with its words, notes and reports; its replies stay, under a place without a name.

    The log keeps its lines, which hold no words. False if it was gone already.
    """
    return bool(_delete(lock([comment.pk]), actor=actor, rule="", reason="deleted"))


@transaction.atomic
def expire(ids: Iterable[int]) -> int:
    """Deletes these comments for good by the clock, as delete() does; how many were still there."""
    return _delete(lock(ids), actor=None, rule="clock", reason="expired")


def _delete(locked: dict[int, Comment], *, actor, rule: str, reason: str) -> int:
    ModerationEvent.objects.bulk_create(
        ModerationEvent(comment_id=pk, actor=actor, rule=rule, from_status=comment.status, to_status="", reason=reason)
        for pk, comment in locked.items()
    )
    lessons.forget_words(locked)
    gone = counts.Counter()
    for pk, comment in locked.items():
        gone.subtract((comment.post_id, key) for key in counts.keys_of(comment))
        search.remove(pk)
    Comment.objects.filter(pk__in=locked).delete()
    counts.add(gone)
    return len(locked)


@transaction.atomic
def report(comment: Comment, kind: str, words: str, address_digest: str) -> bool:
    """Files a reader's report. False if that network has one open already, or the comment is no longer shown."""
    locked = lock([comment.pk]).get(comment.pk)
    if locked is None or locked.status != Status.APPROVED:
        return False
    return moving.report(locked, kind, words, address_digest)
