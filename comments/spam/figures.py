"""How good the filter is, by real decisions: what it said of each comment, before it learnt what people made of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from comments.models import CommentSettings, Says, SpamSample

LOOKED_AT = 2_000  # newest decisions: the page costs the same however many there are
GROUPS = 20  # at most, of at least so many decisions each ...
FEWEST = 50
MONTHS = 12
STOPPED = (Says.HOLD, Says.SPAM)


@dataclass
class Figures:
    """Of some decisions in a row: what people made of them, and what the filter had said."""

    first: datetime | None = None
    last: datetime | None = None
    good: int = 0
    spam: int = 0
    caught: int = 0  # spam that it would have held or put aside
    stopped_good: int = 0  # good ones that it would have held or put aside ...
    good_as_spam: int = 0  # ... of these, those put aside
    unsure_good: int = 0  # and those that it was not sure of
    unsure_spam: int = 0

    def add(self, sample: SpamSample, says: str) -> None:
        self.first, self.last = self.first or sample.decided_at, sample.decided_at
        stopped, unsure = says in STOPPED, says == Says.UNSURE
        if sample.is_spam:
            self.spam += 1
            self.caught += stopped
            self.unsure_spam += unsure
        else:
            self.good += 1
            self.stopped_good += stopped
            self.good_as_spam += says == Says.SPAM
            self.unsure_good += unsure

    @property
    def decided(self) -> int:
        return self.good + self.spam

    @property
    def unsure(self) -> int:
        return self.unsure_good + self.unsure_spam

    @property
    def recall(self) -> float | None:
        """Of 100 spam comments, how many it would have stopped."""
        return _percent(self.caught, self.spam)

    @property
    def precision(self) -> float | None:
        """Of 100 that it would have stopped, how many are spam."""
        return _percent(self.caught, self.caught + self.stopped_good)

    @property
    def false_positives(self) -> float | None:
        """Of 100 good comments, how many it would have stopped."""
        return _percent(self.stopped_good, self.good)


@dataclass
class Record:
    """What the newest decisions say of the filter, with the thresholds as they are now."""

    whole: Figures
    groups: list[Figures]  # the oldest first
    months: list[Figures]
    mistakes: list[SpamSample]  # newest first


def record(settings: CommentSettings) -> Record:
    """One query, of LOOKED_AT rows at most."""
    names = ("comment", "decided_at", "is_spam", "is_sure", "probability", "share")
    rows = SpamSample.objects.filter(decided_at__isnull=False, is_spam__isnull=False).only(*names)
    samples = list(rows.order_by("-decided_at", "-pk")[:LOOKED_AT])[::-1]
    said = [(sample, sample.says(settings)) for sample in samples]
    size = max(FEWEST, -(-len(said) // GROUPS))
    return Record(
        whole=next(iter(_in_groups(said, lambda place, sample: 0)), Figures()),
        # From the newest backwards: what is left over are the oldest.
        groups=_in_groups(said, lambda place, sample: (len(said) - 1 - place) // size),
        months=_in_groups(said, lambda place, sample: _month(sample))[-MONTHS:],
        mistakes=[sample for sample, says in reversed(said) if is_mistake(sample, says)],
    )


def is_mistake(sample: SpamSample, says: str) -> bool:
    """A good comment that was stopped, or spam that passed. Who is not sure makes none."""
    return says == Says.GOOD if sample.is_spam else says in STOPPED


def _in_groups(said: Iterable[tuple[SpamSample, str]], key: Callable) -> list[Figures]:
    found: dict = {}
    for place, (sample, says) in enumerate(said):
        found.setdefault(key(place, sample), Figures()).add(sample, says)
    return list(found.values())


def _month(sample: SpamSample) -> tuple[int, int]:
    local = timezone.localtime(sample.decided_at)
    return local.year, local.month


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
