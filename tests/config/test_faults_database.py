"""The database is away, stands still, is read-only or full: what readers, writers and probes see of a real one.

docs/operating.md has the table. Each ends with everything as it was, without hands.
"""

import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import lxml.html
import psycopg
import pytest

from tests.config import postgres, room
from tests.config.command import ROOT, environment, manage
from tests.config.node import SITE, TOO_QUICK, Node, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
WORDS = "The harbour wall is older than that, & “dry” at low water. {}"


@pytest.fixture(scope="module")
def server():
    if not postgres.is_here():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(postgres.MISSING)
    server = postgres.Postgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def prepared_on_postgres(server, prepared, tmp_path_factory):
    """A demo site on it, and its folder."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(prepared[0] / "static", folder / "static")
    shutil.copy(prepared[0] / "static.digest", folder)
    done = manage(folder, "prepare", DATABASE_URL=server.url, SECRET_KEY=os.environ["SECRET_KEY"])
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def site(server, prepared_on_postgres):
    node = Node(prepared_on_postgres, DATABASE_URL=server.url, WEB_CONCURRENCY="1")
    with running(node):
        yield node


class running:
    def __init__(self, node: Node) -> None:
        self.node = node

    def __enter__(self) -> Node:
        self.node.start()
        self.node.wait_until_up()
        return self.node

    def __exit__(self, *_error) -> None:
        self.node.stop()
        assert "Traceback" not in self.node.log.read_text(), self.node.log.read_text()


def a_post(reader: Visitor) -> str:
    reader.get("/")
    links = lxml.html.fromstring(reader.text).xpath("//main//a/@href")
    for link in (link for link in links if link.startswith("/20") and link.count("/") == 4):
        reader.get(link)
        if "comment-text" in reader.text:
            return link
    raise AssertionError(links)


def about_to_comment(node: Node) -> Visitor:
    """With a form in front of them that the next send() stores."""
    writer = Visitor(node)
    writer.get(a_post(writer))
    writer.words = WORDS.format(time.monotonic())  # the same twice would be refused
    writer.send("text", text=writer.words, name="Reader", email="reader@example.org")
    time.sleep(TOO_QUICK)
    return writer


def sent_in_vain(writer: Visitor, says: str) -> None:
    writer.send("text")
    assert writer.status == 503 and says in writer.text, (writer.status, writer.text)
    [form] = lxml.html.fromstring(writer.text).forms
    assert form.fields["text"].strip() == writer.words and form.fields["token"]  # a browser drops the first line end
    assert writer.headers["Retry-After"] == "120" and writer.headers["Cache-Control"] == "no-store"


def sent_again(writer: Visitor) -> None:
    """By the form that the page held."""
    writer.send("text")
    assert writer.path.startswith("/comment/status/"), (writer.status, writer.text)


def ready(node: Node) -> tuple[int, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=30)
    try:
        connection.request("GET", "/readyz", headers={"Host": SITE})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def until_status(reader: Visitor, path: str, status: int, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while True:
        reader.get(path)
        if reader.status == status:
            return
        assert time.monotonic() < end, (reader.status, reader.text)
        time.sleep(0.5)


def test_postgresql_that_is_down(server, site):
    reader, writer = Visitor(site), about_to_comment(site)
    home = reader.get("/")
    path = a_post(reader)
    server.stop()
    for _ in range(3):
        assert reader.get("/") == home and reader.status == 200
        reader.get(path)
        assert reader.status == 200
    reader.get("/search/?q=harbour")
    assert reader.status == 503 and "Back in a moment" in reader.text
    sent_in_vain(writer, "Back in a moment")
    assert ready(site)[0] == 503 and ready(site)[1]["database"] == "away"

    server.start()
    sent_again(writer)
    until_status(reader, "/search/?q=harbour", 200)
    time.sleep(1.5)  # what was seen is good for a second
    assert ready(site)[1]["database"] == "ok"
    count = "SELECT count(*) FROM comments_comment WHERE body LIKE %s"
    with psycopg.connect(server.url) as connection:
        assert connection.execute(count, [f"%{writer.words.rpartition(' ')[2]}%"]).fetchone() == (1,)


def test_postgresql_that_stands_still(server, site):
    reader = Visitor(site)
    home = reader.get("/")
    server.signal_all(signal.SIGSTOP)
    try:
        begun = time.monotonic()
        assert reader.get("/") == home
        assert time.monotonic() - begun < 20
        # Some who ask for what is not ready wait for an answer; those who read do not.
        asking = [threading.Thread(target=Visitor(site).get, args=[f"/search/?q={n}"]) for n in range(12)]
        for thread in asking:
            thread.start()
        waits = []
        for _ in range(10):
            begun = time.monotonic()
            assert reader.get("/") == home
            waits.append(time.monotonic() - begun)
            time.sleep(0.3)
        assert sorted(waits)[len(waits) // 2] < 1, waits
        for thread in asking:
            thread.join(60)
            assert not thread.is_alive()
        reader.get("/search/?q=tides")
        assert reader.status == 503
    finally:
        server.signal_all(signal.SIGCONT)
    until_status(reader, "/search/?q=tides", 200)


def test_a_statement_that_takes_too_long_is_given_up_on_both_sides(server, site):
    reader = Visitor(site)
    reader.get("/")
    with psycopg.connect(server.url) as other:
        other.execute("LOCK TABLE blog_post IN ACCESS EXCLUSIVE MODE")
        begun = time.monotonic()
        reader.get("/archive/?page=none")
        assert reader.status == 503 and 8 < time.monotonic() - begun < 50
        assert reader.get("/") and reader.status == 200
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        for _ in range(50):
            if server.do(waiting) == [(0,)]:
                break
            time.sleep(0.2)
        assert server.do(waiting) == [(0,)]
    until_status(reader, "/archive/?page=none", 200)


def test_postgresql_that_takes_nothing_in(server, site):
    """As after a failover, or as an owner makes it for a while."""
    reader, writer = Visitor(site), about_to_comment(site)
    server.do("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    try:
        time.sleep(0.5)
        sent_in_vain(writer, "takes nothing in just now")
        for path in ("/", "/search/?q=harbour", "/feed.atom", "/nothing-here/"):
            reader.get(path)
            assert reader.status == (404 if "nothing" in path else 200), path
        reader.get("/sign-in/")
        reader.send("username", username="nobody", password="wrong")
        assert reader.status in (200, 429, 503)
    finally:
        server.do("SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only")
        server.do("SELECT pg_reload_conf()")
    time.sleep(0.5)
    sent_again(writer)


@pytest.mark.parametrize("fault", ["down", "takes nothing in"])
def test_the_worker_waits_and_goes_on(server, prepared_on_postgres, tmp_path, fault):
    values = {"DATABASE_URL": server.url, "SECRET_KEY": os.environ["SECRET_KEY"]}
    enqueue = "from tests.config.probe_tasks import leave_a_file as task; task.enqueue({!r})"
    log, done = tmp_path / "log", [tmp_path / name for name in ("first", "second")]
    with log.open("w") as file:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env=environment(prepared_on_postgres, **values),
            stdout=file,
            stderr=file,
        )

    def ask_for(path) -> None:
        asked = manage(prepared_on_postgres, "shell", "--no-imports", "-c", enqueue.format(str(path)), **values)
        assert asked.returncode == 0, asked.stderr

    def wait_until(condition) -> None:
        end = time.monotonic() + 90
        while not condition():
            assert worker.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.2)

    try:
        ask_for(done[0])
        wait_until(done[0].exists)
        if fault == "down":
            server.stop()
            wait_until(lambda: "The worker waits for the database" in log.read_text())
            server.start()
            ask_for(done[1])
        else:
            ask_for_readers = ["ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"]
            worker.send_signal(signal.SIGSTOP)
            ask_for(done[1])
            server.do(*ask_for_readers)
            worker.send_signal(signal.SIGCONT)
            wait_until(lambda: "The worker waits for the database" in log.read_text())
            server.do("SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only")
            server.do("SELECT pg_reload_conf()")
        wait_until(done[1].exists)
        assert "Traceback" not in log.read_text(), log.read_text()
    finally:
        worker.terminate()
        worker.wait(60)


def test_postgresql_without_room(static_only):
    if not postgres.is_here():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(postgres.MISSING)
    disk = room.Room(160)
    server = None
    try:
        if not disk.is_there:
            pytest.skip(room.MISSING)
        server = postgres.Postgres(disk.folder)
        server.start()
        values = {"DATABASE_URL": server.url, "SECRET_KEY": os.environ["SECRET_KEY"]}
        assert manage(static_only, "prepare", **values).returncode == 0
        with running(Node(static_only, DATABASE_URL=server.url, WEB_CONCURRENCY="1")) as node:
            reader, writer = Visitor(node), about_to_comment(node)
            home = reader.get("/")
            disk.fill()
            # What has room in the pages that are there is stored; this makes them full.
            with pytest.raises(psycopg.Error):
                for _ in range(200):
                    server.do(
                        "INSERT INTO comments_ratecount SELECT n, 'k' || n, 1 FROM generate_series(1, 2000) n "
                        "ON CONFLICT DO NOTHING",
                        "CREATE TABLE IF NOT EXISTS filler (t text)",
                        "INSERT INTO filler SELECT repeat(md5(n::text), 50) FROM generate_series(1, 2000) n",
                    )
            assert reader.get("/") == home and reader.status == 200
            writer.send("text")
            stored = writer.status == 200
            if not stored:
                assert writer.status == 503 and "harbour wall" in writer.text
            disk.make_room()
            until_status(reader, "/search/?q=harbour", 200, 60)
            if not stored:
                sent_again(writer)
            count = "SELECT count(*) FROM comments_comment WHERE body LIKE '%harbour wall%'"
            assert server.do(count) == [(1,)]
    finally:
        if server:
            server.remove()
        disk.remove()


def test_sqlite_without_room(demo_site):
    disk = room.Room(60)
    try:
        if not disk.is_there:
            pytest.skip(room.MISSING)
        folder = shutil.copytree(demo_site, disk.folder / "site")
        with running(Node(folder, DATABASE_URL="", WEB_CONCURRENCY="1")) as node:
            reader, writer = Visitor(node), about_to_comment(node)
            home = reader.get("/")
            disk.fill()
            sent_in_vain(writer, "no room left")
            assert reader.get("/") == home and reader.status == 200
            reader.get("/search/?q=tide")
            assert reader.status == 200
            reader.get("/nothing-here/")
            assert reader.status == 404
            disk.make_room()
            sent_again(writer)
        found = sqlite3.connect(folder / "db.sqlite3")
        assert found.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        [(count,)] = found.execute("SELECT count(*) FROM comments_comment WHERE body LIKE '%harbour wall%'")
        found.close()
        assert count == 1
    finally:
        disk.remove()


def test_sqlite_that_is_locked(demo_site):
    """Such as by a program that somebody has left open on it: it is waited for as long as said, 20 seconds."""
    with running(Node(demo_site, DATABASE_URL="", WEB_CONCURRENCY="1")) as node:
        reader, writer = Visitor(node), about_to_comment(node)
        other = sqlite3.connect(demo_site / "db.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        writing = threading.Thread(target=sent_in_vain, args=[writer, "Back in a moment"])
        writing.start()
        for path in ("/", "/archive/", "/search/?q=tide"):
            reader.get(path)
            assert reader.status == 200 and writing.is_alive()
        writing.join(90)
        assert time.monotonic() - begun > 15
        other.execute("ROLLBACK")
        other.close()
        sent_again(writer)


def test_sqlite_that_takes_nothing_in(demo_site):
    """A file that may not be written, as after a restore by somebody else or on a disk with errors."""
    if not room.may_mount():
        pytest.skip(room.MISSING)
    database = demo_site / "db.sqlite3"
    node = Node(demo_site, DATABASE_URL="", WEB_CONCURRENCY="1")
    with running(node):
        reader, writer = Visitor(node), about_to_comment(node)
    with room.read_only(database), running(node):
        sent_in_vain(writer, "takes nothing in just now")
        for path in ("/", "/archive/", "/search/?q=tide"):
            reader.get(path)
            assert reader.status == 200, path
        room.writable(database)
        # Each thread has opened the file while it could not be written, and opens it anew after a minute.
        end = time.monotonic() + 90
        while not writer.path.startswith("/comment/status/"):
            assert time.monotonic() < end, writer.text
            time.sleep(2)
            writer.send("text")
