"""Many rows into a table at once: COPY on PostgreSQL, one prepared INSERT on SQLite."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

from django.db import connection, models

# COPY's csv with marks that no text has: a value goes in as it is, without a look at each of its letters.
QUOTE, NULL = "\x01", str(None)
COPY = "COPY {} ({}) FROM STDIN (FORMAT csv, DELIMITER E'\\t', QUOTE E'\\x01', NULL '{}')"
DAY = 86_400
INSERT = "INSERT INTO {} ({}) VALUES ({})"


class Rows:
    """Rows of one table, written together.

    Values come as both databases read them: text, numbers, None, JSON as text, moments from moment().
    """

    def __init__(self, table: str, columns: list[str], long: frozenset[str] = frozenset(), rest: tuple = ()) -> None:
        """`long` columns may hold line ends; the last columns are `rest` in every row."""
        self.table, self.columns, self.rest = table, columns, rest
        places = [f"{QUOTE}%s{QUOTE}" if column in long else "%s" for column in columns]
        given = len(columns) - len(rest)
        same = [place % str(value).replace("%", "%%") for place, value in zip(places[given:], rest, strict=True)]
        self.template = "\t".join(places[:given] + same) + "\n"
        self.waiting: list[tuple] = []
        self.add: Callable[[tuple], None] = self.waiting.append

    @classmethod
    def of(cls, model: type[models.Model], columns: str) -> "Rows":
        """`columns`, parted by spaces, are given for each row; the others have their default."""
        given = columns.split()
        fields = {field.column: field for field in model._meta.concrete_fields if not field.generated}
        if not fields.keys() >= set(given):
            raise ValueError(f"{model.__name__} has no {sorted(set(given) - fields.keys())}.")
        others = [field for column, field in fields.items() if column not in given and not field.primary_key]
        names = [*given, *(field.column for field in others)]
        long = frozenset(name for name in names if isinstance(fields[name], models.TextField))
        return cls(model._meta.db_table, names, long, tuple(_default(field) for field in others))

    def take(self) -> tuple[str, list[tuple] | bytes]:
        """A statement and its data; the rows wait no more."""
        names = ", ".join(f'"{column}"' for column in self.columns)
        if connection.vendor == "postgresql":
            statement = COPY.format(self.table, names, NULL)
            data = "".join([self.template % row for row in self.waiting]).encode()
        else:
            statement = INSERT.format(self.table, names, ", ".join(["%s"] * len(self.columns)))
            data = [row + self.rest for row in self.waiting]
        self.waiting.clear()
        return statement, data


def _default(field: models.Field) -> object:
    value = field.get_default()
    return json.dumps(value) if isinstance(field, models.JSONField) else field.get_db_prep_save(value, connection)


class Writer:
    """Writes rows, in the order in which they are given. On PostgreSQL, which is a process of its own, in a thread:
    meanwhile the next ones are made. Until finish() nothing else may use the connection."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self.thread = thread
        self.last: Future | None = None

    def write(self, *many: Rows) -> None:
        parts = [rows.take() for rows in many if rows.waiting]
        self.finish()
        if connection.vendor == "postgresql":
            self.last = self.thread.submit(_copy, connection.connection, parts)
            return
        with connection.cursor() as cursor:
            for statement, rows in parts:
                cursor.executemany(statement, rows)

    def finish(self) -> None:
        last, self.last = self.last, None
        if last:
            with connection.wrap_database_errors:
                last.result()


@contextmanager
def writing() -> Iterator[Writer]:
    with ThreadPoolExecutor(1) as thread:
        writer = Writer(thread)
        yield writer
        writer.finish()


def _copy(database, parts: list[tuple[str, bytes]]) -> None:
    with database.cursor() as cursor:
        for statement, data in parts:
            with cursor.copy(statement) as copy:
                copy.write(data)


class Numbers:
    """Ids for new rows, one after another. Nobody else may insert until keep() (config/generate/tables.py)."""

    def __init__(self, model: type[models.Model]) -> None:
        self.table = model._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [self.table])
                self.next = cursor.fetchone()[0]
            else:
                cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [self.table])
                self.next = (cursor.fetchone()[0] or 0) + 1

    def take(self, number: int) -> range:
        taken = range(self.next, self.next + number)
        self.next += number
        return taken

    def keep(self) -> None:
        """Has the database go on behind the ids that were taken; SQLite does so by itself."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [self.table, self.next])


TIMES = [f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(DAY)]


def moment(seconds: int) -> str:
    """A moment, in seconds since 1970, as Django keeps it in both databases."""
    day, rest = divmod(seconds, DAY)
    return _day(day) + TIMES[rest]


@cache
def _day(number: int) -> str:
    return datetime.fromtimestamp(number * DAY, UTC).strftime("%Y-%m-%d ")
