"""The tables of a site: which are in a backup, and their rows, read and written as streams."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models

from config.backup import values

# Of the running site, not of its content: who is signed in (a stolen backup must sign nobody in), which pages are out
# of date (a number that must never go back), and how it goes with its worker and its backups.
LEFT_OUT = {"sessions.Session", "config.SignIn", "blog.Version", "config.CdnPurge"}
LEFT_OUT |= {"config.Heartbeat", "config.BackupRun"}
AT_ONCE = 500  # rows
BEGIN = {"sqlite": "BEGIN DEFERRED", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"}
LAST_ID = {
    "sqlite": "SELECT max(seq) FROM sqlite_sequence WHERE name = %s",
    "postgresql": "SELECT CASE WHEN is_called THEN last_value END FROM {}",
}
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Table:
    """One model's table."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name = model._meta.db_table
        self.fields = [field for field in model._meta.concrete_fields if not field.generated]
        self.columns = [field.column for field in self.fields]
        converts = [(at, values.storable(field)) for at, field in enumerate(self.fields)]
        self.back = [(at, convert) for at, convert in converts if convert]
        self.files = [field.column for field in self.fields if isinstance(field, models.FileField)]

    def count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{self.name}"')  # noqa: S608
            return cursor.fetchone()[0]

    def last_id(self) -> int | None:
        """The newest id that was ever given, so that none is given again; None where the database gives none."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(LAST_ID["sqlite"], [self.name])
                return cursor.fetchone()[0]
            if not (sequence := self._sequence(cursor)):
                return None
            cursor.execute(LAST_ID["postgresql"].format(sequence))
            return cursor.fetchone()[0]

    def go_on_after(self, last_id: int) -> None:
        """No row has an id above it yet; the next one will."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                if sequence := self._sequence(cursor):
                    cursor.execute("SELECT setval(%s, %s)", [sequence, last_id])
                return
            cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s", [last_id, self.name])
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [self.name, last_id])

    def _sequence(self, cursor) -> str | None:
        key = self.model._meta.pk
        if not isinstance(key, models.AutoField | models.BigAutoField):
            return None
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{self.name}"', key.column])
        return cursor.fetchone()[0]

    def rows(self) -> Iterator[list]:
        """Each row as a backup holds it, by the order of the keys."""
        vendor = connection.vendor
        selected = ", ".join(values.selected(field, vendor) for field in self.fields)
        query = f'SELECT {selected} FROM "{self.name}" ORDER BY "{self.model._meta.pk.column}"'  # noqa: S608
        converts = [(at, values.portable(field, vendor)) for at, field in enumerate(self.fields)]
        converts = [(at, convert) for at, convert in converts if convert]
        for found in _rows(query):
            row = list(found)
            for at, convert in converts:
                if row[at] is not None:
                    row[at] = convert(row[at])
            yield row

    def line(self, row: list) -> bytes:
        return f"{compact(row)}\n".encode()

    def write(self, lines: Iterable[bytes]) -> int:
        """Stores rows as line() gives them; how many there were. Raises ValueError, TypeError or DatabaseError."""
        rows = [self._stored(line) for line in lines]
        columns = ", ".join(f'"{column}"' for column in self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with connection.wrap_database_errors, cursor.copy(f'COPY "{self.name}" ({columns}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(self.columns))
                insert = f'INSERT INTO "{self.name}" ({columns}) VALUES ({places})'  # noqa: S608
                cursor.executemany(insert, rows)
        return len(rows)

    def _stored(self, line: bytes) -> list:
        row = json.loads(line.decode())  # of bytes it would guess the encoding, row by row
        if not isinstance(row, list) or len(row) != len(self.columns):
            raise ValueError(f"a row has not {len(self.columns)} columns")
        for at, convert in self.back:
            if row[at] is not None:
                row[at] = convert(row[at])
        return row


def tables() -> list[Table]:
    """All that a backup holds, by name."""
    every = apps.get_models(include_auto_created=True)
    kept = (model for model in every if model._meta.managed and not model._meta.proxy)
    found = [Table(model) for model in kept if model._meta.label not in LEFT_OUT]
    return sorted(found, key=lambda table: table.name)


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read meanwhile is of one moment, and nobody who writes waits for it.

    By hand: a transaction of Django's takes SQLite's lock at once, for those that write.
    """
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _rows(query: str) -> Iterator[tuple]:
    """As they come, never all at once."""
    named = {"name": "backup"} if connection.vendor == "postgresql" else {}
    with connection.wrap_database_errors:
        cursor = connection.connection.cursor(**named)
        try:
            cursor.execute(query)
            while found := cursor.fetchmany(AT_ONCE):
                yield from found
        finally:
            cursor.close()
