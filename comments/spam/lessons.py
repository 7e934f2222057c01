"""What moderators decide is what the filter learns, and what they take back it forgets.

Approved is good; rejected and spam are unwanted. What a rule decided, or a writer did, teaches nothing. Of one source
(a network, or a writer without one) only the first few lessons of a kind and a day are learnt: a flood that is marked
as spam all at once, or a crowd of approved trifles, does not outweigh the rest.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, Value, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone

from comments.models import Comment, ModerationEvent, SpamSample
from comments.spam import forgotten, store
from comments.spam.store import Lesson

SAID = ("evidence", "probability", "share", "is_sure", "why")
OF_ONE_SOURCE = 10  # lessons of one kind from one source on one day
IS_SPAM = {Comment.Status.APPROVED: False, Comment.Status.REJECTED: True, Comment.Status.SPAM: True}


class Label(NamedTuple):
    """What a person decided, if one did."""

    is_spam: bool | None = None
    at: datetime | None = None


class Crowd(NamedTuple):
    """Lessons of one source that are counted together."""

    is_spam: bool
    day: datetime
    source: str


def follow(events: list[ModerationEvent]) -> None:
    """Learns from what these events have just decided, within the transaction that did it."""
    labels = {event.comment_id: _label(event) for event in events if not event.undoes}
    labels |= in_force([event.comment_id for event in events if event.undoes])
    teach(labels)


def teach(labels: dict[int, Label]) -> None:
    """Makes these the labels of the comments (by id) that the filter has seen."""
    if not labels:
        return
    store.hold()
    given, crowds, changed = [], set(), []
    for sample in SpamSample.objects.filter(comment__in=labels).order_by("pk"):
        label = labels[sample.comment_id]
        if sample.is_spam == label.is_spam:
            continue
        given += _taken_back(sample)
        crowds |= _crowd(sample)
        sample.is_spam, sample.decided_at = label
        sample.is_capped = sample.is_capped and not sample.source
        sample.changed_at = timezone.now()
        crowds |= _crowd(sample)
        if sample.is_spam is not None and not sample.source and not sample.is_capped:
            given += _learnt(sample)
        changed.append(sample)
    fields = ["is_spam", "decided_at", "is_learnt", "is_capped", "changed_at"]
    SpamSample.objects.bulk_update(changed, fields, batch_size=500)
    store.record(given + _settle(crowds))


def reword(comment: Comment, new: SpamSample | None, *, keeps_label: bool = False) -> None:
    """The comment has other words, which the filter sees as `new` (None: it is off). What a person decided was decided
    of the words before, unless it was a moderator who changed them: of a comment that was not scored, as those of staff
    are not, nothing is kept then."""
    store.hold()
    old = SpamSample.objects.filter(comment=comment).first()
    if old is None and (new is None or keeps_label):
        return
    new = new or SpamSample(evidence=0, probability=0, share=1, is_sure=False)
    given, crowds = [], set()
    if old:
        was_learnt, given, crowds = old.is_learnt, _taken_back(old), _crowd(old)
        new.pk, new.comment_id, new.source = old.pk, old.comment_id, old.source or new.source
        new.is_capped = old.is_capped
        if keeps_label:
            new.is_spam, new.decided_at, crowds = old.is_spam, old.decided_at, set()
            given += _learnt(new) if was_learnt else []
        if keeps_label and old.decided_at:
            # It has learnt what people decided: what it would say now is no longer what it said before that.
            for name in SAID:
                setattr(new, name, getattr(old, name))
    new.comment, new.changed_at = comment, timezone.now()
    new.save()
    Comment.objects.filter(pk=comment.pk).update(spam_score=new.probability if new.features else None)
    store.record(given + _settle(crowds))


def forget_words(comments: Iterable[int]) -> None:
    """The words of these comments are gone for good: nothing that was made of them stays with the sample. What was
    learnt stays in the counts, also in those made anew, and can no longer be taken back."""
    forget_sources(comments)
    samples = SpamSample.objects.filter(comment__in=comments)
    teaching = samples.filter(is_spam__isnull=False, is_capped=False).exclude(features=b"").order_by("pk")
    told = [Lesson(*row) for row in teaching.values_list("is_spam", Value(forgotten.KEPT), "features")]
    samples.update(features=b"", why=[], likeness="", is_learnt=False, changed_at=timezone.now())
    store.record(told)


def forget_sources(comments: Iterable[int]) -> None:
    """It is no longer known where these comments came from. So it is found now which of their sources' samples are too
    many to teach; that counts for good, also for those whose turn to be forgotten comes later."""
    store.hold()
    mine = SpamSample.objects.filter(comment__in=comments).exclude(source="")
    too_many = late(mine.values_list("source", flat=True).distinct())
    SpamSample.objects.filter(pk__in=too_many).update(is_capped=True, changed_at=timezone.now())
    mine.update(source="", changed_at=timezone.now())


def late(sources: Iterable[str]) -> set[int]:
    """The samples of these sources that are too many of a crowd to teach; those that nobody decided on are one too."""
    if not (sources := set(sources)):
        return set()
    crowd = ["source", "is_spam", TruncDate("decided_at", tzinfo=UTC)]
    place = Window(RowNumber(), partition_by=crowd, order_by=["decided_at", "pk"])
    placed = SpamSample.objects.filter(source__in=sources, is_capped=False).annotate(place=place)
    return set(placed.filter(place__gt=OF_ONE_SOURCE).values_list("pk", flat=True))


def _settle(crowds: set[Crowd]) -> list[Lesson]:
    """Of each crowd the first ones are learnt, and no others."""
    given = []
    days = {(crowd.is_spam, crowd.day) for crowd in crowds}
    for is_spam, day in sorted(days):
        sources = [crowd.source for crowd in crowds if crowd[:2] == (is_spam, day)]
        place = Window(RowNumber(), partition_by="source", order_by=["decided_at", "pk"])
        of_day = SpamSample.objects.filter(decided_at__gte=day, decided_at__lt=day + timedelta(days=1), is_spam=is_spam)
        placed = of_day.filter(source__in=sources, is_capped=False).annotate(place=place)
        early, late = Q(place__lte=OF_ONE_SOURCE, is_learnt=False), Q(place__gt=OF_ONE_SOURCE, is_learnt=True)
        changed = list(placed.filter(early | late).order_by("pk"))
        for sample in changed:
            given += _taken_back(sample) if sample.is_learnt else _learnt(sample)
            sample.changed_at = timezone.now()
        SpamSample.objects.bulk_update(changed, ["is_learnt", "changed_at"], batch_size=500)
    return given


def _learnt(sample: SpamSample) -> list[Lesson]:
    if not sample.features:
        return []
    sample.is_learnt = True
    return [Lesson(sample.is_spam, 1, bytes(sample.features))]


def _taken_back(sample: SpamSample) -> list[Lesson]:
    if not sample.is_learnt:
        return []
    sample.is_learnt = False
    return [Lesson(sample.is_spam, -1, bytes(sample.features))]


def _crowd(sample: SpamSample) -> set[Crowd]:
    if not sample.source or sample.is_spam is None:
        return set()
    day = sample.decided_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return {Crowd(sample.is_spam, day, sample.source)}


def _label(event: ModerationEvent) -> Label:
    is_spam = IS_SPAM.get(event.to_status) if event.actor_id else None
    return Label() if is_spam is None else Label(is_spam, event.at)


def in_force(ids: Iterable[int]) -> dict[int, Label]:
    """What people decided on each of these comments that was not taken back."""
    if not ids:
        return {}
    of_comment: dict[int, list[ModerationEvent]] = {pk: [] for pk in ids}
    for event in ModerationEvent.objects.of_status().filter(comment_id__in=ids).order_by("pk"):
        of_comment[event.comment_id].append(event)
    return {pk: _last(events) for pk, events in of_comment.items()}


def _last(events: list[ModerationEvent]) -> Label:
    upto = None
    for event in reversed(events):
        if upto is not None and event.pk >= upto:
            continue
        if not event.undoes:
            return _label(event)
        upto = event.undoes
    return Label()
