"""The filter's counts as all processes share them.

Each process has them in memory. Lessons are rows of SpamChange, numbered without gaps in the order of their commits:
a process that is behind applies those that it lacks, and the worker folds them into the checkpoint, with which a new
process begins. So nothing is lost where many learn at once, and a lesson costs the moderator one row.
"""

import logging
import secrets
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from blog.prepared import Prepared
from comments.models import SpamChange, SpamCheckpoint, SpamSample, SpamState
from comments.spam import forgotten, seed
from comments.spam.calibration import Calibration
from comments.spam.features import unpack
from comments.spam.model import Model

logger = logging.getLogger(__name__)

TAUGHT_WITH = 500  # newest lessons of each kind by which the scores are calibrated
MANY, LONG = 20, timedelta(minutes=10)  # changes that the checkpoint may lack, and for how long
TURNS = 5  # how often reading begins anew because somebody was quicker
STATE = Prepared(lambda: SpamState.objects.filter(pk=1).values_list("number", "stamp"))


class Place(NamedTuple):
    """How far a copy of the counts has come."""

    number: int = 0
    stamp: int = 0


class Lesson(NamedTuple):
    is_spam: bool
    sign: int  # 1: learnt, -1: taken back, forgotten.KEPT: learnt, and its words are gone
    features: bytes


class _Copy:
    """This process's own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.place: Place | None = None
        self.model: Model | None = None


_copy = _Copy()


def model() -> Model:
    """The site's model with every lesson that is committed, or was given within this transaction.

    Shared by all threads of the process: ask it, and teach it through record() alone.
    """
    with _copy.lock:
        for _turn in range(TURNS):
            now = _place()
            if _copy.place == now or _catch_up(now):
                break
            _copy.model, _copy.place = read()
        return _copy.model


def hold() -> None:
    """Whoever teaches, or begins anew, waits until the caller's transaction ends.

    Asked for before any sample is read, so that what is read is what is true until then; and before the comments'
    counts (comments/counts.py) are written, so that nobody deadlocks.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comments_spamstate (id, number, stamp) VALUES (1, 0, 0) ON CONFLICT (id) DO UPDATE"
            " SET number = comments_spamstate.number"
        )


def record(lessons: list[Lesson]) -> None:
    """Adds lessons, within the caller's transaction, which has called hold()."""
    if not lessons:
        return
    last = _claim(len(lessons))
    first = last.number - len(lessons) + 1
    SpamChange.objects.bulk_create(
        SpamChange(number=number, stamp=last.stamp, is_spam=lesson.is_spam, sign=lesson.sign, features=lesson.features)
        for number, lesson in enumerate(lessons, start=first)
    )


def read() -> tuple[Model, Place]:
    """A copy of its own, from the checkpoint and the changes since."""
    checkpoint = SpamCheckpoint.objects.filter(pk=1).first()
    made, place = Model(seed=seed.load()), Place()
    if checkpoint:
        place = Place(checkpoint.number, checkpoint.stamp)
        try:
            made = Model.load(bytes(checkpoint.counts), seed=seed.load())
            made.calibration = Calibration.load(checkpoint.calibration)
        except ValueError:
            # Of another version of the features: of no use any more. Retraining makes them anew.
            logger.warning("The spam filter’s counts are of another version: retrain it from history.")
    return made, _apply(made, place, _changes_from(place.number + 1))


def fold() -> int:
    """Puts the changes since into the checkpoint, and calibrates the scores anew; how many they were."""
    before, kept = SpamCheckpoint.objects.filter(pk=1).values_list("number", "calibration").first() or (0, {})
    made, place = read()
    if place.number == before:
        return 0
    own = calibrated(made)
    # What came with an import is calibrated by lessons that are not here, until half as many of its own are.
    is_brought = bool(kept.get("is_brought")) and 2 * len(own.goods) < len(made.calibration.goods)
    if not is_brought:
        made.calibration = own
    gone = forgotten.read()
    with transaction.atomic():
        hold()
        # Not if another worker was quicker, or somebody began anew meanwhile.
        if _place_of_checkpoint().number != before:
            return 0
        _keep(made, place, is_brought)
        forgotten.keep(gone)
        # The last one stays, for those who have come just so far.
        SpamChange.objects.filter(number__lt=place.number).delete()
    return place.number - before


@transaction.atomic
def replace(made: Model, *, is_brought: bool = False, drops_forgotten: bool = False) -> None:
    """Begins anew with these counts, in the place of all that was learnt. What was learnt before can no longer be taken
    back: it may not be among them. `is_brought` says that they come from elsewhere, with their calibration,
    `drops_forgotten` that no retraining is to bring back what words taught that are gone."""
    hold()
    if drops_forgotten:
        forgotten.drop()
    SpamSample.objects.filter(is_learnt__in=[True], decided_at__isnull=False).update(is_learnt=False)
    put(made, is_brought=is_brought)


def put(made: Model, *, is_brought: bool = False) -> None:
    """Makes these the counts, within the caller's transaction, which has called hold()."""
    forgotten.keep(forgotten.read())
    _keep(made, _claim(1), is_brought)
    SpamChange.objects.all().delete()


def waiting() -> int:
    """How many changes the checkpoint lacks."""
    return _place().number - _place_of_checkpoint().number


def is_due(now: datetime) -> bool:
    """Whether the checkpoint lacks many changes, or has lacked some for long."""
    number = waiting()
    if not 0 < number < MANY:
        return number > 0
    made_at = SpamCheckpoint.objects.filter(pk=1).values_list("made_at", flat=True).first()
    return made_at is None or made_at < now - LONG


def calibrated(made: Model) -> Calibration:
    """By the newest lessons that it has learnt."""
    # Not `is_learnt=True`: SQLite finds no index for a bare column where a condition stands.
    learnt = SpamSample.objects.filter(is_learnt__in=[True], decided_at__isnull=False).order_by("-decided_at", "-pk")
    lessons = []
    for is_spam in (False, True):
        rows = learnt.filter(is_spam__in=[is_spam]).values_list("features", flat=True)[:TAUGHT_WITH]
        lessons += [(unpack(bytes(features)), is_spam) for features in rows]
    return Calibration.of(made, lessons)


def _place() -> Place:
    return Place(*next(iter(STATE()), ()))


def _place_of_checkpoint() -> Place:
    return Place(*(SpamCheckpoint.objects.filter(pk=1).values_list("number", "stamp").first() or ()))


def _changes_from(number: int) -> Iterable[SpamChange]:
    return SpamChange.objects.filter(number__gte=number).order_by("number").iterator()


def _catch_up(now: Place) -> bool:
    """Applies the changes that this process lacks; False if they do not follow upon what it has."""
    if _copy.place is None:
        return False
    changes = iter(_changes_from(_copy.place.number))
    mine = next(changes, None)
    if mine is None or Place(mine.number, mine.stamp) != _copy.place:
        return False
    _copy.place = _apply(_copy.model, _copy.place, changes)
    return _copy.place == now


def _apply(made: Model, place: Place, changes: Iterable[SpamChange]) -> Place:
    for change in changes:
        if change.sign != forgotten.KEPT:
            made.learn(unpack(bytes(change.features)), change.is_spam, change.sign)
        place = Place(change.number, change.stamp)
    return place


def _keep(made: Model, place: Place, is_brought: bool) -> None:
    calibration = made.calibration.dump() | {"is_brought": is_brought}
    values = {"counts": made.dump(), "calibration": calibration, "made_at": timezone.now()}
    SpamCheckpoint.objects.update_or_create(pk=1, defaults=values | place._asdict())


def _claim(count: int) -> Place:
    """The last of so many new numbers. The row is held until the transaction ends."""
    stamp = secrets.randbits(62)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comments_spamstate (id, number, stamp) VALUES (1, %s, %s) ON CONFLICT (id) DO UPDATE"
            " SET number = comments_spamstate.number + excluded.number, stamp = excluded.stamp RETURNING number",
            [count, stamp],
        )
        return Place(cursor.fetchone()[0], stamp)
