"""The search index on SQLite: an FTS5 table whose rowid is the post's id.

Its tokenizer only splits at spaces: words come normalised by blog.search.normalise.
"""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from blog.search.query import Term

COUNT = "SELECT count(*) FROM (SELECT rowid FROM blog_search WHERE blog_search MATCH %s LIMIT %s)"
# CROSS JOIN keeps the order: the matches are read once and each is looked up among the posts. Left to choose, SQLite
# walks all posts, or runs the full-text query anew for each of the newest.
FEW = """
    WITH newest AS MATERIALIZED (
        SELECT post.id, post.published_at
        FROM blog_search CROSS JOIN ({public}) AS post ON post.id = blog_search.rowid
        WHERE blog_search MATCH %s
        ORDER BY post.published_at DESC, post.id DESC LIMIT %s
    )
    SELECT newest.id FROM blog_search CROSS JOIN newest ON newest.id = +blog_search.rowid
    WHERE blog_search MATCH %s
    ORDER BY bm25(blog_search, 20.0, 8.0, 1.0), newest.published_at DESC, newest.id DESC
"""
# Of many matches, a list of their ids is made, and the posts are read from the newest on until enough are on it (+id:
# not by the list). Their words are then looked at between the ids of those alone.
MANY = """
    WITH newest AS MATERIALIZED (
        SELECT id, published_at FROM ({public}) AS post
        WHERE +id IN (SELECT rowid FROM blog_search WHERE blog_search MATCH %s)
        ORDER BY published_at DESC, id DESC LIMIT %s
    )
    SELECT newest.id FROM blog_search CROSS JOIN newest ON newest.id = +blog_search.rowid
    WHERE blog_search MATCH %s
    AND blog_search.rowid >= (SELECT min(id) FROM newest) AND blog_search.rowid <= (SELECT max(id) FROM newest)
    ORDER BY bm25(blog_search, 20.0, 8.0, 1.0), newest.published_at DESC, newest.id DESC
"""
IDS = "SELECT rowid FROM blog_search WHERE blog_search MATCH %s"
OR = " OR "

Forms = Iterable[tuple[str, ...]]


def write(cursor: CursorWrapper, post_id: int, title: Forms, labels: Forms, body: Forms) -> None:
    columns = (" ".join(form for word in part for form in word) for part in (title, labels, body))
    cursor.execute(
        "INSERT OR REPLACE INTO blog_search (rowid, title, labels, body) VALUES (%s, %s, %s, %s)", [post_id, *columns]
    )


def remove(cursor: CursorWrapper, post_id: int) -> None:
    cursor.execute("DELETE FROM blog_search WHERE rowid = %s", [post_id])


def tidy(cursor: CursorWrapper) -> None:
    cursor.execute("DELETE FROM blog_search WHERE rowid NOT IN (SELECT id FROM blog_post)")
    cursor.execute("INSERT INTO blog_search (blog_search) VALUES ('optimize')")


def expression(terms: list[Term]) -> str:
    """The MATCH operand: every term, in any of its forms."""
    return " AND ".join(f"({' OR '.join(_forms(term))})" for term in terms)


def _forms(term: Term) -> list[str]:
    # Inside double quotes everything is text; words contain no quote.
    return [f'"{form}"' for form in term.forms] + ([f'"{term.word}"*'] if term.is_prefix else [])
