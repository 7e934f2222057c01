"""Tables made ready for many rows: their indexes and foreign keys are dropped, and built anew when the rows are there,
which costs a fraction of keeping them up row by row. All within one transaction, so that nobody sees them without, and
a run that is stopped leaves them as they were. Where few rows come to many, they stay.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, models

Show = Callable[[str, int, int], None]  # what, how many are done, of how many
FEW = 5  # rows are few where there are so many times as many

INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s",
    # Those of primary keys stay (rows come in their order), and those of unique columns.
    "postgresql": """
        SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
        ORDER BY 1
    """,
}
FOREIGN_KEYS = """
    SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conrelid = %s::regclass ORDER BY 1
"""


@contextmanager
def filled(model: type[models.Model], tables: list[str], rows: int, show: Show) -> Iterator[None]:
    """These tables, which get so many rows of this model and what belongs to them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
            # Keys are looked up by each statement: for the end of the transaction they would all wait in memory.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        statements = _stripped(cursor, tables) if rows * FEW >= model.objects.count() else []
    yield
    for number, statement in enumerate(statements):
        show(f"Indexes, {model._meta.verbose_name_plural}", number, len(statements))
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _stripped(cursor, tables: list[str]) -> list[str]:
    """What builds again all that was dropped."""
    again = []
    for table in tables:
        cursor.execute(INDEXES[connection.vendor], [table])
        for name, definition in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')
            again.append(definition)
    if connection.vendor == "postgresql":
        for table in tables:
            cursor.execute(FOREIGN_KEYS, [table])
            for name, definition in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
                again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    return again


@contextmanager
def quick(cache: int = 500) -> Iterator[None]:
    """More memory for SQLite meanwhile, in megabytes; outside of any transaction."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        size = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{cache}000")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {size}")


def tidy(tables: list[str], show: Show) -> None:
    """Has PostgreSQL look at the new rows, and SQLite fold the log that it kept beside the file into it."""
    sqlite = ["PRAGMA wal_checkpoint(TRUNCATE)"]
    statements = sqlite if connection.vendor == "sqlite" else [f"VACUUM (ANALYZE) {table}" for table in tables]
    with connection.cursor() as cursor:
        for number, statement in enumerate(statements):
            show("Tidying", number, len(statements))
            cursor.execute(statement)
