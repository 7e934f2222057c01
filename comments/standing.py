"""What a writer's own comments say of them. It counts only where it is proved who wrote: a typed name or address says
nothing (comments/proof.py).

new → known (as many approved as the site, a label or the post asks for) → trusted (more of them, for some time, few of
them taken down). Who had a comment taken down is on probation until some newer ones are approved. A moderator may block
a commenter. Nothing of this is stored: it follows from the newest comments as they are now, so that undoing a decision
undoes what it did to its writer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Commenter, CommentSettings
from comments.models.comment import NEWEST

LOOKED_AT = 200  # of a writer's newest comments
Status = Comment.Status
TAKEN_DOWN = (Status.REJECTED, Status.SPAM, Status.REMOVED)


class Level(models.TextChoices):
    NEW = "new", _("new")
    KNOWN = "known", _("known")
    TRUSTED = "trusted", _("trusted")
    PROBATION = "probation", _("on probation")
    BLOCKED = "blocked", _("blocked")


@dataclass(frozen=True)
class Standing:
    level: str = Level.NEW
    approved: int = 0
    refused: int = 0  # taken down by others than the writer
    since_refused: int = 0  # approved ones that are newer than the newest of those
    first: datetime | None = None  # of the approved ones

    @property
    def label(self) -> str:
        return Level(self.level).label


def standing_of(
    comment: Comment, settings: CommentSettings, needed: int | None = None, now: datetime | None = None
) -> Standing:
    """The standing of the comment's writer, to which this comment itself adds nothing; two queries at most.

    `needed` approved comments make one known: what holds under the comment's post, or else the site's number.
    """
    if not comment.is_proved:
        return Standing()
    others = Comment.objects.by_writer_of(comment)
    return _standing(
        others.exclude(pk=comment.pk) if comment.pk else others, Commenter.of(comment), settings, needed, now
    )


def standing(commenter: Commenter, settings: CommentSettings, now: datetime | None = None) -> Standing:
    """The standing that all comments of a commenter together give."""
    return _standing(commenter.comments(), commenter, settings, None, now)


def _standing(comments, commenter: Commenter, settings: CommentSettings, needed: int | None, now) -> Standing:
    rows = comments.order_by(*NEWEST).values_list("status", "withdrawn_at", "created_at")[:LOOKED_AT]
    return standing_from(rows, commenter, settings, needed, now)


def standing_from(
    rows: Iterable[tuple],
    commenter: Commenter,
    settings: CommentSettings,
    needed: int | None = None,
    now: datetime | None = None,
) -> Standing:
    """The same of rows that were read: (status, withdrawn_at, created_at) of the newest comments, the newest first."""
    approved = refused = since_refused = 0
    first = None
    for status, withdrawn_at, created_at in rows:
        if status == Status.APPROVED:
            approved, first = approved + 1, created_at
            since_refused += not refused
        elif status in TAKEN_DOWN and withdrawn_at is None:
            refused += 1
    found = Standing(Level.NEW, approved, refused, since_refused, first)
    needed = settings.approved_needed if needed is None else needed
    return replace(found, level=_level(found, commenter, settings, needed, now or timezone.now()))


def _level(found: Standing, commenter: Commenter, settings: CommentSettings, needed: int, now: datetime) -> str:
    if commenter.blocked_at:
        return Level.BLOCKED
    if found.refused and found.since_refused < settings.probation_needed:
        return Level.PROBATION
    if not found.approved or found.approved < needed:
        return Level.NEW
    is_old = found.first <= now - timedelta(days=settings.trusted_days)
    is_clean = found.refused * 100 <= settings.trusted_refused * (found.approved + found.refused)
    if settings.trusted_needed and found.approved >= settings.trusted_needed and is_old and is_clean:
        return Level.TRUSTED
    return Level.KNOWN
