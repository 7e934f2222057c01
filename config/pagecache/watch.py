"""The number of the newest change (blog/versions.py), asked for on every hit, so by the shortest way there is.

Each thread has a connection of its own, beside Django's. None is the answer where the database gives none.
"""

import sqlite3
import threading
from zlib import crc32

from django.db import connection
from psycopg import Error, pq

NUMBER = "SELECT number FROM blog_version WHERE key = ''"
NEWS = "SELECT key, number FROM blog_version WHERE key = '' OR number > "


class SqliteWatch:
    """SQLite itself knows whether another connection has committed since this one last asked: that is asked first."""

    def __init__(self) -> None:
        self.local = threading.local()

    def number(self) -> int | None:
        local = self.local
        try:
            watching = self._connection()
            (seen,) = watching.execute("PRAGMA data_version").fetchone()
            if seen != local.seen:
                # In this order: what commits in between, the next look will see.
                row = watching.execute(NUMBER).fetchone()
                local.seen, local.number = seen, row[0] if row else 0
        except sqlite3.Error:
            self.close()
            return None
        return local.number

    def news(self, since: int) -> dict[str, int] | None:
        """What changes after that one have touched, with the number of the last to do so; and ALL, whatever it is."""
        try:
            return dict(self._connection().execute(f"{NEWS} ?", [since]).fetchall())
        except sqlite3.Error:
            self.close()
            return None

    def _connection(self) -> sqlite3.Connection:
        if (watching := getattr(self.local, "connection", None)) is None:
            name = f"file:{connection.settings_dict['NAME']}?mode=ro"
            watching = sqlite3.connect(name, uri=True, isolation_level=None, timeout=5)
            self.local.connection, self.local.seen = watching, None
        return watching

    def close(self) -> None:
        """This thread's connection; the next look opens another."""
        if watching := getattr(self.local, "connection", None):
            self.local.connection = None
            watching.close()


class PostgresWatch:
    """One row, asked for through libpq itself, by a statement that each connection prepares once.

    PgBouncer may give each question another connection, which knows nothing of it or has it already: then nothing is
    prepared any more. What was is named for its words, so that a later version of this does not meet it.
    """

    PREPARED = f"marginalia_{crc32(NUMBER.encode()):x}".encode()

    def __init__(self) -> None:
        self.local = threading.local()
        self.prepares = True

    def number(self) -> int | None:
        try:
            result = self._answer(self._connection().pgconn)
        except Error:
            self.close()
            return None
        if result.status != pq.ExecStatus.TUPLES_OK:
            self.close()
            return None
        return int(result.get_value(0, 0) or 0)

    def _answer(self, pgconn) -> pq.abc.PGresult:
        if self.prepares:
            if not self.local.is_prepared:
                pgconn.prepare(self.PREPARED, NUMBER.encode())
                self.local.is_prepared = True
            result = pgconn.exec_prepared(self.PREPARED, ())
            if result.status == pq.ExecStatus.TUPLES_OK:
                return result
        result = pgconn.exec_(NUMBER.encode())
        self.prepares = self.prepares and result.status != pq.ExecStatus.TUPLES_OK
        return result

    def news(self, since: int) -> dict[str, int] | None:
        try:
            return dict(self._connection().execute(f"{NEWS} %s", [since]).fetchall())
        except Error:
            self.close()
            return None

    def _connection(self):
        if (watching := getattr(self.local, "connection", None)) is None:
            watching = connection.get_new_connection(connection.get_connection_params())
            watching.autocommit = True
            self.local.connection, self.local.is_prepared = watching, False
        return watching

    def close(self) -> None:
        if watching := getattr(self.local, "connection", None):
            self.local.connection = None
            watching.close()


def watch() -> SqliteWatch | PostgresWatch:
    return SqliteWatch() if connection.vendor == "sqlite" else PostgresWatch()
