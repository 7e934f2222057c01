"""What is due to be forgotten, by which setting, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from comments import links, moderation, search
from comments.models import (
    AddressKey,
    BlockHit,
    BlockRule,
    Comment,
    Commenter,
    CommenterNote,
    CommentSettings,
    FollowRequest,
    ModerationEvent,
    ModerationNote,
    Report,
    SpamSample,
    Subscription,
    UsedLink,
)
from comments.models.event import NEWEST
from comments.spam import lessons

Status, Match = Comment.Status, BlockRule.Match
KEEP_SAMPLES = timedelta(days=400)  # they count among the filter's mistakes and hits of a year


@dataclass(frozen=True)
class Chore:
    name: str
    keep: str | timedelta  # a field of CommentSettings, in days (0: for ever), or what no setting changes
    rows: Callable[[datetime], QuerySet]  # those that are older than that
    forget: Callable[[list[int]], object]  # within a transaction that holds these rows
    key: str = "pk"  # they are taken in the order of this column: one that an index gives

    def due(self, now: datetime, settings: CommentSettings) -> QuerySet:
        keep = self.keep if isinstance(self.keep, timedelta) else timedelta(days=getattr(settings, self.keep))
        rows = self.rows(now - keep)
        return rows if keep else rows.none()


def _with_digest(before: datetime) -> QuerySet:
    return Comment.objects.filter(created_at__lt=before).exclude(address_digest="")


def _forget_digests(ids: list[int]) -> None:
    Comment.objects.filter(pk__in=ids).update(address_digest="")
    lessons.forget_sources(ids)
    moderation.forget_reasons(ids, Match.NETWORK)


def _reports_with_digest(before: datetime) -> QuerySet:
    return Report.objects.filter(created_at__lt=before).exclude(address_digest__startswith="-")


def _forget_reporters(ids: list[int]) -> None:
    # Not emptied: of one comment's open reports no two are the same, and an undo may open settled ones again.
    nobody = Concat(Value("-"), Cast("pk", CharField()))
    Report.objects.filter(pk__in=ids).update(address_digest=nobody)


def _change_key(ids: list[int]) -> None:
    """What was made with a key that is gone can never again be held against an address."""
    if not AddressKey.objects.exclude(pk__in=ids).exists():
        AddressKey.objects.create()
    AddressKey.objects.filter(pk__in=ids).delete()


def _hits_by_network(before: datetime) -> QuerySet:
    return _hits(Match.NETWORK, Comment.objects.filter(created_at__lt=before))


def _hits_by_email(before: datetime) -> QuerySet:
    return _hits(Match.EMAIL, Comment.objects.filter(created_at__lt=before, user=None, commenter=None))


def _hits(match: str, comments: QuerySet) -> QuerySet:
    """That a rule for networks or addresses was met tells the address. While a comment waits, it says why."""
    decided = comments.filter(pk=OuterRef("comment")).exclude(status=Status.PENDING)
    return BlockHit.objects.filter(rule__match=match).alias(of=_one(decided)).filter(of__isnull=False)


def _one(rows: QuerySet) -> Subquery:
    """The key of one of them. A value, not Exists: that may become a join, for which a whole table is read."""
    return Subquery(rows.order_by().values("pk")[:1])


def _settled(status: str, before: datetime) -> QuerySet:
    """Those that have had this status since before then: what was marked yesterday can still be undone."""
    since = ModerationEvent.objects.of_status().filter(comment_id=OuterRef("pk"), at__gte=before)
    return Comment.objects.filter(status=status, created_at__lt=before).alias(changed=_one(since)).filter(changed=None)


def _spam(before: datetime) -> QuerySet:
    return _settled(Status.SPAM, before)


def _rejected(before: datetime) -> QuerySet:
    return _settled(Status.REJECTED, before)


def _removed_with_words(before: datetime) -> QuerySet:
    return _settled(Status.REMOVED, before).exclude(body="")


def _with_typed_address(before: datetime) -> QuerySet:
    return Comment.objects.filter(user=None, commenter=None, created_at__lt=before).exclude(author_email="")


def _forget_typed_addresses(ids: list[int]) -> None:
    Comment.objects.filter(pk__in=ids).update(author_email="")
    lessons.forget_sources(ids)
    for comment in Comment.objects.filter(pk__in=ids):
        search.index(comment)
    moderation.forget_reasons(ids, Match.EMAIL)


def _idle_commenters(before: datetime) -> QuerySet:
    """Nothing stands here of them any more. Who is blocked stays so, and notes on an account stay with it."""
    wrote, follows, noted = (
        _one(model.objects.filter(commenter=OuterRef("pk"))) for model in (Comment, Subscription, CommenterNote)
    )
    old = Commenter.objects.filter(proved_at__lt=before, blocked_at=None)
    idle = old.alias(wrote=wrote, follows=follows, noted=noted).filter(wrote=None, follows=None)
    return idle.filter(Q(user=None) | Q(noted=None))


def _old_words(before: datetime) -> QuerySet:
    # No newer event is asked for its note, so that this costs the same however long the log is.
    newest = ModerationEvent.objects.filter(at__lt=before).order_by(*NEWEST).values("pk")[:1]
    return ModerationNote.objects.filter(event__lte=Subquery(newest), event__at__lt=before)


def _settled_reports(before: datetime) -> QuerySet:
    return Report.objects.filter(closed_at__lt=before)


def _old_links(before: datetime) -> QuerySet:
    return UsedLink.objects.filter(used_at__lt=before)


def _samples_of_nothing(before: datetime) -> QuerySet:
    return SpamSample.objects.filter(comment=None, created_at__lt=before)


def _old_requests(before: datetime) -> QuerySet:
    return FollowRequest.objects.filter(asked_at__lt=before)


def _delete(model: type[Model]) -> Callable[[list[int]], object]:
    return lambda ids: model.objects.filter(pk__in=ids).delete()


def _old_keys(before: datetime) -> QuerySet:
    return AddressKey.objects.filter(created_at__lt=before)


DATE = "created_at"
CHORES = [
    Chore("digests of addresses", "keep_address_days", _with_digest, _forget_digests, DATE),
    Chore("digests on reports", "keep_address_days", _reports_with_digest, _forget_reporters),
    Chore("keys of digests", "keep_address_days", _old_keys, _change_key),
    Chore("hits of network rules", "keep_address_days", _hits_by_network, _delete(BlockHit)),
    Chore("spam", "keep_spam_days", _spam, moderation.expire, DATE),
    Chore("rejected comments", "keep_rejected_days", _rejected, moderation.expire, DATE),
    Chore("words of removed comments", "keep_rejected_days", _removed_with_words, moderation.empty, DATE),
    Chore("unproved e-mail addresses", "keep_unproved_days", _with_typed_address, _forget_typed_addresses, DATE),
    Chore("hits of e-mail rules", "keep_unproved_days", _hits_by_email, _delete(BlockHit)),
    Chore("commenters of whom nothing is left", "keep_unproved_days", _idle_commenters, _delete(Commenter)),
    Chore("words beside the log", "keep_words_days", _old_words, _delete(ModerationNote), "event"),
    Chore("settled reports", "keep_words_days", _settled_reports, _delete(Report)),
    Chore("what the filter said of deleted comments", KEEP_SAMPLES, _samples_of_nothing, _delete(SpamSample)),
    Chore("addresses that did not agree to follow", links.Purpose.FOLLOW.age, _old_requests, _delete(FollowRequest)),
    Chore("used links", links.LONGEST, _old_links, _delete(UsedLink)),
]
