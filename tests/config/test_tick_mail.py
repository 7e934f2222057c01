"""What the clock does with mails."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog import tasks
from blog.mail.sending import LEASE
from blog.models import Mail
from config import tick
from tests.blog.letters import KINDS, make_mail
from tests.config.test_tick import make_result

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TASK = "blog.tasks.send_mails"


@pytest.fixture(autouse=True)
def _kinds(settings, time_machine):
    settings.MAIL_KINDS = KINDS
    time_machine.move_to(NOW, tick=False)  # this file is read long before its tests run


@pytest.fixture
def queue(settings):
    """The product's own queue, which keeps what is enqueued."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return DBTaskResult.objects.filter(task_path=TASK)


def test_mails_that_are_due_are_sent():
    mail = make_mail(send_after=NOW - timedelta(minutes=1))
    later = make_mail(key="b", send_after=NOW + timedelta(minutes=9))
    tick.tick(NOW)
    mail.refresh_from_db()
    later.refresh_from_db()
    assert (mail.status, later.status) == ("sent", "waiting")


def test_the_sending_is_enqueued_once(queue):
    tick.send_owed_mails(NOW)
    assert not queue.exists()
    make_mail(send_after=NOW)
    tick.send_owed_mails(NOW + timedelta(seconds=1))
    tick.send_owed_mails(NOW + timedelta(seconds=61))
    assert [result.status for result in queue] == ["READY"]
    assert tasks.send_mails.module_path == TASK


def test_one_that_is_at_work_is_enough_unless_its_worker_is_gone(queue):
    make_mail(send_after=NOW - timedelta(hours=1))
    running = make_result("RUNNING", task_path=TASK, started_at=NOW - LEASE + timedelta(seconds=1))
    tick.send_owed_mails(NOW)
    assert queue.count() == 1
    DBTaskResult.objects.filter(pk=running.pk).update(started_at=NOW - LEASE)
    tick.send_owed_mails(NOW)
    assert queue.count() == 2


def test_one_that_is_done_hinders_nothing(queue):
    make_mail(send_after=NOW - timedelta(hours=1))
    make_result("SUCCESSFUL", task_path=TASK, finished_at=NOW)
    make_result("READY", task_path="some.task")
    tick.send_owed_mails(NOW)
    assert queue.filter(status="READY").count() == 1


def test_mails_are_kept_for_a_month_and_those_that_could_not_be_sent_for_half_a_year():
    ages = {"sent": [29, 31], "dropped": [29, 31], "dead": [31, 179, 181]}
    for status, days in ages.items():
        for day in days:
            make_mail(key=f"{status} {day}", status=status, done_at=NOW - timedelta(days=day))
    make_mail(key="waiting", created_at=NOW - timedelta(days=900), send_after=NOW + timedelta(days=1))
    tick.tick(NOW)
    kept = {mail.key for mail in Mail.objects.all()}
    assert kept == {"sent 29", "dropped 29", "dead 31", "dead 179", "waiting"}
