import json
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.spam.calibration import NEWEST, SLOPE, Calibration, fit


class Told:
    """A model whose evidence is the lesson itself."""

    def evidence(self, buckets, own):
        return buckets


def of(goods, spams) -> Calibration:
    return Calibration.of(Told(), [(z, False) for z in goods] + [(z, True) for z in spams])


def test_probabilities_follow_what_was_seen():
    rng = random.Random(4)
    curve = of([rng.gauss(-2, 2) for _ in range(500)], [rng.gauss(2, 2) for _ in range(500)])
    # Of two normal distributions of one width, the true odds are exp((m1 - m0) z / s²): a slope of 1.
    assert curve.slope == pytest.approx(1, abs=0.2) and curve.offset == pytest.approx(0, abs=0.2)
    assert curve.probability(0) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("goods, spams", [([], []), ([-1.0], []), ([], [1.0]), ([-9.0], [9.0])])
def test_few_lessons_change_little(goods, spams):
    curve = of(goods, spams)
    assert curve.slope == pytest.approx(SLOPE, abs=0.1) and abs(curve.offset) < 0.2


@given(st.lists(st.floats(-60, 60), max_size=40), st.lists(st.floats(-60, 60), max_size=40))
def test_more_evidence_is_never_less_likely(goods, spams):
    curve = of(goods, spams)
    assert curve.slope > 0 and math.isfinite(curve.offset)
    probabilities = [curve.probability(z) for z in (-1e6, -20, -1, 0, 1, 20, 1e6)]
    assert probabilities == sorted(probabilities) and 0 <= probabilities[0] <= probabilities[-1] <= 1


def test_separated_lessons_do_not_run_away():
    slope, offset = fit([-30.0] * 500, [30.0] * 500)
    assert 0 < slope < 5 and abs(offset) < 1


def test_the_order_makes_no_difference():
    goods, spams = [-1.0, -2.5, 0.3, 4.0], [2.0, 1.0, -1.0]
    assert of(goods, spams) == of(goods[::-1], spams[::-1])


def test_only_the_newest_count():
    lessons = [(0.0, False)] * NEWEST + [(99.0, False)] * 100
    assert Calibration.of(Told(), lessons).goods == (0.0,) * NEWEST


@pytest.mark.parametrize("share", [0.005, 0.01, 0.02, 0.05, 0.2])
def test_at_most_so_many_good_comments_lie_above(share):
    """On average over many sites, of comments that were not among those seen."""
    rng = random.Random(5)
    above = asked = 0
    for _ in range(300):
        curve = of([rng.gauss(-3, 2) for _ in range(200)], [])
        above += sum(rng.gauss(-3, 2) > curve.threshold(share) for _ in range(100))
        asked += 100
    assert 0.3 * share < above / asked < 1.25 * share + 0.001


def test_a_smaller_share_is_a_higher_threshold():
    curve = of([float(z) for z in range(50)], [])
    thresholds = [curve.threshold(share) for share in (0.0001, 0.005, 0.02, 0.1, 0.5, 0.99)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert curve.threshold(0.005) > 49 and curve.threshold(1) <= 0


@pytest.mark.parametrize("goods", [[], [1.0], [1.0, 1.0, 1.0]])
def test_few_good_comments_give_a_threshold_too(goods):
    curve = of(goods, [])
    assert curve.threshold(0.005) > curve.threshold(0.02) >= max(goods, default=0)
    assert math.isfinite(curve.threshold(1e-9))


def test_it_is_kept_as_json():
    curve = of([-1.0, 0.5], [3.0])
    assert Calibration.load(json.loads(json.dumps(curve.dump()))) == curve


@pytest.mark.parametrize(
    "kept",
    [
        {},
        None,
        {"slope": "x", "offset": 0, "goods": []},
        {"slope": 0, "offset": 0, "goods": []},
        {"slope": 1, "offset": 0, "goods": [float("nan")]},
        {"slope": 1, "offset": float("inf"), "goods": []},
        {"slope": 1, "offset": 0, "goods": 5},
    ],
)
def test_what_is_no_calibration_is_refused(kept):
    with pytest.raises(ValueError, match="no calibration"):
        Calibration.load(kept)
