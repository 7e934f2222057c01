"""From evidence to a probability, and to thresholds that an owner can understand.

Evidence is what the model adds up; how much of it is how sure differs from site to site. It is learnt from the newest
lessons, each judged by the model as if it had never learnt it.
"""

import bisect
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

NEWEST = 500  # lessons of each kind
SLOPE = 0.5  # of a filter that knows nothing of its site
FIRM = 100.0  # the default slope's weight, as a curvature: that of some fifty lessons


@dataclass(frozen=True)
class Calibration:
    """`goods` are the evidences of good comments, in order."""

    slope: float = SLOPE
    offset: float = 0.0
    goods: tuple[float, ...] = field(default=())

    @classmethod
    def of(cls, model, lessons: Iterable[tuple]) -> "Calibration":
        """Learnt from (buckets, is_spam), newest first; of each kind the first NEWEST are used."""
        goods, spams = [], []
        for buckets, is_spam in lessons:
            mine = spams if is_spam else goods
            if len(mine) < NEWEST:
                mine.append(model.evidence(buckets, own=is_spam))
        slope, offset = fit(sorted(goods), sorted(spams))
        return cls(slope, offset, tuple(sorted(goods)))

    def probability(self, evidence: float) -> float:
        """How likely a comment with this evidence is spam, where good and spam are as frequent as each other."""
        return _sigmoid(self.slope * evidence + self.offset)

    def threshold(self, share: float) -> float:
        """The evidence above which at most `share` (0 to 1) of good comments are expected to lie.

        The i-th strongest of n evidences is exceeded by i/(n+1) of what follows, whatever their distribution. Beyond
        the strongest one the tail is taken to fall exponentially, as fast as the upper tenth does.
        """
        count = len(self.goods)
        if not count:
            return 0.0 if share >= 0.5 else _logit(1 - max(share, 1e-6)) / self.slope
        rank = share * (count + 1)
        if rank >= count:
            return self.goods[0] if rank < count + 1 else -math.inf
        if rank < 1:
            return self.goods[-1] + self._fall() * math.log(1 / max(rank, 1e-9))
        upper = self.goods[-math.floor(rank)]
        lower = self.goods[-math.floor(rank) - 1]
        return upper + (lower - upper) * (rank - math.floor(rank))

    def share(self, evidence: float) -> float:
        """The share (0 to 1) of good comments that are expected to have this evidence or more: threshold() turned
        round."""
        count = len(self.goods)
        if not count:
            return min(0.5, 1 - _sigmoid(self.slope * evidence))
        if evidence >= self.goods[-1]:
            return math.exp((self.goods[-1] - evidence) / self._fall()) / (count + 1)
        above = count - bisect.bisect_right(self.goods, evidence)
        if above == count:
            return 1.0
        lower, upper = self.goods[-above - 1], self.goods[-above]
        return (above + (upper - evidence) / (upper - lower)) / (count + 1)

    def _fall(self) -> float:
        upper = self.goods[-max(3, len(self.goods) // 10) :]
        return max(sum(upper) / len(upper) - upper[0], 0.1 / self.slope)

    def dump(self) -> dict:
        """As JSON takes it."""
        return {"slope": self.slope, "offset": self.offset, "goods": list(self.goods)}

    @classmethod
    def load(cls, kept: dict) -> "Calibration":
        """What dump() gave. Raises ValueError if it is not that."""
        try:
            made = cls(float(kept["slope"]), float(kept["offset"]), tuple(sorted(map(float, kept["goods"]))))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"This is no calibration: {error!r}") from None
        if not all(map(math.isfinite, (made.slope, made.offset, *made.goods))) or made.slope <= 0:
            raise ValueError("This is no calibration: its figures are none.")
        return made


def fit(goods: list[float], spams: list[float]) -> tuple[float, float]:
    """Slope and offset of the logistic curve through the evidences.

    J. Platt, “Probabilistic outputs for support vector machines” (1999), with his smoothed targets; both kinds weigh
    the same, and a prior on slope and offset keeps few lessons near the default. Newton's method, as H.-T. Lin and
    others (2007) advise.
    """
    if not goods or not spams:
        return SLOPE, 0.0
    rows = [(z, 1 / (len(goods) + 2), 1 / len(goods)) for z in goods]
    rows += [(z, (len(spams) + 1) / (len(spams) + 2), 1 / len(spams)) for z in spams]
    weight = min(len(goods), len(spams))
    slope, offset = SLOPE, 0.0
    for _ in range(50):
        # The gradient and Hessian of the loss, beginning with the prior's.
        g_slope, g_offset = FIRM * (slope - SLOPE), offset
        h_slope, h_both, h_offset = FIRM, 0.0, 1.0
        for z, target, share in rows:
            p = _sigmoid(slope * z + offset)
            miss, bend = weight * share * (p - target), weight * share * max(p * (1 - p), 1e-9)
            g_slope += miss * z
            g_offset += miss
            h_slope += bend * z * z
            h_both += bend * z
            h_offset += bend
        det = h_slope * h_offset - h_both * h_both
        step_slope = (h_offset * g_slope - h_both * g_offset) / det
        step_offset = (h_slope * g_offset - h_both * g_slope) / det
        slope, offset = max(slope - step_slope, slope / 4), offset - step_offset
        if abs(step_slope) < 1e-10 and abs(step_offset) < 1e-10:
            break
    return slope, offset


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-min(max(x, -700), 700)))


def _logit(p: float) -> float:
    return math.log(p / (1 - p))
