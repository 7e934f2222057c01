"""One change of status, with all that follows from it: the log, the reports, the counts. Used by the verbs alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from comments import counts, notices
from comments.models import (
    BlockHit,
    BlockRule,
    Comment,
    CommentReason,
    CommentSettings,
    ModerationEvent,
    ModerationNote,
    Report,
)
from comments.spam import lessons

AT_ONCE = 500
Status = Comment.Status
LOCKED = ("post", "path", "status", "edited_at", "shown_at", "reported_at", "withdrawn_at", "mail_wanted")


@dataclass
class Change:
    comment: Comment  # as lock() gave it
    to_status: str
    reason: str
    undoes: ModerationEvent | None = None


def lock(ids: Iterable[int]) -> dict[int, Comment]:
    """These comments, as far as they are there, held until the transaction ends.

    Always in the order of their ids, so that two moderators with the same comments wait and never deadlock.
    `is_emptied` says of each whether its words were forgotten (writer.empty): it never comes back.
    """
    ids, locked = sorted(set(ids)), {}
    rows = Comment.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    rows = rows.only(*LOCKED).annotate(is_emptied=ExpressionWrapper(Q(body=""), BooleanField()))
    for start in range(0, len(ids), AT_ONCE):
        locked |= {comment.pk: comment for comment in rows.filter(pk__in=ids[start : start + AT_ONCE])}
    return locked


def move(changes: list[Change], *, actor, rule: str, batch: UUID | None, tell: str = "") -> None:
    """Makes the changes within the caller's transaction. The locked comments have their new status afterwards.

    All tables are written in one order, those that everybody writes last, however many the changes are: who receives
    a comment holds its block rules and then waits for the counts.
    """
    counted: Counter[tuple[int, str]] = Counter()
    overturned: Counter[int] = Counter()
    events: list[ModerationEvent] = []
    for start in range(0, len(changes), AT_ONCE):
        chunk = changes[start : start + AT_ONCE]
        _count(counted, chunk, -1)
        overturned.update(_overturned(chunk))
        events += _move(chunk, actor, rule, batch, tell)
        _count(counted, chunk, +1)
    for pk, number in sorted(overturned.items()):
        BlockRule.objects.filter(pk=pk).update(overturned=F("overturned") + number)
    lessons.follow(events)
    counts.add(counted)


def _move(changes: list[Change], actor, rule: str, batch: UUID | None, tell: str) -> list[ModerationEvent]:
    at = timezone.now()
    events = _log(changes, actor, rule, batch, at, tell)
    notices.decided([change.comment for change in changes], events)
    _set_status(changes, at)
    _settle_reports(changes, batch, at)
    return events


def _count(counted: Counter, changes: list[Change], number: int) -> None:
    for change in changes:
        for key in counts.keys_of(change.comment):
            counted[change.comment.post_id, key] += number


def _overturned(changes: list[Change]) -> Counter[int]:
    """For block rules that had hit these comments: how many more of their hits are approved now."""
    gained = {
        change.comment.pk: (change.to_status == Status.APPROVED) - (change.comment.status == Status.APPROVED)
        for change in changes
    }
    hits = BlockHit.objects.filter(comment__in=[pk for pk, number in gained.items() if number])
    by_rule: Counter[int] = Counter()
    for rule, comment in hits.values_list("rule", "comment"):
        by_rule[rule] += gained[comment]
    return by_rule


def _log(changes: list[Change], actor, rule: str, batch: UUID | None, at, tell: str) -> list[ModerationEvent]:
    events = ModerationEvent.objects.bulk_create(
        ModerationEvent(
            comment_id=change.comment.pk,
            actor=actor,
            rule=rule,
            from_status=change.comment.status,
            to_status=change.to_status,
            reason=change.reason,
            at=at,
            batch=batch,
            undoes=change.undoes.pk if change.undoes else None,
        )
        for change in changes
    )
    if tell:
        ModerationNote.objects.bulk_create(
            ModerationNote(event=event, comment_id=event.comment_id, kind=ModerationNote.Kind.TOLD, text=tell)
            for event in events
        )
    return events


def _set_status(changes: list[Change], at) -> None:
    for status in sorted({change.to_status for change in changes}):
        ids = [change.comment.pk for change in changes if change.to_status == status]
        values: dict = {"status": status}
        if status == Status.APPROVED:
            values["shown_at"] = Coalesce("shown_at", at)
        Comment.objects.filter(pk__in=ids).update(**values)
        CommentReason.objects.filter(comment__in=ids).update(status=status)
    # Taking back the approval that first showed a comment takes back that it was shown.
    for change in changes:
        undone = change.undoes
        if undone and undone.to_status == Status.APPROVED and change.comment.shown_at == undone.at:
            Comment.objects.filter(pk=change.comment.pk).update(shown_at=None)
        change.comment.status = change.to_status


def _settle_reports(changes: list[Change], batch: UUID | None, at) -> None:
    """A decision closes the comment's open reports; taking it back opens those again that it closed."""
    decided = [change.comment for change in changes if not change.undoes]
    undone = [change.comment for change in changes if change.undoes]
    Report.objects.filter(comment__in=decided, closed_at=None).update(closed_at=at, closed_by=batch)
    _set_reported(decided, {})
    if not undone:
        return
    for closed_by in {change.undoes.batch for change in changes if change.undoes}:
        again = Report.objects.filter(comment__in=undone, closed_by=closed_by)
        # Who has reported it once more since then has one report, not two.
        newer = set(Report.objects.filter(comment__in=undone, closed_at=None).values_list("comment", "address_digest"))
        rows = again.values_list("pk", "comment", "address_digest")
        reopened = [pk for pk, comment, address in rows if (comment, address) not in newer]
        Report.objects.filter(pk__in=reopened).update(closed_at=None, closed_by=None)
    _set_reported(undone, _reported_since(undone))


def _reported_since(comments: list[Comment]) -> dict[int, object]:
    """When each of those that have open reports enough got the last one that it needed."""
    needed = CommentSettings.load().reports_needed
    open_ones: dict[int, list] = {}
    rows = Report.objects.filter(comment__in=comments, closed_at=None).order_by("created_at")
    for comment, created_at in rows.values_list("comment", "created_at"):
        open_ones.setdefault(comment, []).append(created_at)
    return {pk: times[needed - 1] for pk, times in open_ones.items() if len(times) >= needed}


def _set_reported(comments: list[Comment], since: dict[int, object]) -> None:
    for comment in comments:
        reported_at = since.get(comment.pk) if comment.status == Status.APPROVED else None
        if comment.reported_at != reported_at:
            comment.reported_at = reported_at
            Comment.objects.filter(pk=comment.pk).update(reported_at=reported_at)


def add_reasons(comment: Comment, reasons: Iterable[str]) -> None:
    """Keeps more reasons on a comment that is there, the newest first; those it has are not said twice."""
    stored = Comment.objects.get(pk=comment.pk)
    new = [reason for reason in dict.fromkeys(reasons) if reason not in stored.reasons]
    if new:
        known = {reason.partition(":")[0] for reason in stored.reasons}
        Comment.objects.filter(pk=comment.pk).update(reasons=[*new, *stored.reasons])
        _index_reasons(stored, [reason for reason in new if reason.partition(":")[0] not in known])


def _index_reasons(comment: Comment, reasons: Iterable[str]) -> None:
    codes = list(dict.fromkeys(reason.partition(":")[0] for reason in reasons))
    if not codes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comments_commentreason (comment_id, code, status, created_at)"  # noqa: S608  constants alone
            " SELECT id, column1, status, created_at"
            f" FROM comments_comment, (VALUES {', '.join(['(%s)'] * len(codes))}) AS codes WHERE id = %s",
            [*codes, comment.pk],
        )


def count_in(comment: Comment) -> None:
    """Counts a comment that has just been saved, and indexes its reasons."""
    _index_reasons(comment, comment.reasons)
    counts.add(Counter({(comment.post_id, key): 1 for key in counts.keys_of(comment)}))


def report(comment: Comment, kind: str, words: str, address_digest: str) -> bool:
    """Files a reader's report on an approved comment, within the caller's transaction, which has locked it."""
    if Report.objects.filter(Q(comment=comment, address_digest=address_digest), closed_at=None).exists():
        return False
    Report.objects.create(comment=comment, kind=kind, words=words, address_digest=address_digest)
    if comment.reported_at is None:
        _set_reported([comment], _reported_since([comment]))
        if comment.reported_at:
            counts.add(Counter({(comment.post_id, counts.REPORTED): 1}))
    return True
