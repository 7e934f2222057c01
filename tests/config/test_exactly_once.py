"""Many workers on one database: each piece of work is done once, whoever takes it, and two ticks at once do no harm."""

import contextlib
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from blog.models import Mail, OldPath, Post
from comments import counts
from comments.models import AddressKey, BulkDecision, Comment, CommentSettings, ModerationEvent, RateCount, Report
from config import tick
from tests.blog.letters import KINDS, make_mail
from tests.comments.racing import at_once
from tests.config import probe_tasks
from tests.config.command import ROOT, database_url, environment
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db(transaction=True)
TASKS = 300
WORKERS = 4 if connection.vendor == "postgresql" else 2
TICKS = 3
LONG_AGO = timedelta(days=400)


@pytest.fixture
def queue(settings):
    """The product's own, which keeps what is enqueued."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return DBTaskResult.objects


@pytest.fixture
def workers(queue, tmp_path):
    """`manage.py worker`, several times; each has shown that it is at work."""
    values = {"DATABASE_URL": database_url(), "SECRET_KEY": os.environ["SECRET_KEY"]}
    log = tmp_path / "log"
    with log.open("w") as file:
        processes = [
            subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=ROOT,
                env=environment(tmp_path, **values),
                stdout=file,
                stderr=file,
                stdin=subprocess.DEVNULL,
            )
            for _ in range(WORKERS)
        ]
    try:
        (tmp_path / "there").mkdir()
        for number in range(WORKERS):
            probe_tasks.wait_for_others.enqueue(str(tmp_path / "there"), str(number), WORKERS)
        there = queue.successful().filter(task_path=probe_tasks.wait_for_others.module_path)  # a tick has tasks, too
        wait_until(lambda: there.count() == WORKERS, log)
        yield log
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(15)


def wait_until(condition, log) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.1)
    tasks = [
        (task.task_path, task.status, task.traceback) for task in DBTaskResult.objects.exclude(status="SUCCESSFUL")
    ]
    raise AssertionError(f"{tasks}\n{log.read_text()}")


def test_each_task_is_done_once(workers, queue, tmp_path):
    done = tmp_path / "done"
    for number in range(TASKS):
        probe_tasks.leave_a_line.enqueue(str(done), str(number))

    wait_until(lambda: not queue.ready().exists() and not queue.running().exists(), workers)

    assert Counter(done.read_text().split()) == Counter(map(str, range(TASKS)))
    results = queue.filter(task_path=probe_tasks.leave_a_line.module_path)
    assert {(result.status, len(result.worker_ids)) for result in results} == {("SUCCESSFUL", 1)}
    assert len({result.worker_ids[0] for result in results}) > 1
    assert "Traceback" not in workers.read_text()


def work_off() -> None:
    """As one more worker does, until there is nothing left."""
    Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=os.urandom(8).hex(),
    ).run()


def make_work(round: int) -> None:
    """Something for every chore of the tick."""
    now, post = timezone.now(), make_post(title=f"Tides {round}")
    mona = make_user(f"mona{round}", "Owner")
    for number in range(30):
        make_mail(key=f"mail {round} {number}", send_after=now - timedelta(minutes=1))
        make_mail(key=f"sent {round} {number}", status="sent", done_at=now - LONG_AGO)
        Session.objects.create(session_key=f"{round}-{number}", session_data="", expire_date=now - LONG_AGO)
        RateCount.objects.create(key=f"{round}-{number}", window=int(now.timestamp()) - 60)
        old = now - LONG_AGO + timedelta(minutes=number)
        make_comment(post, status="spam", created_at=old, address_digest="ab" * 16)
        make_comment(post, created_at=old, address_digest="ab" * 16)
        Report.objects.create(
            comment=make_comment(post, created_at=old),
            kind="rude",
            address_digest=f"{number:032}",
            created_at=old,
            closed_at=old,
        )
    binned = make_post(title=f"Gone {round}", status=Post.Status.BINNED, published_at=now - LONG_AGO)
    Post.objects.filter(pk=binned.pk).update(binned_at=now - LONG_AGO, year=2025, month=1)
    make_comment(binned)
    waiting = [make_comment(post, status="pending", created_at=now) for _ in range(40)]
    bulk = BulkDecision.objects.create(
        actor=mona, verb="reject", place="?status=pending", newest=waiting[-1].pk, created_at=now - timedelta(minutes=5)
    )
    assert bulk.finished_at is None
    lost = probe_tasks.leave_a_file.enqueue(os.devnull)
    DBTaskResult.objects.filter(pk=lost.id).update(
        status="RUNNING", started_at=now - timedelta(hours=2), worker_ids=["gone"]
    )
    CommentSettings.objects.update(purged_at=None)
    AddressKey.objects.create(created_at=now - LONG_AGO)


def test_several_ticks_and_workers_at_once_do_each_thing_once(queue, mail_server, settings, caplog):
    settings.MAIL_KINDS = settings.MAIL_KINDS | KINDS
    CommentSettings().save()
    for round in range(3):
        make_work(round)
        now = timezone.now()

        results = at_once(*[lambda now=now: tick.tick(now)] * TICKS)
        assert results == [None] * TICKS
        results = at_once(*[work_off] * TICKS)
        assert results == [None] * TICKS

        assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
        assert {result.task_path: result.traceback for result in queue.failed()} == {}
        assert not queue.ready().exists() and not queue.running().exists()
        sent = Counter(subject for subject in mail_server.subjects() if subject.startswith(f"Hello mail {round} "))
        assert len(sent) == 30 and set(sent.values()) == {1}
        assert not Mail.objects.filter(status="waiting", kind="hello").exists()
        decided = ModerationEvent.objects.filter(
            to_status="rejected", batch=BulkDecision.objects.latest("created_at").pk
        )
        assert decided.count() == decided.values("comment_id").distinct().count() == 40
        assert not Session.objects.exists() and not RateCount.objects.exists() and not Report.objects.exists()
        assert not Comment.objects.filter(status="spam").exists()
        assert not Comment.objects.exclude(address_digest="").exists()
        assert not Post.objects.filter(status="binned").exists()
        assert OldPath.objects.filter(post=None).count() == round + 1
        assert AddressKey.objects.count() == 1
        assert counts.recount() == 0


def test_moderators_are_told_once_by_several_ticks(queue):
    olive = make_user("olive", "Owner")
    post = make_post(author=olive)
    now = timezone.now()
    tick.tick(now - timedelta(minutes=30))
    comment = make_comment(post, status="pending")
    ModerationEvent.objects.create(
        comment_id=comment.pk, from_status="", to_status="pending", at=now - timedelta(minutes=10)
    )
    with contextlib.suppress(Mail.DoesNotExist):
        assert at_once(*[lambda: tick.tick(now + timedelta(hours=24))] * TICKS) == [None] * TICKS
    assert Mail.objects.filter(kind="held").count() == 1
