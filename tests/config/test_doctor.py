"""`manage.py doctor`: on a whole site, and with one fault after another."""

import json
import os
import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config import doctor, heartbeat
from config.doctor import clock, database, folders, index, static, storage, tasks, worker
from config.doctor.finding import Level
from config.env import networks
from tests.config.command import manage, only_line
from tests.factories import make_comment, make_post

NOW = timezone.now()
UNKEPT = int(clock.is_kept() is False)  # whether the machine of the tests has one warning more


def levels(found) -> list[str]:
    return [finding.level for finding in found]


def only(found, level: str):
    """The one finding of that level."""
    [finding] = [finding for finding in found if finding.level == level]
    assert level == Level.OK or finding.todo
    return finding


def test_a_site_that_runs_is_well(demo_site):
    (demo_site / "db.sqlite3").chmod(0o600)
    assert manage(demo_site, "tick").returncode == 0
    done = manage(demo_site, "doctor", PORT="8123")
    assert (done.returncode, done.stderr) == (0, "")
    # No https, no mail server, no backups: it runs on one's own machine; and the clock is what it is.
    assert f"Problems: 0. Warnings: {3 + UNKEPT}." in done.stdout, done.stdout
    assert "marginalia.W001" in done.stdout and "EMAIL_URL is not set" in done.stdout
    assert "ok      database: The database file is whole" in done.stdout
    assert "All posts are in the search index." in done.stdout
    assert not list((demo_site / "media").glob("doctor-*"))


def test_a_site_in_production_has_nothing_to_say(demo_site):
    (demo_site / "db.sqlite3").chmod(0o600)
    manage(demo_site, "tick")
    done = manage(demo_site, "doctor", "--json", SITE_URL="https://blog.example.org", TRUSTED_PROXIES="127.0.0.1")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert [item["check"] for item in found if item["level"] != "ok"] == ["clock"] * UNKEPT + ["backups", "mail"]
    assert {item["check"] for item in found} == {check.name for check in doctor.CHECKS}


def test_an_empty_folder_says_what_to_do(tmp_path):
    done = manage(tmp_path, "doctor", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    problems = {item["check"]: item for item in found if item["level"] == "problem"}
    assert set(problems) == {"static files", "database"} and "manage.py prepare" in problems["database"]["todo"]
    assert [item["words"] for item in found if item["check"] == "worker"] == [
        "Not looked at, since the database cannot be used."
    ]


def test_a_database_that_does_not_answer(tmp_path):
    url = "postgres://nobody:very-secret@127.0.0.1:1/none"
    done = manage(tmp_path, "doctor", DATABASE_URL=url, SECRET_KEY="abcdefghij" * 6)
    assert (done.returncode, done.stderr) == (1, "")
    assert "PROBLEM database: The database cannot be used" in done.stdout and "none at 127.0.0.1:1" in done.stdout
    assert "very-secret" not in done.stdout and "Traceback" not in done.stdout


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "db.sqlite3").write_text("These are not the rows you are looking for. " * 50)
    done = manage(tmp_path, "doctor")
    assert (done.returncode, done.stderr) == (1, "")
    assert "PROBLEM database: The database cannot be used: file is not a database" in done.stdout


def test_no_address_to_send_to(tmp_path):
    assert only_line(manage(tmp_path, "doctor", "--mail-to", "nobody")).endswith("'nobody' is no e-mail address.")


def test_a_check_that_fails_is_a_line(monkeypatch, capsys):
    def fails():
        yield from ()
        raise ZeroDivisionError("the moon\nis full")

    monkeypatch.setattr(doctor, "CHECKS", [doctor.Check("moon", fails), doctor.Check("sun", lambda: iter(()))])
    with pytest.raises(SystemExit):
        call_command("doctor")
    assert "PROBLEM moon: This could not be looked at: ZeroDivisionError: the moon\n" in capsys.readouterr().out


@pytest.mark.django_db
def test_it_goes_without_a_database_that_fails_later(monkeypatch):
    def away():
        raise OperationalError("server closed the connection unexpectedly\n\tProbably")

    check = doctor.Check("worker", away, needs_database=True)
    monkeypatch.setattr(doctor, "CHECKS", [check])
    [(name, found)] = doctor.examine()
    assert name == "worker" and found.words.endswith("server closed the connection unexpectedly")


def test_secret_keys(settings, monkeypatch):
    from config.doctor.settings import secret_key

    settings.SECRET_KEY = "k3yZxW90-" * 8 + "AbC"
    assert secret_key().level == "ok" and "environment" in secret_key().words
    monkeypatch.delenv("SECRET_KEY")
    assert str(settings.DATA_DIR / "secret_key") in secret_key().words
    settings.SECRET_KEY = "k3yZxW90-AbCdEfGhIjKlMnOpQrStUvWxYz"
    assert secret_key().level == "warning"
    for guessed in ("changeme" * 8, "django-insecure-k3yZxW90-AbCdEfGhIjKlMnOpQrStUvWxYzKlMnOp"):
        settings.SECRET_KEY = guessed
        assert secret_key().level == "problem" and guessed not in secret_key().words


def test_debug(settings):
    from config.doctor.settings import debug

    assert debug().level == "ok"
    settings.DEBUG, settings.SITE_URL = True, "http://127.0.0.1:8000"
    assert debug().level == "warning"
    settings.SITE_URL = "https://blog.example.org"
    assert debug().level == "problem"


def test_its_own_host(settings):
    from config.doctor.settings import allowed_hosts

    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://blog.example.org", [".example.org"]
    assert allowed_hosts().level == "ok"
    settings.ALLOWED_HOSTS = ["www.example.org"]
    assert allowed_hosts().level == "problem" and "blog.example.org" in allowed_hosts().todo


@pytest.mark.parametrize(
    ("https", "given", "level"),
    [
        (False, "", "ok"),
        (True, "127.0.0.1", "ok"),
        (True, "", "problem"),
        (True, "10.0.0.1,::/0", "problem"),
        (False, "0.0.0.0/0", "problem"),
    ],
)
def test_proxies(settings, monkeypatch, https, given, level):
    from config.doctor.settings import trusted_proxies

    monkeypatch.setenv("TRUSTED_PROXIES", given)
    settings.HTTPS, settings.TRUSTED_PROXIES = https, networks("TRUSTED_PROXIES")
    assert trusted_proxies().level == level


def test_system_checks(settings, monkeypatch):
    from config.doctor.settings import system_checks

    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # of the browser tests

    settings.ALLOWED_HOSTS = ["*"]
    found = list(system_checks())
    assert "marginalia.E001" in only(found, "problem").words
    settings.ALLOWED_HOSTS, settings.HTTPS, settings.SECURE_SSL_REDIRECT = ["blog.example.org"], True, True
    settings.SECURE_HSTS_SECONDS, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE = 3600, True, True
    assert levels(system_checks()) == ["ok"]


def test_folders(settings, tmp_path, monkeypatch):
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.READY_PAGES_DIR = tmp_path, tmp_path / "media", tmp_path
    (tmp_path / "secret_key").touch(0o600)
    monkeypatch.setattr(folders, "connection", type("PostgreSQL", (), {"vendor": "postgresql"}))
    assert levels(folders.look()) == ["ok"] * 5
    (tmp_path / "secret_key").chmod(0o644)
    assert "chmod 600" in only(folders.look(), "problem").todo
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.touch()  # a file where the folder should be
    (tmp_path / "secret_key").chmod(0o600)
    assert "uploads cannot be written" in only(folders.look(), "problem").words


def test_somebody_else_looks(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    found = folders.user()
    assert found.level == "warning" and "runs as 54321" in found.words


@pytest.mark.parametrize(("megabytes", "level"), [(99, "problem"), (1_000, "warning"), (1_024, "ok")])
def test_space(tmp_path, monkeypatch, megabytes, level):
    usage = type("Usage", (), {"free": megabytes * folders.MB})
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda path: usage)
    assert folders.space(tmp_path, folders.FULL, folders.TIGHT).level == level


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's files are its own")
def test_a_database_that_everybody_can_read(settings, tmp_path, monkeypatch):
    path = tmp_path / "db.sqlite3"
    path.touch()
    settings.DATA_DIR = tmp_path
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    path.chmod(0o640)
    assert levels(folders.secrets()) == []
    path.chmod(0o644)
    assert only(folders.secrets(), "warning").todo == f"Run: chmod 640 {path}*"


def test_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    assert levels(storage.look()) == ["ok"] and not list(settings.MEDIA_ROOT.iterdir())
    settings.MEDIA_ROOT = tmp_path / "file"
    (tmp_path / "file").touch()
    assert "could not be written" in only(storage.look(), "problem").words


def test_static_files(settings, tmp_path, monkeypatch):
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    assert levels(static.look()) == ["problem"]
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").touch()
    (tmp_path / "static.digest").write_text("old")
    assert levels(static.look()) == ["warning"]
    (tmp_path / "static.digest").write_text(static.static_digest())
    assert levels(static.look()) == ["ok"]
    settings.DEBUG, settings.STATIC_ROOT = True, tmp_path / "none"
    assert levels(static.look()) == ["ok"]


@pytest.mark.django_db
def test_database(monkeypatch):
    assert {"ok"} == set(levels(database.look()))
    monkeypatch.setattr(database, "waiting_migrations", lambda: 3)
    assert "lacks 3 migrations" in only(database.look(), "problem").words
    monkeypatch.setattr(database, "waiting_migrations", lambda: 0)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('blog', '9999_tides', %s)", [NOW])
    assert "blog.9999_tides" in only(database.look(), "warning").words


@pytest.mark.django_db
def test_clocks(monkeypatch):
    monkeypatch.setattr(clock, "is_kept", lambda: True)
    assert levels(clock.look()) == ["ok"]
    if connection.vendor == "postgresql":
        now = clock.time.time
        for ahead, level in ((10, "warning"), (-100, "problem")):
            monkeypatch.setattr(clock.time, "time", lambda ahead=ahead: now() + ahead)
            assert levels(clock.look()) == [level]


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "found"), [(False, ["warning", "ok"]), (True, ["ok"]), (None, ["ok"])])
def test_a_clock_that_nothing_keeps(monkeypatch, said, found):
    monkeypatch.setattr(clock, "is_kept", lambda: said)
    assert levels(clock.look()) == found


@pytest.mark.skipif(sys.platform != "linux", reason="another kernel has no such question")
def test_the_kernel_is_asked():
    assert clock.is_kept() in (True, False)


@pytest.mark.django_db
def test_worker():
    assert only(worker.look(), "problem").words.startswith("No worker has ever run")
    for age, level in ((0, "ok"), (6, "problem"), (500, "problem"), (-5, "warning")):
        heartbeat.beat(timezone.now() - timedelta(minutes=age))
        assert levels(worker.look()) == [level]


@pytest.mark.django_db
def test_tasks():
    assert levels(tasks.look()) == ["ok"]
    fields = {"args_kwargs": {"args": [], "kwargs": {}}, "task_path": "some.task", "backend_name": "default"}
    fields |= {"worker_ids": [], "exception_class_path": "", "traceback": "", "run_after": NOW}
    waiting = DBTaskResult.objects.create(status="READY", **fields)
    assert only(tasks.look(), "ok").words.startswith("1 task waits for")
    DBTaskResult.objects.filter(pk=waiting.pk).update(enqueued_at=timezone.now() - timedelta(minutes=20, seconds=5))
    DBTaskResult.objects.create(status="FAILED", finished_at=timezone.now(), **fields)
    DBTaskResult.objects.create(status="FAILED", finished_at=NOW - timedelta(days=2), **fields)
    late, failed = tasks.look()
    assert (late.level, failed.level) == ("warning", "warning")
    assert "for 20 minutes" in late.words and failed.words == "some.task failed 1 time in the last day."


@pytest.mark.django_db
def test_search_index():
    comment = make_comment(make_post())
    assert levels(index.look()) == ["ok", "ok"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_search")
        cursor.execute("DELETE FROM comments_search")
    posts, comments = index.look()
    assert posts.words == "1 posts are not in the search index." and "manage.py render" in posts.todo
    assert comments.level == "warning"
    type(comment).objects.update(body="")  # erased by its writer
    assert levels(index.look()) == ["warning", "ok"]


def test_the_command_refuses_an_address_before_it_looks():
    with pytest.raises(CommandError):
        call_command("doctor", "--mail-to", "a@b@c")
