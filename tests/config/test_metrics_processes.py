"""The numbers of several processes of gunicorn are one, whichever answers, and whichever is killed."""

import os
import signal
import subprocess
import sys
import urllib.request

import pytest

from config.metrics import folder
from tests.config.command import ROOT, environment, free_port
from tests.config.test_metrics import values
from tests.config.test_serve import wait_for

HITS = "marginalia_page_cache_total result=hit"


class Gunicorn:
    def __init__(self, data, **more: str) -> None:
        self.port, self.log = free_port(), data / "log"
        given = environment(data, PORT=str(self.port), WEB_CONCURRENCY="2", **more)
        with self.log.open("w") as file:
            command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=file, stderr=file)
        wait_for(self.answers, 60)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            self.get("/healthz")
        except OSError:
            return False
        return True

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.read().decode()

    def workers(self) -> list[int]:
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            return [int(pid) for pid in file.read().split()]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


@pytest.fixture
def gunicorn(demo_site):
    server = Gunicorn(demo_site)
    yield server
    server.stop()


@pytest.mark.skipif(not os.path.exists("/proc"), reason="needs /proc to see processes")
def test_all_are_counted_and_outlive_a_process(gunicorn, demo_site):
    def counted() -> float:
        found = values(gunicorn.get("/metrics"))
        return found.get(HITS, 0) + found.get("marginalia_page_cache_total result=made", 0)

    before = counted()
    for _ in range(40):
        gunicorn.get("/")
    assert counted() - before == 40
    assert values(gunicorn.get("/metrics"))["marginalia_ready_pages_in_memory"] >= 1
    killed = gunicorn.workers()[0]
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: killed not in gunicorn.workers() and len(gunicorn.workers()) == 2, 30)
    assert counted() - before == 40
    left = {path.name: path.stat().st_size for path in (demo_site / "metrics").glob(f"*_{killed}.db")}
    assert sum(left.values()) < 16_000 and not any(name.startswith("gauge_live") for name in left), left
    gunicorn.stop()
    again = Gunicorn(demo_site)
    try:
        assert values(again.get("/metrics")).get(HITS, 0) == 0
    finally:
        again.stop()


NO_ROOM = """
import os, resource, sys
from pathlib import Path
from config.metrics import folder
folder.choose(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    folder.make_room(os.getpid())
except OSError:
    from config.metrics import counters
    counters.hit.inc()
    print(counters.hit._value.get(), sorted(os.listdir(Path(sys.argv[1]) / "metrics")))
"""


def test_without_room_a_process_counts_for_itself(tmp_path):
    """It must not write to a file that has no room: the system would kill it."""
    done = subprocess.run(
        [sys.executable, "-c", NO_ROOM, str(tmp_path)],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "1.0 []\n", done.stderr


def test_a_folder_that_cannot_be_made_is_none(tmp_path, monkeypatch):
    (tmp_path / "metrics").write_text("a file")
    monkeypatch.setenv(folder.NAME, "")
    monkeypatch.delenv(folder.NAME)
    folder.choose(tmp_path)
    assert folder.NAME not in os.environ
    folder.empty()
    folder.forget(1)
