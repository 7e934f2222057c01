"""The queue's search: which comments hold some words, from one side table by kind of database.

The table `comments_search` has no model and no foreign key, for the reasons that blog.search gives; a row without its
comment is harmless, since matching() only narrows a query over comments. Words are indexed in their plain forms alone:
stems would tie the index to one language, where comments come in many, and a moderator who looks for a name, an address
or an insult means that very word. The last word asked for is also taken as the beginning of one.
"""

import json
import re
from collections.abc import Iterator, Set
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from blog.sanitize import plain_text
from blog.search.normalise import STEM_MARK, texts, words
from blog.search.query import Term, clean, terms

if TYPE_CHECKING:
    from comments.models import Comment
    from comments.models.comment import CommentQuerySet

NEWEST = 10_000  # so many of the newest matches are looked at; of older ones nothing is said
LAST_ID = 2**63 - 1
JOINT = STEM_MARK  # between the words of an e-mail address that is kept whole: no word contains it
EMAIL = re.compile(r"[^\s<>,;:()\[\]\"]+@[^\s<>,;:()\[\]\"]+")
EMAIL_MAX = 500
HREF = re.compile(r'href="([^"]+)"')

WRITE = {
    "sqlite": "INSERT OR REPLACE INTO comments_search (rowid, words) VALUES (%s, %s)",
    "postgresql": (
        "INSERT INTO comments_search (comment_id, words) VALUES (%s, %s::tsvector) "
        "ON CONFLICT (comment_id) DO UPDATE SET words = EXCLUDED.words"
    ),
}
REMOVE = {
    "sqlite": "DELETE FROM comments_search WHERE rowid = %s",
    "postgresql": "DELETE FROM comments_search WHERE comment_id = %s",
}
# The newest matches, and of them those that are among the comments given. CROSS JOIN keeps SQLite to that order: left
# to choose, it walks all comments of a status for the few that match.
FIND = {
    "sqlite": """
        WITH newest AS MATERIALIZED (
            SELECT rowid AS id FROM comments_search
            WHERE comments_search MATCH %s AND rowid <= %s ORDER BY rowid DESC LIMIT %s
        )
        SELECT newest.id FROM newest CROSS JOIN ({comments}) AS comment ON comment.id = newest.id
    """,
    "postgresql": """
        WITH newest AS MATERIALIZED (
            SELECT comment_id AS id FROM comments_search
            WHERE words @@ %s::tsquery AND comment_id <= %s ORDER BY comment_id DESC LIMIT %s
        )
        SELECT newest.id FROM newest JOIN ({comments}) AS comment ON comment.id = newest.id
    """,
}
# A word in the index's own language, the beginning of one, and what stands between them. Words contain no quotes.
WORD = {"sqlite": '"{}"', "postgresql": "'{}'"}
BEGINNING = {"sqlite": '"{}"*', "postgresql": "'{}':*"}
AND = {"sqlite": " AND ", "postgresql": " & "}
AMONG = {"sqlite": "SELECT value FROM json_each(%s)", "postgresql": "SELECT unnest(%s::bigint[])"}


def index(comment: "Comment") -> None:
    """Makes a saved comment's words findable, in place of those it had. Called by Comment.save."""
    with connection.cursor() as cursor:
        cursor.execute(WRITE[connection.vendor], [comment.pk, document(indexed(comment))])


def remove(comment_id: int) -> None:
    """Forgets a comment that is deleted for good; nothing happens if it is not there."""
    with connection.cursor() as cursor:
        cursor.execute(REMOVE[connection.vendor], [comment_id])


def matching(comments: "CommentQuerySet", q: str, newest: int | None = None) -> "CommentQuerySet":
    """Those of `comments` that hold every word of `q` in their text, links, name, e-mail or website.

    Takes any string. Looks at the newest 10,000 matches, none of them newer than the id `newest`; without a word to
    look for nothing matches. Call it after all other filters: what is returned names the comments by their ids alone,
    so that both databases take them by their keys, whatever they are sorted by.
    """
    asked = _terms(clean(q))
    if not asked:
        return comments.none()
    try:
        inner, params = comments.order_by().values_list("id").query.sql_with_params()
    except EmptyResultSet:
        return comments.none()
    given = [_expression(asked), newest or LAST_ID, NEWEST]
    with connection.cursor() as cursor:
        cursor.execute(FIND[connection.vendor].format(comments=inner), [*given, *params])
        ids = [row[0] for row in cursor.fetchall()]
    ids = json.dumps(ids) if connection.vendor == "sqlite" else ids
    return comments.model.objects.filter(pk__in=RawSQL(AMONG[connection.vendor], [ids]))  # noqa: S611  constants


def indexed(comment: "Comment") -> frozenset[str]:
    """The words by which a comment is found."""
    return _indexed(comment.body_html, comment.author_name, comment.author_email, comment.author_url)


@lru_cache(maxsize=32)  # whoever stores a comment asks once before the transaction that others wait for
def _indexed(html: str, *said: str) -> frozenset[str]:
    text = plain_text(html)
    # A link that says something else than where it leads.
    links = (link for link in map(unescape, HREF.findall(html)) if link not in text)
    parts = [text, *said, *links]
    found = (word for part in parts for word in texts(part))
    return frozenset(found).union(*(_whole(address) for part in parts for address in EMAIL.findall(part)))


def document(found: Set[str]) -> str:
    """Words as the side table takes them."""
    if connection.vendor == "sqlite":
        return " ".join(sorted(found))
    return " ".join(f"'{word}'" for word in sorted(found))


def _whole(address: str) -> Iterator[str]:
    """An e-mail address as one word, if it is one."""
    local, _at, host = address.rpartition("@")
    parts = [[word.text for word in words(part) if not word.is_extra] for part in (local, host)]
    if all(parts):
        yield (JOINT + JOINT.join(parts[0] + parts[1]))[:EMAIL_MAX]


def _terms(query: str) -> list[Term]:
    """The words asked for; an e-mail address is asked for whole."""
    addresses = {address: whole for address in EMAIL.findall(query) for whole in _whole(address)}
    for address in addresses:
        query = query.replace(address, " ")
    return [Term(whole, "", is_prefix=True) for whole in addresses.values()] + terms(query, "")


def _expression(asked: list[Term]) -> str:
    forms = ((BEGINNING if term.is_prefix else WORD)[connection.vendor].format(term.word) for term in asked)
    return AND[connection.vendor].join(forms)
