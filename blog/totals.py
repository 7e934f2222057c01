"""How many posts each label and each month has: stored, so that no page counts a table.

A post counts once it is published, also while its time has not come: what reads a total takes those few off again. A
change notes what it adds or takes away. Just before its transaction commits, config/db writes that, in one order and
after every other lock but the last, so that two transactions wait for one another and never deadlock.

Who changes posts and their labels need not know of this: blog/models/total.py notes for them.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

ROWS_AT_ONCE = 300

# By table: its key, and what its rows should be.
TOTALS = {
    "blog_labelcount": (
        ["label_id"],
        "SELECT tag_id AS label_id, count(*) AS count FROM blog_posttag WHERE published_at IS NOT NULL GROUP BY tag_id",
    ),
    "blog_monthcount": (
        ["year", "month"],
        "SELECT year, month, count(*) AS count FROM blog_post"
        " WHERE status = 'published' AND kind = 'post' AND year IS NOT NULL GROUP BY year, month",
    ),
}
LABEL, MONTH = TOTALS

Change = Counter[tuple]  # of a table and a key in it: how many more


def note(change: Change) -> None:
    """Adds to totals once the present transaction commits, and not if it, or its part at hand, does not.

    Raises TransactionManagementError outside a transaction: the change and its totals belong together.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Totals are changed by the transaction that changes the posts.")
    connection.noted.append((set(connection.savepoint_ids), change))


def write(database, changes: Iterable[Change]) -> None:
    """Writes what was noted through this database wrapper. For config/db alone, before the versions."""
    sums: Change = Counter()
    for change in changes:
        sums.update(change)
    for table, (key, _true) in TOTALS.items():
        rows = [(*where, number) for (name, *where), number in sums.items() if name == table and number]
        upsert(database, table, key, rows)


def upsert(database, table: str, key: list[str], rows: list[tuple]) -> None:
    """Adds the last value of each row to the count under its key, in the order of the keys."""
    rows.sort()
    for start in range(0, len(rows), ROWS_AT_ONCE):
        chunk = rows[start : start + ROWS_AT_ONCE]
        places = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in chunk)
        with database.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(key)}, count) VALUES {places} "  # noqa: S608  constants alone
                f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET count = {table}.count + excluded.count",
                [value for row in chunk for value in row],
            )


@transaction.atomic
def recount() -> int:
    """Counts everything anew; how many totals were wrong. Who publishes meanwhile waits, and nothing is lost."""
    wrong = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Who has written has committed; who has noted and not yet written adds to what is written here. In the
            # order of write(), or the two would wait for each other.
            cursor.execute(f"LOCK TABLE {', '.join(TOTALS)} IN SHARE ROW EXCLUSIVE MODE")
        for table, (key, true) in TOTALS.items():
            names = ", ".join(key)
            wrong += differing(cursor, names, true, f"SELECT {names}, count FROM {table} WHERE count <> 0")  # noqa: S608
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            cursor.execute(f"INSERT INTO {table} ({names}, count) {true}")  # noqa: S608
    return wrong


def differing(cursor, keys: str, true: str, stored: str) -> int:
    """How many keys have another number, or are in one of the two queries alone."""
    cursor.execute(
        f"SELECT count(*) FROM (SELECT {keys} FROM ("  # noqa: S608  constants alone
        f"SELECT * FROM (SELECT * FROM ({true}) AS a EXCEPT SELECT * FROM ({stored}) AS b) AS missing"
        f" UNION ALL SELECT * FROM (SELECT * FROM ({stored}) AS c EXCEPT SELECT * FROM ({true}) AS d) AS extra"
        f") AS differing GROUP BY {keys}) AS keys"
    )
    return cursor.fetchone()[0]
