"""Backups into BACKUP_DIR: each night by the worker, old ones gone, and what is said of those that fail."""

import fcntl
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import CommandError
from django.utils import timezone

from config.backup import keeping, schedule
from config.doctor import backups as doctors
from config.models import BackupRun
from config.roles import make_roles
from tests.comments.racing import at_once
from tests.config.command import ROOT, database_url, environment
from tests.config.test_backup import run
from tests.config.test_doctor import levels, only
from tests.factories import make_post, make_user

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
FOLDER_GONE = "which is not there: mount its disk, or make the folder."


@pytest.fixture
def folder(settings, tmp_path, transactional_db):
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.MEDIA_ROOT, settings.THEME_DIR = str(tmp_path / "media"), tmp_path / "theme"
    settings.BACKUP_DIR.mkdir()
    make_roles(apps)
    make_post(title="Harbour")
    return settings.BACKUP_DIR


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def test_it_is_made_under_a_name_of_its_own(folder):
    said = run("backup")
    [name] = names(folder)
    assert re.fullmatch(r"marginalia-\d{4}-\d\d-\d\d-\d{6}\.backup", name) and f"{folder / name} (" in said
    state = BackupRun.objects.get()
    assert state.size == (folder / name).stat().st_size and state.problem == ""
    assert timezone.now() - state.made_at < timedelta(minutes=2)
    assert "is whole" in run("backup", folder / name, check=True)


def test_what_a_killed_one_left_is_swept_away_and_nothing_else(folder):
    (folder / ".marginalia-2026-01-01-030000.backup.abc.part").write_text("half")
    others = ["notes.txt", ".other.part", "marginalia-2026-01-01.backup", "before-the-upgrade.backup"]
    for name in others:
        (folder / name).write_text("mine")
    run("backup")
    assert [name for name in names(folder) if name in others] == sorted(others) and len(names(folder)) == 5


def test_seven_days_and_four_weeks_stay():
    """As they were after each night of a year, two on one of the days."""
    nights = [datetime(2026, 1, 1, 3) + timedelta(days=number) for number in range(365)]
    nights.insert(-2, nights[-2] - timedelta(hours=1))
    there: list[str] = []
    for night in nights:
        there.append(f"marginalia-{night:%Y-%m-%d-%H%M%S}.backup")
        gone = keeping.too_old(there)
        there = [name for name in there if name not in gone]
    days = [name[11:21] for name in there]
    # 2026-12-31 is a Thursday: seven days, and the Sundays before them of the four last weeks.
    assert days[-7:] == [f"2026-12-{day}" for day in range(25, 32)]
    assert days[:-7] == ["2026-12-13", "2026-12-20"]
    assert len(set(days)) == len(days)


def test_one_a_month_is_kept_for_seven_of_them():
    there = [f"marginalia-2026-{month:02}-01-030000.backup" for month in range(1, 13)]
    assert keeping.too_old(there) == there[:5]


def test_never_two_at_once(folder):
    with open(folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="Another backup is being made there: wait until it is done."):
            run("backup")
    run("backup")
    assert len(names(folder)) == 1


def test_a_full_disk_is_said_before(folder, monkeypatch):
    run("backup")
    monkeypatch.setattr(keeping.shutil, "disk_usage", lambda path: Disk)
    with pytest.raises(CommandError, match=r"has 50 MB left, and a backup needs about 100 MB: make room"):
        run("backup")
    assert len(names(folder)) == 1
    assert "50 MB left" in only(doctors.look(), "problem").words


class Disk:
    free = 50_000_000


def test_no_folder(settings, folder):
    folder.rmdir()
    with pytest.raises(CommandError, match=FOLDER_GONE):
        run("backup")
    assert not folder.exists()
    settings.BACKUP_DIR = None
    with pytest.raises(CommandError, match="Say where to: name a file, or set BACKUP_DIR."):
        run("backup")


def test_force_needs_a_name(folder):
    with pytest.raises(CommandError, match="--force: name the file"):
        run("backup", force=True)


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("UTC", datetime(2026, 3, 14, 3, tzinfo=UTC)),
        ("Asia/Tehran", datetime(2026, 3, 13, 23, 30, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 3, 14, 10, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 3, 13, 14, tzinfo=UTC)),
    ],
)
@pytest.mark.django_db
def test_it_is_due_once_each_night_of_the_site(zone, night):
    zone, second = ZoneInfo(zone), timedelta(seconds=1)
    BackupRun.objects.create(pk=1, made_at=night - timedelta(hours=5), tried_at=night - timedelta(hours=5))
    assert not schedule.claim(night - second, zone)
    assert schedule.claim(night + second, zone)
    BackupRun.objects.update(made_at=night + second)
    assert not schedule.claim(NOW + timedelta(hours=1), zone)
    assert schedule.claim(night + timedelta(days=1), zone)


@pytest.mark.django_db
def test_the_first_is_made_at_once_and_a_failed_one_again_after_an_hour():
    assert schedule.claim(NOW, UTC)
    assert not schedule.claim(NOW + timedelta(minutes=59), UTC)
    assert schedule.claim(NOW + timedelta(minutes=60), UTC)


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_makes_it():
    BackupRun.objects.create(pk=1)
    assert sorted(at_once(*[lambda: schedule.claim(NOW, UTC)] * 4)) == [False, False, False, True]


class Worker:
    """A real one, on the tests' database."""

    def __init__(self, folder, data) -> None:
        self.log = data / "log"
        values = {"DATABASE_URL": database_url(), "SECRET_KEY": os.environ["SECRET_KEY"], "BACKUP_DIR": str(folder)}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=ROOT,
                env=environment(data, **values),
                stdout=log,
                stderr=log,
            )

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *error) -> None:
        self.process.terminate()
        self.process.wait(30)

    def until(self, is_so) -> None:
        for _ in range(900):
            if is_so():
                return
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())


def test_the_worker_makes_it_and_says_why_not(folder, client, tmp_path):
    folder.rmdir()
    with Worker(folder, tmp_path) as worker:
        worker.until(lambda: schedule.last_run().problem)
    assert schedule.last_run().problem.endswith(FOLDER_GONE)
    said = worker.log.read_text()
    assert "The backup failed and is tried again in an hour: BACKUP_DIR is" in said and "Traceback" not in said
    client.force_login(make_user("olive", "Owner"))
    assert "The last backup failed and is tried again every hour: BACKUP_DIR is" in client.get("/admin/").text

    folder.mkdir()
    assert "The last backup failed" in only(doctors.look(), "problem").words
    BackupRun.objects.update(tried_at=timezone.now() - schedule.AGAIN_AFTER)
    with Worker(folder, tmp_path) as worker:
        worker.until(lambda: schedule.last_run().made_at)
    state = schedule.last_run()
    [name] = names(folder)
    assert (folder / name).stat().st_size == state.size and state.problem == ""
    assert "backup" not in client.get("/admin/").text
    assert levels(doctors.look()) == ["ok", "ok"]


def test_the_desk_tells_owners_alone(folder, client, settings):
    client.force_login(make_user("olive", "Owner"))
    assert "No backup has been made yet" in client.get("/admin/").text
    BackupRun.objects.create(pk=1, made_at=timezone.now() - timedelta(hours=37))
    assert "No backup has been made since" in client.get("/admin/").text
    client.force_login(make_user("edda", "Editor"))
    assert "ackup" not in client.get("/admin/").text
    settings.BACKUP_DIR = None
    client.force_login(make_user("oscar", "Owner"))
    assert "ackup" not in client.get("/admin/").text


def test_the_doctor(folder, settings):
    assert "No backup has been made" in only(doctors.look(), "problem").words
    run("backup")
    assert levels(doctors.look()) == ["ok", "ok"]
    BackupRun.objects.update(made_at=timezone.now() - timedelta(hours=37))
    assert "The last backup is of" in only(doctors.look(), "problem").words
    BackupRun.objects.update(made_at=timezone.now())
    for name in names(folder):
        (folder / name).unlink()
    assert "is no longer in" in only(doctors.look(), "problem").words
    folder.joinpath(".lock").unlink()
    folder.rmdir()
    assert FOLDER_GONE in only(doctors.look(), "problem").words
    settings.BACKUP_DIR = None
    assert "BACKUP_DIR is not set" in only(doctors.look(), "warning").words
