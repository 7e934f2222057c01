"""Which pages a change makes out of date: versions, kept in the database, changed by the transaction that changes what
pages show.

A page shows what a few keys name: SITE (every page does), LISTS (which posts there are, in what order), COMMENTS (the
newest of all), post_key() of each post on it, link_key() of those that a post's page leads to, and series_key() of the
series that it counts the parts of. touch() notes keys for the transaction at hand. Just before it commits, config/db
writes them with a number that grows by one with each such commit, under the lock of the row ALL. So whoever reads that
row first and the content then never takes something older for something newer, whatever the number of processes and
machines: config/pagecache/.

Who changes public rows need not know of this: blog/models/public.py touches for them.
"""

import json
from collections.abc import Iterable

from django.db import connection
from django.db.transaction import TransactionManagementError

ALL = ""  # its number is that of the newest change
SITE, LISTS, COMMENTS = "site", "lists", "comments"

UPSERT = {
    "postgresql": """
        WITH moved AS (
            INSERT INTO blog_version (key, number) VALUES ('', 1)
            ON CONFLICT (key) DO UPDATE SET number = blog_version.number + 1 RETURNING number
        )
        INSERT INTO blog_version (key, number) SELECT touched, moved.number FROM moved, unnest(%s::text[]) AS touched
        ON CONFLICT (key) DO UPDATE SET number = excluded.number
    """,
    "sqlite": """
        INSERT INTO blog_version (key, number)
        SELECT value, (SELECT number FROM blog_version WHERE key = '') FROM json_each(%s) WHERE true
        ON CONFLICT (key) DO UPDATE SET number = excluded.number
    """,
}
COUNT_ON = """
    INSERT INTO blog_version (key, number) VALUES ('', 1)
    ON CONFLICT (key) DO UPDATE SET number = blog_version.number + 1
"""


def post_key(pk: int) -> str:
    return f"post:{pk}"


def link_key(pk: int) -> str:
    """Of what links to a post say: unlike post_key(), comments do not change it."""
    return f"link:{pk}"


def series_key(pk: int) -> str:
    return f"series:{pk}"


def touch(*keys: str) -> None:
    """Makes what these keys name out of date once the present transaction commits, and not if it does not.

    Raises TransactionManagementError outside a transaction: the change and its version belong together.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Versions are touched by the transaction that changes the content.")
    connection.touched.update(keys)


def write(database, keys: Iterable[str]) -> None:
    """Writes the touched keys through this database wrapper. For config/db alone, as the last before a commit."""
    keys = sorted(keys)
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute(COUNT_ON)
            cursor.execute(UPSERT["sqlite"], [json.dumps(keys)])
        else:
            cursor.execute(UPSERT["postgresql"], [keys])
