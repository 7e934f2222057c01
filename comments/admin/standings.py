"""The standing of many writers at once, and what it follows from, in words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.models import Comment, Commenter, CommentSettings
from comments.models.comment import NEWEST
from comments.standing import LOOKED_AT, Level, Standing, standing_from

Status = Comment.Status

MEANING = {
    Level.NEW: gettext_lazy("No comment of theirs, or too few, is approved: the first ones wait for a moderator."),
    Level.KNOWN: gettext_lazy("Theirs need not wait for being the first ones."),
    Level.TRUSTED: gettext_lazy("Theirs need not wait for being the first ones, for links, or on older posts."),
    Level.PROBATION: gettext_lazy("One of theirs was taken down lately: the next ones wait for a moderator."),
    Level.BLOCKED: gettext_lazy("A moderator has blocked them, whatever their comments say of them."),
}


@dataclass(frozen=True)
class Step:
    """One thing that a level takes on this site, and how far a writer is."""

    level: str
    asked: str
    reached: str
    is_met: bool


def writer_of(comment: Comment) -> Commenter | None:
    """Commenter.of() without a query, of a comment whose `commenter` and `user__commenter` are loaded."""
    if comment.user_id:
        return getattr(comment.user, "commenter", None) or Commenter(user=comment.user)
    return comment.commenter


def page_of(commenter: Commenter) -> str:
    """The address of a commenter's page on the desk; an account of which nothing is kept yet has one too."""
    if commenter.is_kept:
        return reverse("admin:comments_commenter_change", args=[commenter.pk])
    return reverse("admin:comments_commenter_account", args=[commenter.user_id])


def standings(commenters: Iterable[Commenter], now: datetime | None = None) -> dict[str, Standing]:
    """What comments.standing.standing() says of each, by its `reference`; two queries however many they are."""
    found = {commenter.reference: commenter for commenter in commenters}
    if not found:
        return {}
    settings, rows = CommentSettings.load(), defaultdict(list)
    first, *others = (_newest(commenter) for commenter in found.values())
    for reference, *row in first.union(*others, all=True) if others else first:
        rows[reference].append(row)
    return {
        reference: standing_from(_newest_first(rows[reference]), commenter, settings, now=now)
        for reference, commenter in found.items()
    }


def _newest(commenter: Commenter) -> QuerySet:
    """A commenter's newest comments, in whatever order, each with whose it is."""
    newest = commenter.comments().order_by(*NEWEST).values("pk")[:LOOKED_AT]
    rows = Comment.objects.filter(pk__in=newest).order_by().annotate(whose=Value(commenter.reference))
    return rows.values_list("whose", "created_at", "pk", "status", "withdrawn_at")


def _newest_first(rows: list[list]) -> list[tuple]:
    ordered = sorted(rows, key=lambda row: row[:2], reverse=True)
    return [(status, withdrawn_at, created_at) for created_at, _pk, status, withdrawn_at in ordered]


def steps(found: Standing, settings: CommentSettings, now: datetime) -> list[Step]:
    """What each level takes by the site's numbers, beside the writer's own."""
    known = Step(Level.KNOWN.label, *_approved(found, max(settings.approved_needed, 1)))
    trusted = _trusted(found, settings, now) if settings.trusted_needed else []
    if not settings.probation_needed or not found.refused:
        return [known, *trusted]
    asked = ngettext(
        "until %(count)d newer comment than the one taken down is approved",
        "until %(count)d newer comments than the one taken down are approved",
        settings.probation_needed,
    ) % {"count": settings.probation_needed}
    is_over = found.since_refused >= settings.probation_needed
    return [known, *trusted, Step(Level.PROBATION.label, asked, str(found.since_refused), is_over)]


def _trusted(found: Standing, settings: CommentSettings, now: datetime) -> list[Step]:
    days, level, seen = settings.trusted_days, Level.TRUSTED.label, found.approved + found.refused
    old = ngettext("the first of them %(days)d day ago", "the first of them %(days)d days ago", days) % {"days": days}
    first = date_format(timezone.localtime(found.first), "j F Y") if found.first else "–"
    is_old = bool(found.first) and found.first <= now - timedelta(days=days)
    clean = _("at most %(count)d in 100 taken down") % {"count": settings.trusted_refused}
    share = _("%(refused)d of %(seen)d") % {"refused": found.refused, "seen": seen} if seen else "–"
    return [
        Step(level, *_approved(found, settings.trusted_needed)),
        Step(level, old, first, is_old),
        Step(level, clean, share, bool(seen) and found.refused * 100 <= settings.trusted_refused * seen),
    ]


def _approved(found: Standing, needed: int) -> tuple[str, str, bool]:
    asked = ngettext("%(count)d approved comment", "%(count)d approved comments", needed) % {"count": needed}
    return asked, str(found.approved), found.approved >= needed
