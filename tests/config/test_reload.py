"""SIGHUP to `manage.py serve`: the program as it is on the disk takes over, and no request fails."""

import contextlib
import http.client
import os
import pty
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.config.command import ROOT, environment, free_port
from tests.config.test_serve import Site, site, wait_for  # noqa: F401  a fixture

pytestmark = pytest.mark.timeout(180)
RELOADS = 3


class Readers:
    """Ask all the time, some by one connection after another and some by one that is kept; note all that fails."""

    def __init__(self, port: int, many: int = 6) -> None:
        self.port, self.stopping = port, threading.Event()
        self.answered, self.failed = 0, []
        self.threads = [threading.Thread(target=self._read, args=[number % 2 == 0]) for number in range(many)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)

    def _read(self, keeps: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        number = 0
        while not self.stopping.is_set():
            number += 1
            try:
                # Not only what is in memory: some of these are made anew.
                connection.request("GET", "/" if number % 5 else f"/search/?q=w{number}")
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    self.failed.append(response.status)
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
                connection.close()
            self.answered += 1
            if not keeps:
                connection.close()
        connection.close()


def master(site) -> int:  # noqa: F811
    return site.child("gunicorn")


def test_no_request_fails_while_the_program_is_loaded_anew(site):  # noqa: F811
    with Readers(site.port) as readers:
        for number in range(1, RELOADS + 1):
            old, old_worker = master(site), site.child("worker")
            site.process.send_signal(signal.SIGHUP)
            wait_for(lambda number=number: site.log.read_text().count("The new gunicorn serves.") == number, 60)
            wait_for(lambda old=old: not os.path.exists(f"/proc/{old}"), 30)
            wait_for(lambda old=old_worker: not os.path.exists(f"/proc/{old}"), 30)
            assert master(site) != old and site.child("worker") != old_worker
    assert readers.failed == []
    assert readers.answered > 100
    log = site.log.read_text()
    assert "Traceback" not in log and "ended by itself" not in log, log
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(15) == 0
    assert site.family() == []


def test_a_new_program_that_does_not_start_changes_nothing(site):  # noqa: F811
    old = master(site)
    key = (site.folder / "secret_key").read_text()
    (site.folder / "secret_key").write_text("short")
    with Readers(site.port, 2) as readers:
        site.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "does not start" in site.log.read_text(), 60)
        time.sleep(0.5)
    assert readers.failed == [] and master(site) == old
    assert "secret_key is damaged" in site.log.read_text()
    (site.folder / "secret_key").write_text(key)
    site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "The new gunicorn serves." in site.log.read_text(), 60)
    assert site.status() == 200


def test_stopped_while_it_loads_anew_everything_ends(site):  # noqa: F811
    site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "Starting anew" in site.log.read_text())
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(20) == 0
    assert site.family() == []


def test_a_killed_process_of_gunicorn_takes_no_waiting_connection_along(site):  # noqa: F811
    """They stand in the line that all share."""
    children = f"/proc/{master(site)}/task/{master(site)}/children"
    with open(children) as file:
        worker = int(file.read().split()[0])
    os.kill(worker, signal.SIGSTOP)
    connections = [http.client.HTTPConnection("127.0.0.1", site.port, timeout=20) for _ in range(5)]
    for connection in connections:
        connection.request("GET", "/")
    os.kill(worker, signal.SIGKILL)
    assert [connection.getresponse().status for connection in connections] == [200] * 5
    for connection in connections:
        connection.close()


def test_the_web_alone(demo_site):
    port = free_port()
    log = demo_site / "alone"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--without-worker", "--port", str(port)],
            cwd=ROOT,
            env=environment(demo_site, WEB_CONCURRENCY="1"),
            stdout=file,
            stderr=file,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        wait_for(lambda: "Marginalia is at" in log.read_text() or process.poll() is not None, 30)
        with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
            assert len(file.read().split()) == 1
        process.send_signal(signal.SIGHUP)
        wait_for(lambda: "The new gunicorn serves." in log.read_text(), 60)
    finally:
        process.terminate()
        assert process.wait(15) == 0, log.read_text()


def test_a_closed_terminal_stops_it(demo_site):
    """There SIGHUP is what the system sends when the window is closed."""
    port = free_port()
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(ROOT)
        os.execve(
            sys.executable,
            [sys.executable, "manage.py", "serve"],
            environment(demo_site, PORT=str(port), WEB_CONCURRENCY="1"),
        )
    said = b""
    while b"Marginalia is at" not in said:
        said += os.read(terminal, 1000)
    os.kill(pid, signal.SIGHUP)
    with contextlib.suppress(OSError):  # the end
        while data := os.read(terminal, 1000):
            said += data
    os.close(terminal)
    _pid, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0 and b"Stopping: SIGHUP." in said, said
