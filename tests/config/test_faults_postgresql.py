"""PostgreSQL is away, stands still, is read-only or full: what readers, writers and probes see of a real one.

docs/operating.md has the table. Each ends with everything as it was, without hands.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import psycopg
import pytest

from tests.config import postgres, room
from tests.config.command import ROOT, environment, manage
from tests.config.database_faults import a_post, about_to_comment, running, sent_again, sent_in_vain, until_status
from tests.config.node import SITE, Node, Visitor

A_COUNT = """INSERT INTO comments_ratecount ("window", key, count) VALUES (0, gen_random_uuid(), 1)"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


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
    server.do("UPDATE comments_commentsettings SET flood_seconds = 0")  # one test after another writes from here
    return folder


@pytest.fixture
def site(server, prepared_on_postgres):
    node = Node(prepared_on_postgres, DATABASE_URL=server.url, WEB_CONCURRENCY="1")
    with running(node):
        yield node


def ready(node: Node) -> tuple[int, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=30)
    try:
        connection.request("GET", "/readyz", headers={"Host": SITE})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


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
            room.is_missing()
        server = postgres.Postgres(disk.folder)
        server.start()
        values = {"DATABASE_URL": server.url, "SECRET_KEY": os.environ["SECRET_KEY"]}
        assert manage(static_only, "prepare", **values).returncode == 0
        with running(Node(static_only, DATABASE_URL=server.url, WEB_CONCURRENCY="1")) as node:
            reader, writer = Visitor(node), about_to_comment(node)
            home = reader.get("/")
            disk.fill()
            # What has room in the pages that are there is stored: those of this table are made full.
            with pytest.raises(psycopg.errors.DiskFull):
                for _ in range(10_000):
                    server.do(A_COUNT)
            assert reader.get("/") == home and reader.status == 200
            sent_in_vain(writer, "no room left")
            disk.make_room()
            until_status(reader, "/search/?q=harbour", 200, 60)
            sent_again(writer)
            count = "SELECT count(*) FROM comments_comment WHERE body LIKE '%harbour wall%'"
            assert server.do(count) == [(1,)]
    finally:
        if server:
            server.remove()
        disk.remove()
