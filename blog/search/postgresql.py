"""The search index on PostgreSQL: a tsvector for each post, under a GIN index.

The vector is written out here rather than made by to_tsvector, whose parser would undo blog.search.normalise.
"""

from collections.abc import Iterable

from django.db.backends.utils import CursorWrapper

from blog.search.query import Term

COUNT = "SELECT count(*) FROM (SELECT 1 FROM blog_search WHERE vector @@ %s::tsquery LIMIT %s) AS matches"
# `public` gives the number and the moment (`at`) of each post that may be found. PostgreSQL takes every word that it
# has no statistics of for a common one, and would rather read an index of all posts than look up those few: OFFSET 0
# leaves it no choice.
FEW = """
    SELECT post.number AS id, post.at AS at, vector FROM blog_search CROSS JOIN LATERAL (
        SELECT * FROM ({public}) AS public WHERE public.number = post_id OFFSET 0
    ) AS post
    WHERE vector @@ %s::tsquery
    ORDER BY post.at DESC, post.number DESC LIMIT %s
"""
MANY = """
    SELECT post.number AS id, post.at AS at, vector
    FROM blog_search JOIN ({public}) AS post ON post.number = post_id
    WHERE vector @@ %s::tsquery
    ORDER BY post.at DESC, post.number DESC LIMIT %s
"""
RANKED = """
    WITH newest AS MATERIALIZED ({newest})
    SELECT id FROM newest ORDER BY ts_rank(ARRAY[0.05, 0.1, 0.4, 1], vector, %s::tsquery, 1) DESC, at DESC, id DESC
"""
FEW_RANKED, MANY_RANKED = RANKED.format(newest=FEW), RANKED.format(newest=MANY)
# In no order: it ends as soon as so many are found.
SOME = "SELECT post_id FROM blog_search WHERE vector @@ %s::tsquery LIMIT %s"
IDS = "SELECT post_id FROM blog_search WHERE vector @@ %s::tsquery"

# A tsvector holds at most 1 MB: the words of a longer post beyond this are not found.
VECTOR_BYTES = 900_000
POSITIONS = 10  # of one word; ts_rank gives the eleventh next to nothing
LAST_POSITION = 16_383

Forms = Iterable[tuple[str, ...]]


def write(cursor: CursorWrapper, post_id: int, title: Forms, labels: Forms, body: Forms) -> None:
    cursor.execute(
        "INSERT INTO blog_search (post_id, vector) VALUES (%s, %s::tsvector) "
        "ON CONFLICT (post_id) DO UPDATE SET vector = EXCLUDED.vector",
        [post_id, _vector(A=title, B=labels, D=body)],
    )


def remove(cursor: CursorWrapper, post_id: int) -> None:
    cursor.execute("DELETE FROM blog_search WHERE post_id = %s", [post_id])


def tidy(cursor: CursorWrapper) -> None:
    cursor.execute("DELETE FROM blog_search WHERE post_id NOT IN (SELECT id FROM blog_post)")


def newest(expressions: list[str], each: int) -> tuple[str, list]:
    """The ids of all that fit any of these: who asks reads the posts from the newest on, and stops in time."""
    return IDS, [" | ".join(f"({one})" for one in expressions)]


def expression(terms: list[Term]) -> str:
    """The tsquery: every term, in any of its forms."""
    return " & ".join(f"({' | '.join(_forms(term))})" for term in terms)


def _forms(term: Term) -> list[str]:
    # Inside single quotes everything is text; words contain neither quote nor backslash.
    found = [f"'{form}'" for form in term.forms] + ([f"'{term.word}':*"] if term.is_prefix else [])
    for mark, forms in term.forms_elsewhere:
        either = " | ".join(f"'{form}'" for form in forms)
        found.append(f"('{mark}' & ({either}))")
    return found


def _vector(**parts: Forms) -> str:
    places: dict[str, list[str]] = {}
    position, size = 0, 0
    for weight, part in parts.items():
        for word in part:
            position = min(position + 1, LAST_POSITION)
            for form in word:
                if form not in places:
                    size += len(form.encode()) + 8
                    if size > VECTOR_BYTES:
                        return _written(places)
                    places[form] = []
                if len(places[form]) < POSITIONS:
                    size += 2
                    places[form].append(f"{position}{weight}")
    return _written(places)


def _written(places: dict[str, list[str]]) -> str:
    return " ".join(f"'{form}':{','.join(at)}" for form, at in places.items())
