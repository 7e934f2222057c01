"""SQLite's file is full, locked or read-only: what readers and writers see.

docs/operating.md has the table. Each ends with everything as it was, without hands.
"""

import shutil
import sqlite3
import threading
import time

import pytest

from tests.config import room
from tests.config.database_faults import about_to_comment, running, sent_again, sent_in_vain
from tests.config.node import Node, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_sqlite_without_room(demo_site):
    disk = room.Room(60)
    try:
        if not disk.is_there:
            room.is_missing()
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
        room.is_missing()
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
