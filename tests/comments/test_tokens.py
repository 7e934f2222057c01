import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments import tokens

NOW = 1_800_000_000.0
DAY = 86400


def test_a_writers_token_says_its_age_and_a_one_use_id():
    token = tokens.read(tokens.for_writer(7, now=NOW), 7, now=NOW + 5)
    assert 4 <= token.age <= 6 and len(token.submission) == 32
    assert tokens.for_writer(7, now=NOW) != tokens.for_writer(7, now=NOW)


def test_it_is_never_younger_than_it_is():
    assert tokens.read(tokens.for_writer(7, now=NOW + 0.6), 7, now=NOW + 2.7).age >= 2.1


def test_a_pages_token_is_the_same_all_day_and_has_no_id():
    midnight = NOW // DAY * DAY
    assert tokens.for_page(7, now=midnight) == tokens.for_page(7, now=midnight + DAY - 1)
    assert tokens.read(tokens.for_page(7, now=NOW), 7, now=NOW).submission == ""


@pytest.mark.parametrize("make", [tokens.for_page, tokens.for_writer])
def test_it_is_good_for_a_week(make):
    token = make(7, now=NOW)
    assert tokens.read(token, 7, now=NOW + 7 * DAY - 1) is not None
    assert tokens.read(token, 7, now=NOW + 8 * DAY + 1) is None


def test_it_names_its_post():
    assert tokens.read(tokens.for_writer(7, now=NOW), 8, now=NOW) is None


@given(st.text(max_size=80))
def test_no_other_text_is_a_token(text):
    assert tokens.read(text, 7) is None


def test_a_capability_has_128_bits_and_follows_from_the_submission():
    code = tokens.capability("a" * 32)
    assert len(code) == 22 and code == tokens.capability("a" * 32) != tokens.capability("b" * 32)
