"""`manage.py serve` as a process among processes: what it starts, it ends."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.config.command import ROOT, environment, free_port, manage

pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to see processes")


class Site:
    def __init__(self, folder: Path, **values: str) -> None:
        self.folder, self.port = folder, free_port()
        self.log = folder / f"log-{self.port}"
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=environment(folder, PORT=str(self.port), WEB_CONCURRENCY="1", **values),
                stdout=file,
                stderr=file,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def wait_until_up(self) -> None:
        wait_for(lambda: "Marginalia is at" in self.log.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()

    def status(self, path: str = "/", host: str = "127.0.0.1") -> int:
        try:
            with urllib.request.urlopen(f"http://{host}:{self.port}{path}", timeout=10) as response:
                return response.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def family(self) -> list[int]:
        """Every process of this site, its parents gone or not: each carries the port in its environment."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and f"\0PORT={self.port}\0".encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
        return found

    def child(self, words: str) -> int:
        """The child of serve whose command line has these words."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return next(int(pid) for pid in children if words in Path(f"/proc/{pid}/cmdline").read_text())


def wait_for(condition, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


@pytest.fixture
def site(demo_site):
    site = Site(demo_site)
    site.wait_until_up()
    yield site
    for pid in site.family():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site.process.wait()


def test_it_serves_and_works_until_it_is_stopped(site, tmp_path):
    assert f"http://127.0.0.1:{site.port} " in site.log.read_text()
    assert site.status("/") == 200
    assert site.status("/admin/login/") == 200
    done = tmp_path / "done"
    code = f"from tests.config.probe_tasks import leave_a_file as task; task.enqueue({str(done)!r})"
    assert manage(site.folder, "shell", "--no-imports", "-c", code).returncode == 0
    wait_for(done.exists)
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(15) == 0
    assert site.family() == []


def test_ctrl_c_stops_everything_without_a_word(site):
    os.killpg(site.process.pid, signal.SIGINT)
    assert site.process.wait(15) == 0
    assert site.family() == []
    assert site.log.read_text().count("\n") == 1, site.log.read_text()


def test_it_says_which_signal_stops_it(site):
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(15) == 0
    assert site.family() == []
    assert "Stopping: SIGTERM." in site.log.read_text()


@pytest.mark.slow
def test_under_nohup_it_outlives_its_terminal(demo_site):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does; a child inherits it
    try:
        site = Site(demo_site)
    finally:
        signal.signal(signal.SIGHUP, before)
    site.wait_until_up()
    site.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)  # serve looks at its signals ten times a second
    assert site.process.poll() is None
    assert site.status() == 200
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(15) == 0
    assert site.family() == []


def test_ctrl_c_while_it_starts_is_as_quiet(demo_site):
    site = Site(demo_site)
    wait_for(lambda: len(site.family()) >= 3)
    os.killpg(site.process.pid, signal.SIGINT)
    assert site.process.wait(15) == 0
    assert site.family() == []
    assert "Traceback" not in site.log.read_text()


def test_ctrl_c_does_not_wait_for_open_connections(site):
    with contextlib.closing(urllib.request.urlopen(f"http://127.0.0.1:{site.port}/")):
        start = time.monotonic()
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(15) == 0
        assert time.monotonic() - start < 9  # ten seconds are what one that does not end by itself is given


@pytest.mark.parametrize("words", ["gunicorn", "worker"])
def test_when_one_dies_the_other_is_stopped(site, words):
    os.kill(site.child(words), signal.SIGKILL)
    assert site.process.wait(15) == 128 + signal.SIGKILL
    assert site.family() == []
    assert f"{words} ended by itself" in site.log.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells children of a killed parent on Linux alone")
def test_when_it_is_killed_its_children_end(site):
    site.process.kill()
    site.process.wait()
    wait_for(lambda: site.family() == [])


@pytest.mark.slow
@pytest.mark.slow
def test_what_does_not_end_is_killed_after_ten_seconds(site):
    os.kill(site.child("worker"), signal.SIGSTOP)
    start = time.monotonic()
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(20) == 0
    assert 9 < time.monotonic() - start < 14
    assert site.family() == []


def test_a_second_site_is_refused_the_port(site):
    done = manage(site.folder, "serve", PORT=str(site.port))
    assert done.returncode == 1
    assert f"Port {site.port} is taken" in done.stderr
    assert site.status() == 200
