"""Searching: the newest matches, ranked, and the page of them that was asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString

from blog.models.settings import SiteSettings
from blog.search.query import Term, clean, terms
from blog.search.snippet import Marker
from blog.search.table import table

if TYPE_CHECKING:
    from blog.models import Post

# So many of the newest matches are ranked; of older ones it is only said that there are more.
RANKED = 1000
# So many matches are each looked up among the posts; of more, the posts are read from the newest on.
FEW = 1500

AUTHOR = [f"author__{name}" for name in ("display_name", "first_name", "last_name", "username", "slug")]


@dataclass
class Hit:
    post: "Post"  # or a page, by its kind; without its long columns
    title: SafeString  # escaped, matches in <mark>
    snippet: SafeString  # likewise, cut from the text


@dataclass
class Results:
    query: str  # as typed, fit to be shown in the box again
    asked: bool  # False: nothing to look for was left, such as of "?!"
    hits: list[Hit]
    total: int  # at most RANKED
    more: bool  # there are more than that
    page: int
    pages: int  # at least 1


def search(query: str, page: int = 1, size: int = 10, language: str = "") -> Results:
    """The public posts and pages that hold every word of `query`, best first, `size` on a page.

    Takes any string and never fails on one. A page that is not there becomes the nearest one that is. `language` is
    the site's, for those who know it already; it decides how the words are stemmed. At most four queries.
    """
    query = clean(query)
    asked = terms(query, language := language or SiteSettings.load().language)
    found = _matches(asked) if asked else []
    more, found = len(found) > RANKED, found[:RANKED]
    pages = max(1, -(-len(found) // size))
    page = min(max(1, page), pages)
    hits = _hits(found[(page - 1) * size : page * size], asked, language)
    return Results(query, bool(asked), hits, len(found), more, page, pages)


def holding(queries: Iterable[str], language: str) -> RawSQL | None:
    """The ids of all posts and pages, drafts too, that hold every word of one of these; None if no word is left of
    them. For the desk, which narrows them to what its user may see."""
    asked = [found for query in queries if (found := terms(clean(query), language))]
    if not asked:
        return None
    return RawSQL(table().IDS, [table().OR.join(f"({table().expression(one)})" for one in asked)])  # noqa: S611  constant


def _posts() -> "QuerySet[Post]":
    # Asked for when it is needed: Post itself imports this package, to index what it saves.
    return apps.get_model("blog", "Post").objects.all()


def _matches(asked: list[Term]) -> list[int]:
    """The ids of the newest matches, and of one more if there is one, best first."""
    public, params = _posts().public().order_by().values_list("id", "published_at").query.sql_with_params()
    expression = table().expression(asked)
    with connection.cursor() as cursor:
        cursor.execute(table().COUNT, [expression, FEW])
        statement = table().FEW if cursor.fetchone()[0] < FEW else table().MANY
        cursor.execute(statement.format(public=public), [*params, expression, RANKED + 1, expression])
        return [row[0] for row in cursor.fetchall()]


def _hits(ids: list[int], asked: list[Term], language: str) -> list[Hit]:
    if not ids:
        return []
    columns = ("kind", "title", "slug", "year", "month", "published_at", "expires_at", "status")
    columns += ("excerpt", "language", "body_text")
    posts = _posts().select_related("author").only(*columns, *AUTHOR).in_bulk(ids)
    marker = Marker(asked)
    hits = []
    for post in (posts[pk] for pk in ids if pk in posts and posts[pk].is_public()):
        own = post.language or language
        hits.append(Hit(post, marker.title(post.title, own), marker.snippet([post.body_text, post.excerpt], own)))
    return hits
