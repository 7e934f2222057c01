"""How the page cache learns that something was committed: from SQLite's wal-index, or by a question to PostgreSQL."""

import os
import sqlite3
import subprocess
import sys
import threading
import time

import psycopg
import pytest
from django.db import connection

from blog.models import Version
from config.pagecache.watch import SqliteWatch, watch
from tests.config.command import database_url

WRITER = """
import sqlite3, sys
number = 0
for line in sys.stdin:
    if line == "open\\n":
        writer = sqlite3.connect(sys.argv[1], isolation_level=None)
        writer.execute("PRAGMA synchronous=OFF")
        writer.execute("PRAGMA wal_autocheckpoint=3")
    elif line == "close\\n":
        writer.close()
    elif line == "cut\\n":
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        number += 1
        writer.execute("UPDATE blog_version SET number = ?", [number])
    print(number, flush=True)
"""


@pytest.fixture(params=["site.sqlite3", "100% of #1? yes.sqlite3"])
def database(tmp_path, request):
    path = str(tmp_path / request.param)
    make(path, "wal")
    return path


def make(path: str, journal: str) -> None:
    made = sqlite3.connect(path, isolation_level=None)
    made.execute(f"PRAGMA journal_mode={journal}")
    made.execute("CREATE TABLE blog_version (key TEXT PRIMARY KEY, number INTEGER)")
    made.execute("INSERT INTO blog_version VALUES ('', 0)")
    made.close()


class Writer:
    """Another process."""

    def __init__(self, database: str) -> None:
        command = [sys.executable, "-c", WRITER, database]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.do("open")

    def do(self, what: str) -> int:
        """The number that is in the database when it is done."""
        print(what, file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


@pytest.fixture
def writer(database):
    writer = Writer(database)
    yield writer
    writer.process.communicate(timeout=10)


def test_every_commit_of_another_process_is_seen_at_once(database, writer):
    """Also while the log is written back, begun anew, cut, and its writers come and go."""
    watching = SqliteWatch(database)
    assert watching.number() == 0
    index = os.stat(f"{database}-shm").st_ino
    for round_ in range(2_000):
        if round_ % 7 == 0:
            writer.do("cut")
        if round_ % 50 == 0:
            writer.do("close")
            writer.do("open")
        assert watching.number() == watching.news(0)[""] == writer.do("write") - 1
    assert watching.number() == 2_000
    assert os.stat(f"{database}-shm").st_ino == index


def test_nothing_is_asked_while_nothing_was_committed(database, writer):
    watching = SqliteWatch(database)
    writer.do("write")
    assert watching.number() == 1
    asked = []
    watching.connection.set_trace_callback(asked.append)
    assert [watching.number() for _ in range(100)] == [1] * 100
    assert asked == []
    writer.do("write")
    assert [watching.number() for _ in range(100)] == [2] * 100
    assert len(asked) == 1


def test_two_in_one_process_see_the_same(database, writer):
    first, second = SqliteWatch(database), SqliteWatch(database)
    for number in range(1, 20):
        writer.do("write")
        assert first.number() == second.number() == number


def test_where_there_is_no_wal_each_look_is_a_question(tmp_path):
    path = str(tmp_path / "site.sqlite3")
    make(path, "delete")
    (tmp_path / "site.sqlite3-shm").write_bytes(bytes(32768))  # left over: it does not move
    watching, writer = SqliteWatch(path), Writer(path)
    for _ in range(20):
        assert writer.do("write") == watching.number() == watching.news(0)[""]
    writer.process.communicate(timeout=10)


def test_it_waits_for_a_database(tmp_path):
    path = tmp_path / "site.sqlite3"
    watching = SqliteWatch(str(path))
    assert watching.number() is None and watching.news(0) is None
    path.write_text("This is not a database, and much too short to be one. " * 20)
    assert watching.number() is None and watching.news(0) is None
    path.unlink()
    sqlite3.connect(path).close()
    assert watching.number() is None
    path.unlink(missing_ok=True)
    make(str(path), "wal")
    assert watching.number() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL is asked")
def test_who_comes_while_a_question_is_on_its_way_shares_the_next(transactional_db, monkeypatch):
    Version.objects.update_or_create(key="", defaults={"number": 1})
    watching, begun, found = watch(), [], []
    ask = watching._number
    monkeypatch.setattr(watching, "_number", lambda: begun.append(len(found)) or ask())
    look = lambda: found.append(watching.number())  # noqa: E731
    with psycopg.connect(database_url(), autocommit=True) as other:
        with other.transaction():
            other.execute("LOCK TABLE blog_version IN ACCESS EXCLUSIVE MODE")  # the first question has to wait
            threads = [threading.Thread(target=look) for _ in range(5)]
            threads[0].start()
            while not begun:
                time.sleep(0.01)
            for thread in threads[1:]:
                thread.start()
            other.execute("UPDATE blog_version SET number = 2 WHERE key = ''")
            time.sleep(1)  # by now all of them have come
            assert found == []
        for thread in threads:
            thread.join(10)
    assert sorted(found)[1:] == [2] * 4
    assert len(begun) == 2
    assert watching.number() == 2 and len(begun) == 3
    watching.close()
