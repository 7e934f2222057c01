"""Many rows into a table at once: COPY on PostgreSQL, one prepared INSERT on SQLite."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, models

# A word's list in the search index is written once for many comments, not once for each. Left behind by a run that was
# killed, this setting does no harm.
GATHER = "ALTER INDEX comments_search_words SET (fastupdate = {})"
BEFORE = {
    "sqlite": ["PRAGMA synchronous = NORMAL", "PRAGMA cache_size = -500000"],
    "postgresql": [
        GATHER.format("on"),
        "SET gin_pending_list_limit = '256MB'",
        "SET maintenance_work_mem = '512MB'",
        "SET synchronous_commit = off",
    ],
}
AFTER = {
    "sqlite": ["PRAGMA synchronous = FULL", "PRAGMA cache_size = -2000"],
    "postgresql": [
        "SELECT gin_clean_pending_list('comments_search_words')",
        GATHER.format("off"),
        "RESET gin_pending_list_limit",
        "RESET maintenance_work_mem",
        "RESET synchronous_commit",
        "VACUUM ANALYZE",
    ],
}


class Rows:
    """Rows of one model, written together. `columns` are given for each row; the others have their default.

    Values come as both databases read them: text, numbers, None, JSON as text, moments from moment().
    """

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        given = {field.column for field in fields if field.column in columns}
        if given != set(columns):
            raise ValueError(f"{model.__name__} has no {sorted(set(columns) - given)}.")
        others = [field for field in fields if field.column not in given and not field.primary_key]
        self.table, self.columns = model._meta.db_table, [*columns, *(field.column for field in others)]
        self.rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
        self.waiting: list[tuple] = []

    def add(self, *values: object) -> None:
        self.waiting.append(values + self.rest)

    def write(self) -> None:
        rows, self.waiting = self.waiting, []
        write(self.table, self.columns, rows)


def write(table: str, columns: list[str], rows: Iterable[tuple]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608  our own names


def reserve(model: type[models.Model], number: int) -> list[int]:
    """Ids for that many new rows, growing. Others may insert meanwhile: on SQLite the transaction keeps them out."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, number]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0] or 0
        return list(range(last + 1, last + number + 1))


def moment(seconds: float) -> str:
    """A moment, in seconds since 1970, as Django keeps it in both databases."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat(" ")


@contextmanager
def quick() -> Iterator[None]:
    """The database made ready for many rows, and its statistics brought up to date after them."""
    with connection.cursor() as cursor:
        for statement in BEFORE[connection.vendor]:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in AFTER[connection.vendor]:
                cursor.execute(statement)
