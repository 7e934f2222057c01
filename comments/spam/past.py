"""What the filter would have known at each decision of the past, had it been there: in memory, for retraining."""

from collections import Counter, deque
from datetime import UTC, datetime

from comments.models import Comment, SpamSample
from comments.spam import seed
from comments.spam.calibration import NEWEST, Calibration
from comments.spam.features import WHO, buckets_of, pack, unpack
from comments.spam.lessons import OF_ONE_SOURCE
from comments.spam.model import Model
from comments.spam.samples import (
    OF_SOURCE,
    RECENT,
    SINCE,
    add_context,
    alike,
    known,
    made_of,
    parts_of,
    sketch,
    source_of,
)

FIRST, GROWN = 20, 1.25  # lessons from which on scores are calibrated, and how many times as many until anew


class Crowds:
    """Which decisions are lessons, of all of them in their order: of one source only the first of a kind and a day."""

    def __init__(self) -> None:
        self.day = None
        self.counted: Counter = Counter()

    def admit(self, sample: SpamSample) -> bool:
        if not sample.source or sample.is_capped:
            return not sample.is_capped
        day = sample.decided_at.astimezone(UTC).date()
        if day != self.day:
            self.day, self.counted = day, Counter()
        self.counted[sample.is_spam, sample.source] += 1
        return self.counted[sample.is_spam, sample.source] <= OF_ONE_SOURCE


class Past:
    """Told of the decisions one after another: look() before each, learn() after it."""

    def __init__(self) -> None:
        self.model = Model(seed=seed.load())
        self.crowds = Crowds()
        self.newest: deque[tuple[datetime, str, bool]] = deque(maxlen=RECENT)
        self.of_source: dict[str, str] = {}  # a letter for each of the newest decisions
        self.lessons = (deque(maxlen=NEWEST), deque(maxlen=NEWEST))
        self.calibrate_at = FIRST

    def look(self, comment: Comment) -> SpamSample:
        """The sample of a comment that has none, as it would have been made just before the decision; not saved."""
        source, came = source_of(comment, comment.address_digest), _came(comment)
        found = parts_of(comment)
        made = made_of(found, self._context(sketch(found), source, came), source, self.model)
        made.comment, made.created_at = comment, came
        return made

    def renew(self, sample: SpamSample, comment: Comment) -> bool:
        """Takes the features anew if those that are kept are of another version than today's; whether they were. What
        the filter said then stays as it is.

        Those kept hold all that the words give today, and beside it only what is known of the moment and the writer.
        """
        found = parts_of(comment)
        kept, today = set(unpack(bytes(sample.features))), set(buckets_of(found))
        if today <= kept and all(one >> 20 == WHO for one in kept - today):
            return False
        sample.likeness = sketch(found)
        add_context(found, self._context(sample.likeness, sample.source, sample.created_at))
        sample.features = pack(buckets_of(found))
        return True

    def learn(self, sample: SpamSample) -> None:
        """The decision on it is known from now on."""
        self.newest.append((sample.created_at, sample.likeness, sample.is_spam))
        if sample.source:
            letters = self.of_source.get(sample.source, "") + ("s" if sample.is_spam else "g")
            self.of_source[sample.source] = letters[-OF_SOURCE:]
        if not sample.features or not self.crowds.admit(sample):
            return
        buckets = unpack(bytes(sample.features))
        self.model.learn(buckets, sample.is_spam)
        self.lessons[sample.is_spam].appendleft((buckets, sample.is_spam))
        if sum(self.model.lessons) >= self.calibrate_at:
            self.model.calibration = Calibration.of(self.model, [*self.lessons[False], *self.lessons[True]])
            self.calibrate_at = sum(self.model.lessons) * GROWN

    def _context(self, likeness: str, source: str, came: datetime) -> list[str]:
        earlier = [(words, is_spam) for at, words, is_spam in self.newest if at >= came - SINCE]
        labels = [letter == "s" for letter in self.of_source.get(source, "")] if source else []
        return [*alike(likeness, earlier), *known(labels)]


def _came(comment: Comment) -> datetime:
    """When it had the words that it has."""
    return max(comment.created_at, comment.edited_at or comment.created_at)
