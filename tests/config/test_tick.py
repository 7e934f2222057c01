from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments import counts
from comments.models import BulkDecision, RateCount
from config import tick
from tests.factories import make_comment, make_post, make_user

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


def make_bulk(**fields) -> BulkDecision:
    actor = make_user("mod", "Moderator")
    return BulkDecision.objects.create(actor=actor, verb="spam", place="?status=pending", newest=2**62, **fields)


def test_a_bulk_decision_whose_task_failed_is_gone_on_with():
    make_comment(make_post(), status="pending")
    bulk = make_bulk(created_at=timezone.now() - timedelta(minutes=5), tell="No.")

    tick.take_up_bulk_decisions(timezone.now())

    bulk.refresh_from_db()
    assert (bulk.changed, bulk.finished_at is not None, bulk.tell) == (1, True, "")
    assert counts.site()["spam"] == 1


def test_a_bulk_decision_at_work_or_just_begun_is_left_alone():
    make_comment(make_post(), status="pending")
    bulk = make_bulk()
    tick.take_up_bulk_decisions(timezone.now())
    BulkDecision.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    args = {"args": [str(bulk.pk)], "kwargs": {}}
    make_result("RUNNING", task_path="comments.tasks.work_off_bulk", args_kwargs=args)
    tick.take_up_bulk_decisions(timezone.now())

    assert counts.site()["pending"] == 1


def test_a_bulk_decision_that_never_ends_is_given_up_and_old_ones_go():
    bulk = make_bulk(created_at=timezone.now() - timedelta(days=2))
    tick.take_up_bulk_decisions(timezone.now())
    bulk.refresh_from_db()
    assert bulk.finished_at is not None

    tick.drop_old_bulk_decisions(timezone.now())
    assert BulkDecision.objects.exists()
    tick.drop_old_bulk_decisions(timezone.now() + timedelta(days=8))
    assert not BulkDecision.objects.exists()
