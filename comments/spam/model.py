"""What the filter has learnt: in how many good and in how many spam comments each feature stood.

A naive Bayes by groups of features (see features.py). The evidence of a comment is

    z = Σ over groups g of  λ_g / √(m_g + 1) · Σ over its m_g known features x of  log P(x | spam) / P(x | good)

with P(x | class) = (n_x + α) / (n + 2α), n lessons of the class, n_x of them with x. Dividing by the root of their
number keeps many features that say the same from being taken for as many witnesses (J. Rennie and others, “Tackling
the poor assumptions of naive Bayes”, 2003, divide by the length). Features that nobody has seen say nothing. All that
is kept are sums, so the order of the lessons makes no difference and unlearning one is exact.
"""

import math
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from comments.spam.calibration import Calibration
from comments.spam.features import (
    GROUP_BITS,
    GROUPS,
    INDEX,
    LINK,
    LINKS,
    NEAR,
    PIECES,
    READABLE,
    SIZE,
    TRICKS,
    VERSION,
    WORDS,
    Feature,
    Part,
    Told,
    bucket,
    buckets_of,
    parts,
    pieces,
)
from comments.spam.tricks import is_unspaced

ALPHA = 0.3
# Of words, pairs of words, words near each other, pieces of words, links, shape, who wrote it, the name, tricks.
LAMBDA = (1.0, 0.4, 0.3, 0.25, 1.5, 1.5, 1.0, 0.3, 1.5)
SEED_LESSONS = 100  # after so many lessons of the site itself, the seed weighs half
FEWEST = 20  # lessons of each kind below which nothing is sure
LEAST_SEEN = 0.15  # of a comment's words, their pieces and links
TEXT = (WORDS, PIECES, LINKS)
REASONS, LINK_REASONS = 4, 2  # for, and as many against; at most so many of them of links
# Named only if they weigh twice as much as others.
DULL = {"sign", "end", "length", "words", "questions", "digits", "script", "repetition"}
DULL |= {"link part", "ending", "site part"}
FAINT = 0.05  # weights below it are no reason
GROUP = (1 << GROUP_BITS) - 1
LOGS = [math.log(count + ALPHA) for count in range(4096)]
MAGIC = b"marginalia spam 1 "


class Score(NamedTuple):
    """`why` holds [kind, value, weight] of the strongest features, for spam (weight > 0) and then against it."""

    evidence: float
    probability: float
    share: float
    is_sure: bool
    why: list[list]
    buckets: array


class Weighed(NamedTuple):
    """The evidence of each part of a comment, the first its whole, and by what it was weighed.

    By part and group, `scales` are what log-odds are multiplied by and `known` how many features were known; `base` is
    that part of every feature's log-odds which comes of how many lessons of each kind there are.
    """

    evidence: list[float]
    scales: list[float]
    known: list[int]
    base: float
    counts: array


class Model:
    """Counts of SIZE buckets: 8 MB, however much it has learnt. A seed is a model that fades as this one learns."""

    def __init__(self, seed: "Model | None" = None, calibration: Calibration | None = None) -> None:
        self.seed = seed
        self.calibration = calibration or Calibration()
        self.lessons = [0, 0]  # good, spam
        self.counts = array("i", bytes(8 * SIZE))  # of each bucket in good and in spam comments

    def learn(self, buckets: Iterable[int], is_spam: bool, sign: int = 1) -> None:
        """Count one lesson, or with `sign` -1 take it back."""
        counts, kind = self.counts, int(is_spam)
        for index in {one & INDEX for one in buckets}:
            counts[index * 2 + kind] += sign
        self.lessons[is_spam] += sign

    def evidence(self, buckets: array, own: bool | None = None) -> float:
        """What speaks for spam, above 0 more than against it. `buckets` are in order, as features.py gives them.

        `own` says that the model has learnt these very features, as spam or not: they are judged as if it had not.
        """
        return _strongest(self._weigh_all(buckets, own))[0]

    def score(self, told: Told) -> Score:
        """What the model makes of a comment, and why."""
        return self.score_of(parts(told))

    def score_of(self, found: list[Part]) -> Score:
        """The same of features that parts() gave."""
        buckets = buckets_of(found)
        weighed = self._weigh_all(buckets)
        evidence, part = _strongest(weighed)
        return Score(
            evidence=evidence,
            probability=self.calibration.probability(evidence),
            share=self.calibration.share(evidence),
            is_sure=self._is_sure(buckets, weighed),
            why=_why(found, weighed, part),
            buckets=buckets,
        )

    def dump(self) -> bytes:
        """The counts and the numbers of lessons, for load(); without seed and calibration."""
        head = f"{VERSION} {self.lessons[0]} {self.lessons[1]}\n".encode()
        return MAGIC + head + zlib.compress(_swapped(self.counts).tobytes())

    @classmethod
    def load(cls, dumped: bytes, seed: "Model | None" = None, calibration: Calibration | None = None) -> "Model":
        """The model that was dumped. Raises ValueError if it is none, or of another version of the features."""
        head, _newline, packed = dumped.partition(b"\n")
        try:
            if not head.startswith(MAGIC):
                raise ValueError
            version, good, spam = map(int, head[len(MAGIC) :].split())
            raw = zlib.decompressobj().decompress(packed, 8 * SIZE + 1)
            if len(raw) != 8 * SIZE or min(good, spam) < 0:
                raise ValueError
        except (ValueError, zlib.error):
            raise ValueError("This is not what a spam filter has learnt.") from None
        if version not in READABLE:
            raise ValueError(f"This was learnt from version {version} of the features; here they are of {VERSION}.")
        made = cls(seed, calibration)
        made.lessons = [good, spam]
        made.counts = _swapped(array("i", raw))
        return made

    def _weigh_all(self, buckets: array, own: bool | None = None) -> list[Weighed]:
        """By this model and by its seed."""
        weighed = [self._weigh(buckets, own)]
        if self.seed:
            lessons = max(0, sum(self.lessons) - (own is not None))
            weighed.append(self.seed._weigh(buckets, fade=SEED_LESSONS / (SEED_LESSONS + lessons)))
        return weighed

    def _weigh(self, buckets: array, own: bool | None = None, fade: float = 1.0) -> Weighed:
        counts, logs, most = self.counts, LOGS, len(LOGS)
        own_good, own_spam = int(own is False), int(own is True)
        goods, spams = max(0, self.lessons[0] - own_good), max(0, self.lessons[1] - own_spam)
        base = math.log((goods + 2 * ALPHA) / (spams + 2 * ALPHA))
        slots = ((buckets[-1] >> 20 + GROUP_BITS) + 1 << GROUP_BITS) if buckets else 1 << GROUP_BITS
        evidence, scales, known = [0.0] * (slots >> GROUP_BITS), [0.0] * slots, [0] * slots
        for at, mine in _by_group(buckets):
            seen, odds = 0, 0.0
            for one in mine:
                index = (one & INDEX) * 2
                good, spam = counts[index], counts[index + 1]
                if not (good or spam):
                    continue
                good, spam = good - own_good, spam - own_spam
                if good <= 0:
                    if spam <= 0:
                        continue
                    good = 0
                elif spam < 0:
                    spam = 0
                seen += 1
                odds += logs[spam] if spam < most else math.log(spam + ALPHA)
                odds -= logs[good] if good < most else math.log(good + ALPHA)
            if seen:
                known[at] = seen
                scales[at] = fade * LAMBDA[at & GROUP] / math.sqrt(seen + 1)
                odds += seen * base
                # A disguise never speaks for a comment, whoever has used it before.
                evidence[at >> GROUP_BITS] += scales[at] * (max(0.0, odds) if at & GROUP == TRICKS else odds)
        return Weighed(evidence, scales, known, base, counts)

    def _is_sure(self, buckets: array, weighed: list[Weighed]) -> bool:
        """Whether enough is known: of spam, of good comments, and of what this one is made of."""
        seeded = self.seed.lessons if self.seed else (0, 0)
        if min(self.lessons[0] + seeded[0], self.lessons[1] + seeded[1]) < FEWEST:
            return False
        asked = sum(len(mine) for at, mine in _by_group(buckets) if at & GROUP in TEXT)
        known = [sum(seen for at, seen in enumerate(one.known) if at & GROUP in TEXT) for one in weighed]
        return max(known) > LEAST_SEEN * asked


def _by_group(buckets: array) -> Iterator[tuple[int, array]]:
    """Part and group as one number, with the buckets in it: they are in order."""
    start = 0
    while start < len(buckets):
        at = buckets[start] >> 20
        end = bisect_left(buckets, (at + 1) << 20, start)
        yield at, buckets[start:end]
        start = end


def _strongest(weighed: list[Weighed]) -> tuple[float, int]:
    """The evidence of a comment and the part of its text it comes from: the one that speaks most for spam."""
    evidence = [sum(both) for both in zip(*(one.evidence for one in weighed), strict=True)]
    if len(evidence) == 1:
        return evidence[0], 0
    part = max(range(1, len(evidence)), key=evidence.__getitem__)
    return evidence[0] + evidence[part], part


def _why(found: list[Part], weighed: list[Weighed], part: int) -> list[list]:
    """The strongest features of the whole comment and of the part that decided; pieces where there is no other."""
    rows = [row for number in sorted({0, part}) for row in _weights(found[number], weighed)]
    if len(rows) < REASONS:
        spelled = dict.fromkeys(piece for kind, word in found[part] if kind == "word" for piece in pieces(word))
        at = part << 20 + GROUP_BITS
        rows += _weights({("piece", piece): at | bucket("piece", piece) for piece in spelled}, weighed)
    rows.sort(key=lambda row: row[0] * _telling(*row[1]))
    why = _pick(row for row in reversed(rows) if row[0] > 0) + _pick(row for row in rows if row[0] < 0)
    return [[kind, value, round(weight, 2)] for weight, (kind, value) in why]


def _telling(kind: str, value: str) -> float:
    """How much of its weight counts where the strongest are chosen: “a” or “to” is named only for want of others."""
    if kind == "word" and len(value) < 3 and value != LINK and not is_unspaced(value):
        return 0.1
    return 0.5 if kind in DULL else 1


def _pick(rows: Iterable[tuple[float, Feature]]) -> list[tuple[float, Feature]]:
    """The first REASONS, but of one link not all that it is made of."""
    picked, of_links = [], 0
    for row in rows:
        of_links += GROUPS.get(row[1][0]) == LINKS
        if of_links <= LINK_REASONS or GROUPS.get(row[1][0]) != LINKS:
            picked.append(row)
        if len(picked) == REASONS:
            break
    return picked


def _weights(part: Part, weighed: list[Weighed]) -> list[tuple[float, Feature]]:
    rows = []
    for feature, one in part.items():
        index, at = (one & INDEX) * 2, one >> 20
        group = at & GROUP
        if group == NEAR:
            continue  # what its words say singly is easier to understand
        weight = 0.0
        for _, scales, _, base, counts in weighed:
            good, spam = counts[index], counts[index + 1]
            if good > 0 or spam > 0:
                weight += scales[at] * (_log(spam) - _log(good) + base)
        if weight > FAINT or (weight < -FAINT and group != TRICKS):
            rows.append((weight, feature))
    return rows


def _log(count: int) -> float:
    return LOGS[count] if 0 <= count < len(LOGS) else math.log(max(0, count) + ALPHA)


def _swapped(counts: array) -> array:
    """Little-endian on every machine."""
    if sys.byteorder == "big":
        counts = array("i", counts)
        counts.byteswap()
    return counts
