"""The search index on SQLite: an FTS5 table whose rowid is the post's id.

Its tokenizer only splits at spaces: words come normalised by blog.search.normalise.
"""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from blog.search.query import Term

COUNT = "SELECT count(*) FROM (SELECT rowid FROM blog_search WHERE blog_search MATCH %s LIMIT %s)"
# `public` gives the number and the moment (`at`) of each post that may be found. CROSS JOIN keeps the order: the
# matches are read once and each is looked up among the posts. Left to choose, SQLite walks all posts, or runs the
# full-text query anew for each of the newest.
FEW = """
    SELECT post.number AS id, post.at AS at
    FROM blog_search CROSS JOIN ({public}) AS post ON post.number = blog_search.rowid
    WHERE blog_search MATCH %s
    ORDER BY post.at DESC, post.number DESC LIMIT %s
"""
# Of many matches, a list of their ids is made, and the posts are read from the newest on until enough are on it
# (+number: not by the list).
MANY = """
    SELECT number AS id, at FROM ({public}) AS post
    WHERE +number IN (SELECT rowid FROM blog_search WHERE blog_search MATCH %s)
    ORDER BY at DESC, number DESC LIMIT %s
"""
# The moment is looked up again: joined with `newest`, SQLite would go through all of those for each match.
RANKED = """
    WITH newest AS MATERIALIZED ({newest})
    SELECT rowid FROM blog_search
    WHERE blog_search MATCH %s AND +rowid IN (SELECT id FROM newest) {between}
    ORDER BY bm25(blog_search, 20.0, 8.0, 1.0),
        (SELECT published_at FROM blog_post WHERE id = blog_search.rowid) DESC, rowid DESC
"""
# Of many matches, words are looked at between the ids of the newest alone.
BETWEEN = """
    AND rowid >= (SELECT min(id) FROM newest) AND rowid <= (SELECT max(id) FROM newest)
"""
FEW_RANKED, MANY_RANKED = RANKED.format(newest=FEW, between=""), RANKED.format(newest=MANY, between=BETWEEN)
# The newest by number are read first, and no more of them than are wanted.
SOME = "SELECT rowid FROM blog_search WHERE blog_search MATCH %s ORDER BY rowid DESC LIMIT %s"
IDS = "SELECT rowid FROM blog_search WHERE blog_search MATCH %s"

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


def newest(expressions: list[str], each: int) -> tuple[str, list]:
    """The ids of the newest that fit each of these: a list is read from its end, and left once there are enough."""
    found = f"SELECT * FROM ({IDS} ORDER BY rowid DESC LIMIT %s)"  # noqa: S608  constant
    return " UNION ".join([found] * len(expressions)), [value for one in expressions for value in (one, each)]


def expression(terms: list[Term]) -> str:
    """The MATCH operand: every term, in any of its forms."""
    return " AND ".join(f"({' OR '.join(_forms(term))})" for term in terms)


def _forms(term: Term) -> list[str]:
    # Inside double quotes everything is text; words contain no quote.
    found = [f'"{form}"' for form in term.forms] + ([f'"{term.word}"*'] if term.is_prefix else [])
    for mark, forms in term.forms_elsewhere:
        either = " OR ".join(f'"{form}"' for form in forms)
        found.append(f'("{mark}" AND ({either}))')
    return found
