import pytest

from comments import ratelimit
from comments.models import RateCount

pytestmark = pytest.mark.django_db
LIMITS = ((2, 60), (3, 3600))


def test_it_lets_as_many_through_as_it_says():
    assert [ratelimit.wait("a", LIMITS, now=0) > 0 for _ in range(3)] == [False, False, True]


def test_it_says_how_long_to_wait():
    for _ in range(2):
        ratelimit.wait("a", LIMITS, now=20)
    assert ratelimit.wait("a", LIMITS, now=20) == 40


def test_a_new_window_counts_anew_and_the_longer_one_goes_on():
    assert [ratelimit.wait("a", LIMITS, now=now) for now in (0, 1, 60)] == [0, 0, 0]
    assert ratelimit.wait("a", LIMITS, now=61) > 60


def test_keys_do_not_share():
    for _ in range(2):
        ratelimit.wait("a", LIMITS, now=0)
    assert ratelimit.wait("b", LIMITS, now=0) == 0


def test_looking_ahead_says_the_same_and_counts_nothing():
    for _ in range(2):
        assert ratelimit.ahead("a", LIMITS, now=20) == 0
        ratelimit.wait("a", LIMITS, now=20)
    assert [ratelimit.ahead("a", LIMITS, now=20) for _ in range(3)] == [40, 40, 40]
    assert set(RateCount.objects.values_list("count", flat=True)) == {2}


def test_what_is_forgotten_is_counted_anew():
    for _ in range(3):
        ratelimit.wait("a", LIMITS, now=0)
        ratelimit.wait("b", LIMITS, now=0)
    ratelimit.forget("a", LIMITS, now=5)
    assert ratelimit.wait("a", LIMITS, now=5) == 0
    assert ratelimit.wait("b", LIMITS, now=5) > 0


def test_all_keys_that_begin_so_are_forgotten():
    for key in ("a:1", "a:2", "ba:1"):
        for _ in range(3):
            ratelimit.wait(key, LIMITS, now=0)
    ratelimit.forget_like("a:")
    assert [ratelimit.wait(key, LIMITS, now=0) > 0 for key in ("a:1", "a:2", "ba:1")] == [False, False, True]


def test_it_keeps_one_row_for_a_key_and_window():
    for _ in range(3):
        ratelimit.wait("a", LIMITS, now=0)
    assert RateCount.objects.count() == 2
