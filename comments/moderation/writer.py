"""The verbs of a comment's own writer: to change it, withdraw it, ask to look again, prove who wrote it, erase.

None of them is a decision: they have no batch, and nobody undoes them.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from comments import blocking, policy, search
from comments.models import (
    BlockHit,
    BlockRule,
    Comment,
    Commenter,
    FollowRequest,
    ModerationEvent,
    ModerationNote,
    Report,
    Subscription,
)
from comments.moderation import moving
from comments.moderation.moving import AT_ONCE, Change, lock, move
from comments.moderation.verbs import is_decided
from comments.policy import Verdict
from comments.spam import lessons

EDIT_FOR = timedelta(minutes=15)
NOBODY = "—"  # in place of a name that was erased
Status = Comment.Status


class TooLate(Exception):
    """The comment can no longer be changed by its writer."""


class Refused(Exception):
    """The policy does not take these words: `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.rule)
        self.verdict = verdict


def editable_until(comment: Comment) -> datetime | None:
    """Until when its writer may change it; None if not at all: it was answered, decided against, or edited here."""
    if comment.status not in (Status.PENDING, Status.APPROVED) or comment.appealed_at:
        return None
    answered = Comment.objects.filter(parent=comment, status__in=[Status.PENDING, Status.APPROVED])
    edited = ModerationEvent.objects.filter(comment_id=comment.pk, reason="edited")
    return None if answered.exists() or edited.exists() else comment.created_at + EDIT_FOR


@transaction.atomic
def rewrite(comment: Comment, body: str, facts: policy.Facts) -> bool:
    """Changes the words at the writer's wish; False if they are the same.

    The policy is asked again: an approved comment may have to wait once more. The words before are kept beside the log.
    Raises TooLate, and Refused where the words would not have been taken; nothing is changed then.
    """
    locked, now = lock([comment.pk]).get(comment.pk), facts.now or timezone.now()
    whole = locked and Comment.objects.select_related("post", "commenter").get(pk=comment.pk)
    until = whole and editable_until(whole)
    if until is None or now > until:
        raise TooLate
    before, whole.body = whole.body, body
    if before == body:
        return False
    whole.edited_at = now
    whole.save(update_fields=["body", "body_html", "edited_at"])
    verdict = policy.judge_again(whole, facts)
    if verdict.status == policy.REFUSED:
        raise Refused(verdict)
    event = ModerationEvent.objects.create(
        comment_id=whole.pk, rule="writer", from_status=whole.status, to_status=whole.status, reason="rewritten", at=now
    )
    ModerationNote.objects.create(event=event, comment=whole, kind=ModerationNote.Kind.BEFORE, text=before)
    if verdict.status != Status.APPROVED:
        moving.add_reasons(whole, verdict.reasons)
        blocking.record(whole, verdict.hits)
        if verdict.status == Status.SPAM or whole.status == Status.APPROVED:
            reason = verdict.reasons[0].partition(":")[0]
            move([Change(locked, verdict.status, reason)], actor=None, rule=verdict.rule, batch=None)
    lessons.reword(whole, verdict.sample)  # after the block rules, as every decision writes them (moving.move)
    return True


@transaction.atomic
def withdraw(comment: Comment) -> bool:
    """Takes the comment down at its writer's wish. No moderator brings it back, and no undo."""
    locked = lock([comment.pk]).get(comment.pk)
    if locked is None or locked.withdrawn_at:
        return False
    Comment.objects.filter(pk=comment.pk).update(withdrawn_at=timezone.now(), mail_wanted=False)
    move([Change(locked, Status.REMOVED, "withdrawn")], actor=None, rule="writer", batch=None)
    comment.refresh_from_db(fields=["status", "withdrawn_at", "reported_at", "mail_wanted"])
    return True


def may_appeal(comment: Comment) -> bool:
    """Whether its writer may ask, this once, to look again: somebody decided against it."""
    taken_down = comment.status in (Status.REJECTED, Status.SPAM, Status.REMOVED) and not comment.withdrawn_at
    return taken_down and bool(comment.body) and comment.appealed_at is None and is_decided(comment.pk)


@transaction.atomic
def appeal(comment: Comment, words: str) -> bool:
    """Puts a comment back in the queue, with what its writer has to say. False where that may not, or no more, be."""
    locked = lock([comment.pk]).get(comment.pk)
    if locked is None or not may_appeal(Comment.objects.get(pk=comment.pk)):
        return False
    Comment.objects.filter(pk=comment.pk).update(appealed_at=timezone.now())
    moving.add_reasons(locked, ["appeal"])
    move([Change(locked, Status.PENDING, "appeal")], actor=None, rule="writer", batch=None)
    if words:
        event = ModerationEvent.objects.filter(comment_id=comment.pk, reason="appeal").latest("pk")
        ModerationNote.objects.create(event=event, comment=comment, kind=ModerationNote.Kind.APPEAL, text=words)
    return True


@transaction.atomic
def prove(comment: Comment, facts: policy.Facts) -> Commenter | None:
    """Remembers that the typed address is its writer's, who followed the link that was mailed there.

    A comment that waited only because nobody knew its writer is judged again. None where there is nothing to prove: it
    was withdrawn, or has no address.
    """
    locked = lock([comment.pk]).get(comment.pk)
    whole = locked and Comment.objects.select_related("post").get(pk=comment.pk)
    if whole is None or whole.withdrawn_at or whole.user_id or not whole.author_email:
        return None
    commenter, _is_new = Commenter.objects.get_or_create(email=whole.author_email.lower())
    Comment.objects.filter(pk=whole.pk).update(commenter=commenter)
    whole.commenter = commenter
    # What a block rule said of the address or the browser cannot be asked again.
    if whole.status == Status.PENDING and not whole.block_hits.exists() and _is_untouched(whole):
        verdict = policy.judge_again(whole, facts)
        if verdict.status == Status.APPROVED:
            move([Change(locked, Status.APPROVED, "proved")], actor=None, rule="standing", batch=None)
    return commenter


def _is_untouched(comment: Comment) -> bool:
    """Whether its status is still the one that it came with."""
    return not ModerationEvent.objects.of_status().filter(comment_id=comment.pk).exclude(from_status="").exists()


@transaction.atomic
def disown(comment: Comment) -> bool:
    """The owner of the typed address did not write this: the address goes, and a moderator looks (again)."""
    locked = lock([comment.pk]).get(comment.pk)
    whole = locked and Comment.objects.get(pk=comment.pk)
    if whole is None or whole.is_proved or not whole.author_email:
        return False
    _without_address(whole)
    if whole.status in (Status.PENDING, Status.APPROVED):
        moving.add_reasons(whole, ["disowned"])
        move([Change(locked, Status.PENDING, "disowned")], actor=None, rule="writer", batch=None)
    return True


def follow(comment: Comment, commenter: Commenter) -> None:
    """Mails the commenter the replies in the comment's thread."""
    if not commenter.is_kept:
        commenter, _is_new = Commenter.objects.get_or_create(user_id=commenter.user_id)
    Subscription.objects.get_or_create(commenter=commenter, post_id=comment.post_id, thread=comment.root_id)


@transaction.atomic
def follow_post(asked: FollowRequest) -> None:
    """Mails all comments on the post to the address, whose owner agrees: it is proved by that."""
    commenter, _is_new = Commenter.objects.get_or_create(email=asked.email)
    Subscription.objects.get_or_create(commenter=commenter, post_id=asked.post_id, thread=Subscription.WHOLE_POST)
    asked.delete()


def erase(commenter: Commenter) -> int:
    """Takes down all that a commenter wrote, for good and without its words; and forgets the commenter. How many.

    Replies keep their places. Comments that carry the address without proof stay, without it: who knows whose they are.
    A transaction for each part, so that readers never wait: begun again, it goes on where it was.
    """
    erased = 0
    while ids := list(commenter.comments().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        _erase(ids)
        erased += len(ids)
    if commenter.email:
        FollowRequest.objects.filter(email=commenter.email).delete()
        for comment in Comment.objects.unproved().filter(typed=commenter.email).iterator(chunk_size=AT_ONCE):
            _without_address(comment)
    if commenter.is_kept:
        commenter.delete()
    if commenter.user_id and commenter.blocked_at:
        # The account is still there, and so is what a moderator decided about it.
        Commenter.objects.create(user_id=commenter.user_id, blocked_at=commenter.blocked_at)
    return erased


@transaction.atomic
def _erase(ids: list[int]) -> None:
    locked = lock(ids)
    standing = [comment for comment in locked.values() if not comment.withdrawn_at]
    Comment.objects.filter(pk__in=[comment.pk for comment in standing]).update(withdrawn_at=timezone.now())
    move([Change(comment, Status.REMOVED, "erased") for comment in standing], actor=None, rule="writer", batch=None)
    empty(list(locked))


def empty(ids: list[int]) -> None:
    """Forgets who wrote these comments and what; their places stay. Within the caller's transaction."""
    ModerationNote.objects.filter(comment__in=ids).delete()
    Report.objects.filter(comment__in=ids).update(words="")
    Comment.objects.filter(pk__in=ids).update(
        author_name=NOBODY,
        author_email="",
        author_url="",
        user=None,
        commenter=None,
        body="",
        body_html="",
        address_digest="",
        mail_wanted=False,
    )
    forget_matches(ids, *BlockRule.Match.values)
    lessons.forget_words(ids)
    for pk in ids:
        search.remove(pk)


def forget_matches(ids: list[int], *kinds: str) -> None:
    """As forget_reasons(); nor is it kept which rules these were."""
    BlockHit.objects.filter(comment__in=ids, rule__match__in=kinds).delete()
    forget_reasons(ids, *kinds)


def forget_reasons(ids: list[int], *kinds: str) -> None:
    """Comments keep that a block rule of these kinds was against them, and no longer what it found there."""
    said = tuple(f"blocked:{kind}/" for kind in kinds)
    for pk, reasons in Comment.objects.filter(pk__in=ids).values_list("pk", "reasons"):
        kept = list(dict.fromkeys("blocked" if reason.startswith(said) else reason for reason in reasons))
        if kept != reasons:
            Comment.objects.filter(pk=pk).update(reasons=kept)


def _without_address(comment: Comment) -> None:
    comment.author_email = ""
    Comment.objects.filter(pk=comment.pk).update(author_email="")
    forget_matches([comment.pk], BlockRule.Match.EMAIL)
    search.index(comment)
