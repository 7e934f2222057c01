"""The filter's counts made anew from all that people have decided.

First, in the order of the decisions, comments that the filter has not seen get a sample, with what it would have said
just before. Then all samples are learnt, into counts that nobody sees yet. Last, while whoever decides waits for a
moment, what has been decided meanwhile is put right, and the counts take the place of those before.

Nothing of it is lost where the worker is stopped: samples stay, and the counts are as before until the last step.
"""

import logging
import secrets
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Max, Q
from django.utils import timezone
from django.utils.translation import gettext

from comments.models import Comment, Job, ModerationEvent, SpamSample
from comments.moderation.moving import lock
from comments.spam import forgotten, lessons, seed, store
from comments.spam.calibration import NEWEST, Calibration
from comments.spam.features import unpack
from comments.spam.model import Model
from comments.spam.past import Crowds, Past
from comments.tasks import retrain

logger = logging.getLogger(__name__)

AT_ONCE, MARKED_AT_ONCE = 200, 5_000
LONGEST = timedelta(minutes=10)  # that a transaction takes, and clocks go apart
TURNS = 5  # how often learning begins anew because the words of a comment were changed meanwhile
RETRAINING = Job.objects.filter(kind=Job.Kind.RETRAIN)
DECIDED = SpamSample.objects.filter(decided_at__isnull=False, is_spam__isnull=False)
HAS_FEATURES = ExpressionWrapper(~Q(features=b""), BooleanField())


class Stopped(Exception):
    """Somebody stopped it, or another worker has taken it over."""


class Changed(Exception):
    """The words of a comment that was learnt are other ones now: what was learnt cannot be taken back. Or they were
    forgotten before it was its turn: it is known of no one comment what it taught."""


class Seen(NamedTuple):
    """What tells whether a sample is still what was learnt: new words give it a new date."""

    is_spam: bool
    created_at: datetime


@dataclass
class Learnt:
    since: datetime  # what was changed before then is in it
    model: Model = field(default_factory=lambda: Model(seed=seed.load()))
    forgotten: int = 0  # how many of its lessons are of words that were gone at the beginning
    samples: dict[int, Seen] = field(default_factory=dict)
    wrongly_marked: set[int] = field(default_factory=set)  # samples whose is_learnt is to be the other
    newest: tuple[deque, deque] = field(default_factory=lambda: (deque(maxlen=NEWEST), deque(maxlen=NEWEST)))


class Run:
    """One worker's turn at a job. Each step shows how far it is, and ends it if it is no longer this one's."""

    def __init__(self, pk: uuid.UUID) -> None:
        self.pk, self.by = pk, secrets.token_hex(8)
        self.done = 0

    def begin(self) -> bool:
        total = 2 * decisions().count()  # about: each is looked at, and most are learnt
        mine = {"asked": {"by": self.by}, "done": 0, "total": total}
        return bool(RETRAINING.filter(pk=self.pk, finished_at=None).update(**mine))

    def expect(self, count: int) -> None:
        """So many more steps, and then it is done."""
        self._update(total=self.done + count)

    def step(self, count: int) -> None:
        self.done += count
        self._update(done=self.done)

    def finish(self, **fields) -> None:
        self._update(finished_at=timezone.now(), **fields)

    def _update(self, **fields) -> None:
        if not RETRAINING.filter(pk=self.pk, finished_at=None, asked__by=self.by).update(**fields):
            raise Stopped


def start(user) -> Job:
    """Has the worker retrain the filter; if it is at it already, that one."""
    with transaction.atomic():
        store.hold()  # two who press the button at once start one
        if job := underway():
            return job
        job = Job.objects.create(kind=Job.Kind.RETRAIN, user=user)
        transaction.on_commit(lambda: retrain.enqueue(str(job.pk)))
    return job


def within_reach() -> int:
    """How many lessons it can surely learn again: of samples that stand in the counts, or whose words are gone."""
    learnt = SpamSample.objects.filter(is_learnt__in=[True], decided_at__isnull=False)
    return learnt.count() + sum(forgotten.read().model.lessons)


def underway() -> Job | None:
    return RETRAINING.filter(finished_at=None).order_by("-created_at").first()


def stop() -> int:
    """Ends what is underway before it replaces anything; how many."""
    problem = gettext("It was stopped. The filter knows what it knew before.")
    return RETRAINING.filter(finished_at=None).update(finished_at=timezone.now(), problem=problem)


def run(pk: uuid.UUID) -> None:
    """Does a job, as far as nobody stops it."""
    mine = Run(pk)
    if not mine.begin():
        return
    try:
        made = look_at_the_past(mine)
        for _turn in range(TURNS):
            try:
                return _replace(mine, learn(mine), made)
            except Changed:
                continue
        mine.finish(problem=gettext("Too much changed meanwhile. Try again when fewer comments are edited."))
    except Stopped:
        return
    except Exception:
        logger.exception("Retraining the spam filter failed.")
        problem = gettext("Something went wrong, and the filter knows what it knew before. The site’s log says more.")
        RETRAINING.filter(pk=pk, finished_at=None).update(finished_at=timezone.now(), problem=problem)


def decisions():
    """What people decided that teaches something, whether or not it was taken back."""
    events = ModerationEvent.objects.of_status().filter(to_status__in=lessons.IS_SPAM, undoes__isnull=True)
    return events.filter(actor__isnull=False)


# Samples for those that have none.


def look_at_the_past(mine: Run) -> int:
    """Makes the samples that are missing, and features of today's version; how many samples are new."""
    past, after, made = Past(), 0, 0
    while events := list(decisions().filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        new, renewed = _look(past, events)
        made += _save(new)
        SpamSample.objects.bulk_update(renewed, ["features", "likeness"])
        after = events[-1].pk
        mine.step(len(events))
    return made


def _look(past: Past, events: list[ModerationEvent]) -> tuple[list[SpamSample], list[SpamSample]]:
    """The samples that these decisions lack, and those whose features are made anew."""
    ids = {event.comment_id for event in events}
    labels = _labels(ids)
    comments = Comment.objects.select_related("parent").in_bulk(ids)
    samples = {sample.comment_id: sample for sample in SpamSample.objects.filter(comment__in=ids)}
    new, renewed = [], []
    for event in events:
        comment, label = comments.get(event.comment_id), labels[event.comment_id]
        if comment is None or not comment.body or label.at != event.at:
            continue
        sample = samples.get(comment.pk)
        if sample is None:
            sample = samples[comment.pk] = past.look(comment)
            sample.is_spam, sample.decided_at = label
            new.append(sample)
        elif sample.is_spam is None:
            continue
        elif sample.features and past.renew(sample, comment):
            renewed.append(sample)
        past.learn(sample)
    return new, renewed


def _labels(ids: set[int]) -> dict[int, lessons.Label]:
    """What people decided; nothing of words that their writer changed since."""
    labels = lessons.in_force(ids)
    rewritten = ModerationEvent.objects.filter(comment_id__in=ids, reason="rewritten").order_by()
    for pk, at in rewritten.values_list("comment_id").annotate(Max("at")):
        if labels[pk].at and labels[pk].at < at:
            labels[pk] = lessons.Label()
    return labels


@transaction.atomic
def _save(new: list[SpamSample]) -> int:
    """Keeps those whose comment is as it was when it was looked at. What was decided since comes later in the log."""
    if not new:
        return 0
    ids = {sample.comment_id for sample in new}
    locked, labels = lock(ids), _labels(ids)
    known = set(SpamSample.objects.filter(comment__in=ids).values_list("comment", flat=True))
    kept = [
        sample
        for sample in new
        if (comment := locked.get(sample.comment_id))
        and comment.pk not in known
        and not comment.is_emptied
        and comment.edited_at == sample.comment.edited_at
        and labels[comment.pk] == (sample.is_spam, sample.decided_at)
    ]
    SpamSample.objects.bulk_create(kept)
    for sample in kept:
        Comment.objects.filter(pk=sample.comment_id).update(spam_score=sample.probability)
    return len(kept)


# The counts.


def learn(mine: Run) -> Learnt:
    """Learns all samples that are lessons, beside what their forgotten ones have taught."""
    learnt, crowds = _beginning(), Crowds()
    mine.expect(DECIDED.count())
    for samples in _in_parts():
        for sample in samples:
            is_lesson = crowds.admit(sample) and bool(sample.features)
            if is_lesson:
                buckets = unpack(bytes(sample.features))
                learnt.model.learn(buckets, sample.is_spam)
                learnt.samples[sample.pk] = Seen(sample.is_spam, sample.created_at)
                learnt.newest[sample.is_spam].appendleft((buckets, sample.is_spam))
            if is_lesson != sample.is_learnt:
                learnt.wrongly_marked.add(sample.pk)
        mine.step(len(samples))
    # Afterwards few lessons are added or taken away, and with the next ones scores are calibrated anew.
    learnt.model.calibration = Calibration.of(learnt.model, chain(*learnt.newest))
    return learnt


@transaction.atomic
def _beginning() -> Learnt:
    store.hold()
    learnt, gone = Learnt(since=timezone.now() - LONGEST), forgotten.read()
    learnt.model.counts, learnt.model.lessons = gone.model.counts, gone.model.lessons
    learnt.forgotten = sum(gone.model.lessons)
    return learnt


def _in_parts() -> Iterator[list[SpamSample]]:
    """All decided samples in the order of their decisions."""
    names = ("is_spam", "decided_at", "created_at", "source", "is_capped", "is_learnt", "features")
    rows, after = DECIDED.order_by("decided_at", "pk").only(*names), Q()
    while samples := list(rows.filter(after)[:AT_ONCE]):
        yield samples
        at, pk = samples[-1].decided_at, samples[-1].pk
        after = Q(decided_at__gte=at) & (Q(decided_at__gt=at) | Q(pk__gt=pk))


@transaction.atomic
def _replace(mine: Run, learnt: Learnt, made: int) -> None:
    """Puts the counts in force, with what has been decided since they were learnt."""
    store.hold()
    _put_right(learnt)
    marked = list(learnt.wrongly_marked)
    for start in range(0, len(marked), MARKED_AT_ONCE):
        ids = marked[start : start + MARKED_AT_ONCE]
        lessons_now = [pk for pk in ids if pk in learnt.samples]
        SpamSample.objects.filter(pk__in=lessons_now).update(is_learnt=True)
        SpamSample.objects.filter(pk__in=set(ids).difference(lessons_now)).update(is_learnt=False)
    store.put(learnt.model)
    good, spam = learnt.model.lessons
    mine.finish(found={"made": made, "good": good, "spam": spam})


def _put_right(learnt: Learnt) -> None:
    """Has the model know exactly the lessons that stand now: only samples that were changed meanwhile are looked at,
    so that whoever decides waits no longer where there are many. Raises Changed."""
    names = ("source", "pk", "is_spam", "created_at", "is_capped", "is_learnt", "has_features")
    rows = SpamSample.objects.filter(changed_at__gte=learnt.since).annotate(has_features=HAS_FEATURES)
    touched = list(rows.values_list(*names))
    late = lessons.late({source for source, *_row in touched if source})
    wrong, missing, gone = {}, [], 0
    for _source, pk, is_spam, created_at, is_capped, is_learnt, has_features in touched:
        seen, now = learnt.samples.get(pk), Seen(is_spam, created_at)
        is_lesson = is_spam is not None and has_features and not is_capped and pk not in late
        if not has_features:
            if seen and seen != now:
                raise Changed
            gone += seen is not None
        elif not is_lesson or seen != now:
            wrong |= {pk: seen} if seen else {}
            missing += [pk] if is_lesson else []
        _mark(learnt, pk, now if is_lesson else None, is_learnt)
    if sum(forgotten.read().model.lessons) != learnt.forgotten + gone:
        raise Changed
    _teach(learnt.model, wrong, missing)


def _mark(learnt: Learnt, pk: int, now: Seen | None, is_learnt: bool) -> None:
    learnt.samples.pop(pk, None)
    learnt.wrongly_marked.discard(pk)
    if now:
        learnt.samples[pk] = now
    if is_learnt != bool(now):
        learnt.wrongly_marked.add(pk)


def _teach(model: Model, wrong: dict[int, Seen], missing: list[int]) -> None:
    for sample in _with_features(wrong):
        seen = wrong[sample.pk]
        if sample.created_at != seen.created_at:
            raise Changed
        model.learn(unpack(bytes(sample.features)), seen.is_spam, -1)
    for sample in _with_features(missing):
        model.learn(unpack(bytes(sample.features)), sample.is_spam)


def _with_features(ids: Iterable[int]) -> Iterator[SpamSample]:
    """Those of these that are not forgotten."""
    rows, ids = SpamSample.objects.exclude(features=b"").only("is_spam", "created_at", "features"), list(ids)
    for start in range(0, len(ids), AT_ONCE):
        yield from rows.filter(pk__in=ids[start : start + AT_ONCE])
