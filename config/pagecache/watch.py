"""The number of the newest change (blog/versions.py), asked for on every hit, so by the shortest way there is.

By connections of its own, beside Django's. None is the answer where the database gives none.
"""

import mmap
import os
import select
import sqlite3
import threading
from functools import cache
from pathlib import Path
from zlib import crc32

import psycopg
from django.db import connection
from psycopg import pq

NUMBER = "SELECT number FROM blog_version WHERE key = ''"
NEWS = "SELECT key, number FROM blog_version WHERE key = '' OR number > "


class SqliteWatch:
    """The wal-index (https://sqlite.org/walformat.html), which all who have a database open share as memory and as the
    file that ends in -shm, begins with a head that each commit changes. If it is as it was, nothing was committed.

    The connection stays open for as long as the process lives, so that SQLite neither removes nor cuts that file; and
    so does the file here: a process that closes a file loses all its locks on it, also those that SQLite has.
    """

    HEAD = 96  # bytes: the head is there twice, so a half-written one equals none

    def __init__(self, database: str) -> None:
        self.database = database
        self.lock = threading.Lock()
        self.connection: sqlite3.Connection | None = None
        self.index: mmap.mmap | bytes = b""
        self.seen: tuple[bytes, int] | None = None  # a head, and the number that was found after it

    def number(self) -> int | None:
        head, seen = self.index[: self.HEAD], self.seen
        if seen and head == seen[0] != b"":
            return seen[1]
        try:
            with self.lock:
                connection = self._connection()
                head = self.index[: self.HEAD]  # before the question: what commits in between, the next look will see
                row = connection.execute(NUMBER).fetchone()
        except (sqlite3.Error, OSError):
            return None
        number = row[0] if row else 0
        self.seen = head, number
        return number

    def news(self, since: int) -> dict[str, int] | None:
        """What changes after that one have touched, with the number of the last to do so; and ALL, whatever it is."""
        try:
            with self.lock:
                return dict(self._connection().execute(f"{NEWS} ?", [since]).fetchall())
        except (sqlite3.Error, OSError):
            return None

    def _connection(self) -> sqlite3.Connection:
        if self.connection is None:
            address = f"{Path(self.database).absolute().as_uri()}?mode=ro"
            opened = sqlite3.connect(address, uri=True, isolation_level=None, timeout=5, check_same_thread=False)
            opened.execute(NUMBER).fetchone()  # by now SQLite knows the journal, and has opened the wal-index
            if opened.execute("PRAGMA journal_mode").fetchone() == ("wal",):  # else each look is a question
                file = os.open(f"{os.path.realpath(self.database)}-shm", os.O_RDONLY | os.O_CLOEXEC)
                self.index = mmap.mmap(file, mmap.PAGESIZE, prot=mmap.PROT_READ)
            self.connection = opened
        return self.connection

    def close(self) -> None:
        """Nothing: it is everybody's."""


class PostgresWatch:
    """One row, asked for through libpq itself, by a statement that the connection prepares once.

    Threads that come while a question is on its way share the next one, which begins after all of them have come.

    PgBouncer may give each question another connection, which knows nothing of it or has it already: then nothing is
    prepared any more. What was is named for its words, so that a later version of this does not meet it.
    """

    ANSWERS_WITHIN = 3.0  # seconds: it is a look at one row
    PREPARED = f"marginalia_{crc32(NUMBER.encode()):x}".encode()

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.connection: psycopg.Connection | None = None
        self.begun = 0  # questions
        self.found: int | None = None  # by the last of them
        self.prepares, self.is_prepared = True, False
        self.is_away = False

    def number(self) -> int | None:
        begun = self.begun
        # While it is away one thread tries, which may take seconds, and the others are not held up.
        if not self.lock.acquire(blocking=not self.is_away):
            return None
        try:
            if self.begun == begun:
                self.begun += 1
                self.found = self._number()
                if self.found is None and not self.is_away:  # it was started anew, perhaps: by another connection
                    self.found = self._number()
                self.is_away = self.found is None
            return self.found
        finally:
            self.lock.release()

    def _number(self) -> int | None:
        try:
            result = self._answer(self._connection().pgconn)
        except psycopg.Error:
            self.close()
            return None
        if result.status != pq.ExecStatus.TUPLES_OK:
            self.close()
            return None
        return int(result.get_value(0, 0) or 0)

    def _answer(self, pgconn) -> pq.abc.PGresult:
        if self.prepares:
            if not self.is_prepared:
                pgconn.send_prepare(self.PREPARED, NUMBER.encode())
                self._result(pgconn)
                self.is_prepared = True
            pgconn.send_query_prepared(self.PREPARED, ())
            result = self._result(pgconn)
            if result.status == pq.ExecStatus.TUPLES_OK:
                return result
        pgconn.send_query(NUMBER.encode())
        result = self._result(pgconn)
        self.prepares = self.prepares and result.status != pq.ExecStatus.TUPLES_OK
        return result

    def _result(self, pgconn) -> pq.abc.PGresult:
        """libpq would wait for it for ever."""
        if not self.poll.poll(self.ANSWERS_WITHIN * 1000):
            raise psycopg.OperationalError("no answer")
        result = pgconn.get_result()
        if result is None:
            raise psycopg.OperationalError("no result")
        while pgconn.get_result() is not None:
            pass
        return result

    def news(self, since: int) -> dict[str, int] | None:
        with self.lock:
            try:
                return dict(self._connection().execute(f"{NEWS} %s", [since]).fetchall())
            except psycopg.Error:
                self.close()
                return None

    def _connection(self) -> psycopg.Connection:
        if self.connection is None:
            self.connection = connection.get_new_connection(connection.get_connection_params())
            self.connection.autocommit = True
            self.connection.patient_for = self.ANSWERS_WITHIN
            self.poll = select.poll()
            self.poll.register(self.connection.pgconn.socket, select.POLLIN)
            self.is_prepared = False
        return self.connection

    def close(self) -> None:
        """The next look opens another connection."""
        if self.connection:
            self.connection.close()
            self.connection = None


@cache
def of_file(database: str) -> SqliteWatch:
    return SqliteWatch(database)


def watch() -> SqliteWatch | PostgresWatch:
    return of_file(str(connection.settings_dict["NAME"])) if connection.vendor == "sqlite" else PostgresWatch()
