"""The tokens of mailed links: what is ours, for this purpose and whole is read; nothing else is."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import override_settings
from hypothesis import assume, given
from hypothesis import strategies as st

from comments import links
from comments.links import Purpose

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PURPOSES = st.sampled_from(list(Purpose))
PARTS = st.lists(st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True), min_size=1, max_size=4)


@given(PURPOSES, PARTS)
def test_what_a_link_is_made_of_is_read_again(purpose, parts):
    link = links.read(purpose, links.make(purpose, *parts))
    assert link.parts == tuple(parts) and not link.is_expired


@given(PURPOSES, PARTS, st.data())
def test_any_change_makes_it_none(purpose, parts, data):
    token = links.make(purpose, *parts)
    start = data.draw(st.integers(0, len(token)))
    end = data.draw(st.integers(start, len(token)))
    changed = token[:start] + data.draw(st.text(max_size=6)) + token[end:]
    assume(changed != token)
    assert links.read(purpose, changed) is None


@given(st.text(max_size=500))
def test_any_text_is_none(text):
    for purpose in Purpose:
        assert links.read(purpose, text) is None


@pytest.mark.parametrize("made", Purpose)
@pytest.mark.parametrize("read", Purpose)
def test_a_link_is_for_one_purpose(made, read):
    assert bool(links.read(read, links.make(made, 1, 2, 3))) == (made is read)


@pytest.mark.parametrize("purpose", Purpose)
def test_it_expires_by_its_own_time(purpose):
    with time_machine.travel(NOW):
        token = links.make(purpose, 1)
    with time_machine.travel(NOW + purpose.age - timedelta(seconds=2)):
        assert not links.read(purpose, token).is_expired
    with time_machine.travel(NOW + purpose.age + timedelta(seconds=2)):
        link = links.read(purpose, token)
        assert link.is_expired and link.parts == ("1",)


def test_a_site_whose_secret_was_changed_reads_what_it_signed_before(settings):
    token = links.make(Purpose.MINE, "user-1")
    with override_settings(SECRET_KEY="new" * 20, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert links.read(Purpose.MINE, token)
    with override_settings(SECRET_KEY="new" * 20):
        assert links.read(Purpose.MINE, token) is None


@pytest.mark.django_db
def test_a_link_is_used_once():
    link = links.read(Purpose.MODERATE, links.make(Purpose.MODERATE, 1))
    assert not link.is_used and link.use() and link.is_used and not link.use()
