"""`manage.py maintenance`: the site closed to readers, and open to who works on it."""

import io
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.core.management import CommandError, call_command

from config import maintenance
from config.maintenance import Maintenance
from tests.config.command import ROOT, environment, free_port, manage, only_line


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    path = tmp_path / "maintenance"
    monkeypatch.setattr(maintenance, "FILE", path)
    return path


@pytest.fixture
def site():
    """The answers of a site that is open, by way of the gate: its status, headers and body."""
    gate = Maintenance(lambda environ, start_response: start_response("200 OK", []) or [b"open"])

    def ask(path: str = "/", method: str = "GET"):
        gate.looked = float("-inf")
        said = []
        body = b"".join(gate({"PATH_INFO": path, "REQUEST_METHOD": method}, lambda *args: said.extend(args)))
        return int(said[0][:3]), dict(said[1]), body.decode()

    ask.gate = gate
    return ask


def test_it_closes_and_opens(site, capsys):
    assert site()[0] == 200
    call_command("maintenance", "on")
    status, headers, body = site("/2026/03/tides/")
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "120", "no-store")
    assert "Back in a moment" in body and "script" not in headers["Content-Security-Policy"]
    assert headers["Content-Length"] == str(len(body.encode()))
    call_command("maintenance", "off")
    assert site()[::2] == (200, "open")
    call_command("maintenance", "off")
    assert "open already" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["/admin/", "/admin/blog/post/", "/static/css/site.css", "/media/images/a"])
def test_what_its_owner_needs_is_open(site, path):
    maintenance.begin("")
    assert site(path)[0] == 200


@pytest.mark.parametrize("path", ["/", "/feed.atom", "/sign-in/", "/administration/", "/p/admin/", "/nothing"])
def test_all_else_is_closed(site, path):
    maintenance.begin("")
    assert site(path)[0] == 503


def test_the_owners_words_are_words(site):
    call_command("maintenance", "on", "--words", "تا ظهر <b>بسته</b>", stdout=io.StringIO())
    body = site()[2]
    assert '<p dir="auto">تا ظهر &lt;b&gt;بسته&lt;/b&gt;</p>' in body and "cannot answer" not in body
    assert body.startswith("<!doctype html>") and body.count("<p") == 2


def test_a_head_has_no_body(site):
    maintenance.begin("")
    status, headers, body = site(method="HEAD")
    assert (status, body) == (503, "") and int(headers["Content-Length"]) > 500


def test_the_file_is_looked_for_once_a_second(site, monkeypatch):
    looks = []
    monkeypatch.setattr(maintenance, "_words", lambda: looks.append(1))
    gate = site.gate
    for _ in range(50):
        gate({"PATH_INFO": "/", "REQUEST_METHOD": "GET"}, lambda *args: None)
    assert len(looks) == 1


def test_a_file_that_cannot_be_read_closes_too(site, file):
    file.mkdir()
    assert site()[0] == 503


@pytest.mark.parametrize("wrong", [("off", "--words", "x"), ("on", "--words", "x" * 1_001), ("maybe",)])
def test_what_makes_no_sense_is_refused(site, wrong):
    with pytest.raises(CommandError):
        call_command("maintenance", *wrong)
    assert site()[0] == 200


def ask(port: int, path: str):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wait_for(port: int, path: str, status: int) -> str:
    for _ in range(100):
        try:
            found, body = ask(port, path)
        except OSError:
            found, body = 0, ""
        if found == status:
            return body
        time.sleep(0.1)
    raise AssertionError(f"{path} is {found}, not {status}: {body[:500]}")


def test_a_site_that_runs_closes_and_its_database_may_go(demo_site):
    """The real server: closed and opened while it runs, and then with its database gone."""
    port = free_port()
    values = {"PORT": str(port), "WEB_CONCURRENCY": "1"}
    log = (demo_site / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"],
        cwd=ROOT,
        env=environment(demo_site, **values),
        stdout=log,
        stderr=log,
    )
    try:
        wait_for(port, "/", 200)
        assert manage(demo_site, "maintenance", "on", "--words", "Back at noon.").returncode == 0
        assert "Back at noon." in wait_for(port, "/", 503)
        assert ask(port, "/admin/login/")[0] == 200
        assert manage(demo_site, "maintenance", "off").returncode == 0
        wait_for(port, "/", 200)

        for path in demo_site.glob("db.sqlite3*"):
            path.unlink()
        (demo_site / "db.sqlite3").mkdir()
        process.send_signal(signal.SIGHUP)  # new processes, which find no database
        assert "Back in a moment" in wait_for(port, "/archive/", 503)
        assert "unable to open" in (demo_site / "log").read_text()
        assert "Traceback" not in (demo_site / "log").read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        log.close()


def test_it_needs_no_database_and_says_in_one_line_what_it_cannot_do(tmp_path):
    done = manage(tmp_path, "maintenance", "on", DATABASE_URL="postgres://nobody@127.0.0.1:1/none", SECRET_KEY="k" * 50)
    assert done.returncode == 0 and (tmp_path / "maintenance").read_text() == ""
    assert os.stat(tmp_path / "maintenance").st_mode & 0o044  # for nginx
    (tmp_path / "maintenance").unlink()
    (tmp_path / "maintenance" / "inside").mkdir(parents=True)
    assert "maintenance" in only_line(manage(tmp_path, "maintenance", "on"))
