from datetime import timedelta

import pytest
from django.utils import timezone

from config import heartbeat, tick
from config.tick import CHORES

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_each_tick_leaves_its_time():
    assert heartbeat.last() is None and heartbeat.is_late(NOW)
    for minutes in (0, 1):
        tick.tick(NOW + timedelta(minutes=minutes))
        assert heartbeat.last() == NOW + timedelta(minutes=minutes)
    assert not heartbeat.is_late(NOW + timedelta(minutes=6))
    assert heartbeat.is_late(NOW + timedelta(minutes=6, seconds=1))


def test_it_comes_after_all_chores_even_if_one_fails(monkeypatch, caplog):
    assert CHORES[-1] is heartbeat.beat

    def fails(now):
        raise ValueError("broken")

    monkeypatch.setattr(tick, "CHORES", [fails, heartbeat.beat])
    tick.tick(NOW)
    assert heartbeat.last() == NOW and "The chore fails failed" in caplog.text
