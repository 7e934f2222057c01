"""kill -9 of a worker at every step of sending a mail: nothing is lost, and at most that one mail comes twice."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django_tasks_db.models import DBTaskResult

from blog.mail import owe
from blog.mail.letter import message_id
from blog.mail.sending import LEASE
from blog.models import Mail
from blog.tasks import send_mails
from config.tick import tick
from tests.config.command import ROOT, database_url, environment
from tests.factories import make_user

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
AT_ONCE = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
LEASES = int(LEASE.total_seconds() // 60) + 1  # minutes after which a lost mail is anybody's


class Victims:
    """Starts workers that are killed; see mail_victim.py."""

    def __init__(self, folder, port: int) -> None:
        # Not the tests' settings but the product's, on the tests' database.
        values = {"DATABASE_URL": database_url(), "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        values |= {"SECRET_KEY": os.environ["SECRET_KEY"], "SITE_URL": "http://testserver"}
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.blog.mail_victim"],
                cwd=ROOT,
                env=environment(folder, DJANGO_SETTINGS_MODULE="config.settings", **values),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout.readline() == "ready\n", (folder / "log").read_text()

    def kill_at(self, step: int, minutes: int = 0) -> str:
        """The name of the step at which a worker was killed; empty if it sent the mail before it came so far."""
        self.process.stdin.write(f"{step} {minutes}\n")
        self.process.stdin.flush()
        name = self.process.stdout.readline().strip()
        assert name != "gone", f"the worker ended before step {step}"
        assert self.process.stdout.readline() == "gone\n"
        return "" if name == "survived" else name

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture
def victims(mail_server, tmp_path):
    victims = Victims(tmp_path, mail_server.port)
    yield victims
    victims.stop()


def owe_two(settings, user, name: str) -> tuple[Mail, Mail]:
    """The mail that a worker will die of, and one that waits behind it."""
    settings.TASKS = QUEUE
    Mail.objects.all().delete()
    DBTaskResult.objects.all().delete()
    owe("password", f"{name} first", {"user": user.pk}, delay=timedelta(seconds=-2))
    owe("password", f"{name} second", {"user": user.pk})
    return Mail.objects.get(key=f"{name} first"), Mail.objects.get(key=f"{name} second")


def recover(settings, minutes: int) -> None:
    """The tick of another worker, that much later."""
    settings.TASKS = AT_ONCE
    later = datetime.now(UTC) + timedelta(minutes=minutes)
    with time_machine.travel(later):
        tick(later)


def received(mail_server) -> Counter:
    return Counter(message["Message-ID"] for message in mail_server.messages)


def show(title: str, rows: list[tuple]) -> None:
    print(f"\n{title} ({connection.vendor})\n{'step':>4}  {'killed':<66} {'status':<7} came  the other")
    for number, (name, status, came, other) in enumerate(rows, 1):
        print(f"{number:>4}  {name:<66} {status:<7} {came:>4}  {other:>9}")


@pytest.mark.timeout(600)
def test_killed_once_at_any_step_nothing_is_lost(mail_server, victims, settings):
    user, steps = make_user("alice"), []
    while True:
        first, second = owe_two(settings, user, f"once {len(steps)}")
        name = victims.kill_at(len(steps) + 1)
        if not name:
            break
        recover(settings, LEASES)
        status = Mail.objects.get(pk=first.pk).status
        assert Mail.objects.get(pk=second.pk).status == "sent"
        steps.append((name, status, message_id(first), message_id(second)))

    came = received(mail_server)  # counted at the end, when the server has read all that the dead had said
    rows = [(name, status, came[first], came[second]) for name, status, first, second in steps]
    show("Killed once", rows)
    assert {(status, second) for _name, status, _first, second in rows} == {("sent", 1)}
    # Twice only where nobody can know: from the last line of the text to the commit of the record.
    names = [row[0] for row in rows]
    said = next(number for number, name in enumerate(names) if name.startswith("after SMTP: text of"))
    known = max(number for number, name in enumerate(names) if name.startswith("before SQL: UPDATE"))
    expected = [2 if said <= number <= known else 1 for number in range(len(rows))]
    assert [first for _name, _status, first, _second in rows] == expected
    assert len(rows) > 30, "before and after each statement and each line"


@pytest.mark.timeout(600)
def test_killed_twice_at_any_step_nothing_is_lost_and_nothing_comes_a_third_time(mail_server, victims, settings):
    user, steps = make_user("alice"), []
    while True:
        first, second = owe_two(settings, user, f"twice {len(steps)}")
        name = victims.kill_at(len(steps) + 1)
        if not name:
            break
        send_mails.enqueue()
        again = victims.kill_at(len(steps) + 1, minutes=LEASES)
        recover(settings, 2 * LEASES)
        mail = Mail.objects.get(pk=first.pk)
        assert mail.status == "sent" or "may have been sent" in mail.problem
        assert Mail.objects.get(pk=second.pk).status == "sent"
        steps.append((f"{name}{'' if again else ' (once)'}", mail.status, message_id(first), message_id(second)))

    came = received(mail_server)
    rows = [(name, status, came[first], came[second]) for name, status, first, second in steps]
    show("Killed twice", rows)
    assert all(second == 1 for *_rest, second in rows)
    # Not sent, and the owner is told, only where it was about to be said twice: the step before the first line counts.
    assert all(first == 1 for name, status, first, _second in rows if status == "sent")
    assert Counter(first for _name, status, first, _second in rows if status == "dead") == {0: 2, 2: 4}
