"""kill -9 of a change, or of what makes a page a file, at every step of it: no file is older than what is committed.

The control removes files once the change is committed, as one would without thinking, and must be found out.
"""

import gzip
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from itertools import count

import pytest
from django.db import connection
from django.utils import timezone

from blog.models import Post
from config.ready import files
from config.ready.clock import renew_ready_pages
from tests.config.command import ROOT, database_url, environment
from tests.factories import make_post

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]
PUBLISHED = timezone.datetime(2026, 3, 14, 12, tzinfo=timezone.get_default_timezone())
PATHS = ("/2026/03/tides/", "/")  # one in either tree
HELD_UP = 0.2  # seconds after which somebody is taken to wait for a lock


class Victims:
    """See ready_victim.py."""

    def __init__(self, folder, pages) -> None:
        values = {"DATABASE_URL": database_url(), "SECRET_KEY": os.environ["SECRET_KEY"]}
        values |= {"SITE_URL": "http://testserver", "READY_PAGES_DIR": str(pages)}
        folder.mkdir()
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.config.ready_victim"],
                cwd=ROOT,
                env=environment(folder, DJANGO_SETTINGS_MODULE="config.settings", DEBUG="true", **values),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.lines: queue.Queue[str] = queue.Queue()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def wait(self) -> None:
        assert self.line() == "ready", self.log.read_text()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def line(self) -> str:
        return self.lines.get(timeout=120)

    def has_no_line(self, patience: float) -> bool:
        end = time.monotonic() + patience
        while self.lines.empty() and time.monotonic() < end:
            time.sleep(0.002)
        return self.lines.empty()

    def begin(self, signal_name: str, step: int, *words) -> None:
        self.process.stdin.write("\t".join([signal_name, str(step), *map(str, words)]) + "\n")
        self.process.stdin.flush()

    def kill_at(self, step: int, *words) -> str:
        """The name of the step; empty if there is none of this number: then the thing was done to its end."""
        self.begin("SIGKILL", step, *words)
        first = self.line()
        assert first != "gone", self.log.read_text()
        assert self.line() == "gone", first
        return "" if first == "survived" else first.partition(" ")[2]

    def do(self, *words) -> None:
        assert self.kill_at(-1, *words) == ""

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)
        self.listener.join(10)
        self.process.stdout.close()


class Site:
    """One post, its page and the first page; every change gives it the next number as its title."""

    def __init__(self, tmp_path) -> None:
        self.pages = tmp_path / "pages"
        self.pages.mkdir()
        self.post = make_post(title="Version 0 ends", slug="tides", published_at=PUBLISHED)
        self.next = count(1)
        self.victims, self.others = (Victims(tmp_path / name, self.pages) for name in ("one", "two"))

    def change(self, how: str = "change", lists: bool = False) -> tuple:
        """The words for a victim; with `lists`, a change that shows in all lists."""
        keys = ["lists"] if lists else []
        return how, f"Version {next(self.next)} ends", self.post.pk, f"post:{self.post.pk}", *keys

    def make_files(self) -> None:
        for path in PATHS:
            self.victims.do("read", path)
        assert len(self.files()) == 4, (self.files(), self.victims.log.read_text())

    def files(self) -> list:
        """What nginx would answer with."""
        plain = [self.pages / tree / f"pages{path}index.html" for tree in files.TREES for path in PATHS]
        found = [path for path in plain if path.exists()]
        return found + [packed for path in found if (packed := path.with_name("index.html.gz")).exists()]

    def old(self) -> list:
        title = Post.objects.values_list("title", flat=True).get().encode()
        bodies = {path: path.read_bytes() for path in self.files()}
        plain = {path: gzip.decompress(body) if path.suffix == ".gz" else body for path, body in bodies.items()}
        return [path for path, body in plain.items() if title not in body]

    def stop(self) -> None:
        self.victims.stop()
        self.others.stop()


@pytest.fixture
def site(tmp_path, settings):
    site = Site(tmp_path)
    settings.READY_PAGES_DIR = site.pages
    renew_ready_pages(timezone.now())
    try:
        site.victims.wait()
        site.others.wait()
        yield site
    finally:
        site.stop()


def show(title: str, rows: list[tuple]) -> None:
    print(f"\n{title} ({connection.vendor})")
    for number, (name, *found) in enumerate(rows, 1):
        print(f"{number:>4}  {name:<60} {' '.join(map(str, found))}")


@pytest.mark.parametrize("lists", [False, True], ids=["one post", "all lists"])
def test_a_change_killed_at_any_step_leaves_no_old_file(site, lists):
    rows = []
    while True:
        site.make_files()
        name = site.victims.kill_at(len(rows) + 1, *site.change(lists=lists))
        assert site.old() == [], name
        if not name:
            break
        rows.append((name, len(site.files()), "files left"))
        site.victims.do(*site.change(lists=lists))
        assert site.files() == [], f"the next change, after {name}"
    show("A change is killed", rows)
    names = [row[0] for row in rows]
    assert names.index("before COMMIT") > names.index("after rename" if lists else "after unlink")


@pytest.mark.parametrize("path", PATHS)
def test_a_reader_killed_at_any_step_leaves_no_old_file(site, path):
    rows = []
    while True:
        site.make_files()
        site.victims.do(*site.change(lists=True))
        name = site.victims.kill_at(len(rows) + 1, "read", path)
        assert site.old() == [], name
        if not name:
            break
        rows.append((name, len(site.files()), "files"))
        site.victims.do(*site.change(lists=bool(len(rows) % 2)))
        assert site.files() == [], f"the next change, after {name}"
    show("A page is made a file", rows)
    assert [row[0] for row in rows].count("before rename") == 2


@pytest.mark.parametrize(
    ("path", "killed"), [(PATHS[0], False), (PATHS[1], True)], ids=["committed", "killed before its commit"]
)
def test_a_change_while_a_reader_stands_still_at_any_step(site, path, killed):
    """The page was begun before the change, and goes on after it."""
    rows = []
    last = step_before_commit(site) if killed else -1
    while True:
        site.make_files()
        site.victims.do(*site.change(lists=True))
        site.victims.begin("SIGSTOP", len(rows) + 1, "read", path)
        stopped = site.victims.line()
        if stopped == "survived":
            break
        pid, _, name = stopped.partition(" ")
        site.others.begin("SIGKILL", last, *site.change())
        held_up = site.others.has_no_line(HELD_UP)
        os.kill(int(pid), signal.SIGCONT)
        assert [site.victims.line(), site.victims.line()] == ["survived", "gone"]
        while site.others.line() != "gone":
            pass
        assert site.old() == [], name
        rows.append((name, len(site.files()), "files", "the change waited" if held_up else ""))
        site.victims.do(*site.change())
        assert site.files() == [], f"the next change, after {name}"
    show("A change overtakes a page", rows)
    assert {held_up for *_rest, held_up in rows} == {"", "the change waited"}


def step_before_commit(site) -> int:
    for step in count(1):
        if site.victims.kill_at(step, *site.change()) == "before COMMIT":
            return step


def test_both_killed_at_random(site):
    chance = random.Random(7)
    for _ in range(50):
        for _ in range(3):
            what = site.change(lists=chance.random() < 0.4) if chance.random() < 0.5 else ("read", chance.choice(PATHS))
            step = chance.randint(1, 40)
            name = site.victims.kill_at(step, *what)
            assert site.old() == [], (what, step, name)


def test_removing_files_after_the_commit_is_found_out(site):
    old, step = 0, 0
    while True:
        step += 1
        site.make_files()
        name = site.victims.kill_at(step, *site.change("naive", lists=False))
        old += bool(site.old())
        site.victims.do(*site.change(lists=True))
        if not name:
            break
    print(f"\nThe naive way: old files after {old} of {step} kills ({connection.vendor})")
    assert old >= 5
