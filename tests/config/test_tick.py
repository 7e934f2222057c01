from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments.models import RateCount
from config import tick

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def make_result(status, workers=1, **fields) -> DBTaskResult:
    fields = {"run_after": NOW, "args_kwargs": {"args": [], "kwargs": {}}, "task_path": "some.task"} | fields
    return DBTaskResult.objects.create(
        status=status,
        backend_name="default",
        worker_ids=["w"] * workers,
        exception_class_path="",
        traceback="",
        **fields,
    )


def test_sessions_end():
    for key, hours in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(hours=hours))
    tick.tick(NOW)
    assert [session.pk for session in Session.objects.all()] == ["new"]


def test_rate_counts_go_when_their_window_has_ended():
    for key, seconds in (("old", -1), ("new", 60)):
        RateCount.objects.create(key=key, window=int(NOW.timestamp()) + seconds)
    tick.tick(NOW)
    assert [count.key for count in RateCount.objects.all()] == ["new"]


def test_results_are_kept_for_a_week():
    make_result("SUCCESSFUL", finished_at=NOW - timedelta(days=8))
    make_result("FAILED", finished_at=NOW - timedelta(days=8))
    kept = make_result("SUCCESSFUL", finished_at=NOW - timedelta(days=6))
    waiting = make_result("READY")
    tick.tick(NOW)
    assert set(DBTaskResult.objects.all()) == {kept, waiting}


def test_a_lost_task_is_started_again():
    lost = make_result("RUNNING", started_at=NOW - timedelta(hours=2))
    tick.tick(NOW)
    lost.refresh_from_db()
    assert (lost.status, lost.started_at) == ("READY", None)
    assert lost in DBTaskResult.objects.ready()


def test_a_task_at_work_is_left_alone():
    running = make_result("RUNNING", started_at=NOW - timedelta(minutes=50))
    tick.tick(NOW)
    running.refresh_from_db()
    assert running.status == "RUNNING"


def test_a_task_that_was_lost_three_times_is_given_up():
    lost = make_result("RUNNING", workers=3, started_at=NOW - timedelta(hours=2))
    tick.tick(NOW)
    lost.refresh_from_db()
    assert lost.status == "FAILED"
    assert "3 times" in lost.traceback


def test_a_chore_that_fails_does_not_stop_the_others(monkeypatch, caplog):
    def broken(now):
        raise ValueError("of a broken chore")

    Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(hours=1))
    monkeypatch.setattr(tick, "CHORES", [broken, *tick.CHORES])
    tick.tick(NOW)
    assert not Session.objects.exists()
    assert "The chore broken failed" in caplog.text


def test_the_command_does_it_once():
    Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(hours=1))
    call_command("tick")
    assert not Session.objects.exists()
