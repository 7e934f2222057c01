"""Searching: the newest matches, ranked, and the page of them that was asked for; or all of them, the newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.safestring import SafeString

from blog.models.settings import SiteSettings
from blog.paging import Cursor
from blog.search.query import Term, clean, terms
from blog.search.snippet import Marker
from blog.search.table import table

if TYPE_CHECKING:
    from blog.models import Label, Post

# So many of the newest matches are ranked; of older ones it is only said that there are more.
RANKED = 1000
# So many matches are each looked up among the posts; of more, the posts are read from the newest on.
FEW = 1500

AUTHOR = [f"author__{name}" for name in ("display_name", "first_name", "last_name", "username", "slug")]


@dataclass(frozen=True)
class Within:
    """What a search is narrowed to; pages have neither."""

    label: "Label | None" = None
    year: int | None = None


EVERYWHERE = Within()


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


@dataclass
class NewestFirst:
    query: str
    asked: bool
    hits: list[Hit]
    older: Cursor | None  # where the next page begins


def search(query: str, page: int = 1, size: int = 10, language: str = "", within: Within = EVERYWHERE) -> Results:
    """The public posts and pages that hold every word of `query`, best first, `size` on a page.

    Takes any string and never fails on one. A page that is not there becomes the nearest one that is. `language` is
    the site's, for those who know it already; it decides how the words are stemmed. At most four queries.
    """
    query = clean(query)
    asked = terms(query, language := language or SiteSettings.load().language)
    found = _ranked(asked, within) if asked else []
    more, found = len(found) > RANKED, found[:RANKED]
    pages = max(1, -(-len(found) // size))
    page = min(max(1, page), pages)
    hits = _hits(found[(page - 1) * size : page * size], asked, language)
    return Results(query, bool(asked), hits, len(found), more, page, pages)


def newest_first(
    query: str, before: Cursor | None = None, size: int = 10, language: str = "", within: Within = EVERYWHERE
) -> NewestFirst:
    """The same, newest first from this place in their list on: page by page, however many there are, to the last."""
    query = clean(query)
    asked = terms(query, language := language or SiteSettings.load().language)
    found = _newest_first(asked, size + 1, within, before) if asked else []
    hits = _hits(found[:size], asked, language)
    older = Cursor.of(hits[-1].post) if len(found) > size and hits else None
    return NewestFirst(query, bool(asked), hits, older)


def holding(query: str, language: str) -> RawSQL | None:
    """The ids of all posts and pages, drafts too, that hold every word of this; None if no word is left of it. For the
    desk, which narrows them to what its user may see."""
    asked = terms(clean(query), language)
    return RawSQL(table().IDS, [table().expression(asked)]) if asked else None  # noqa: S611  constant


def newest(queries: Iterable[str], language: str, each: int) -> RawSQL | None:
    """As holding(), for any of several; of what very many hold, the newest `each` may be all that are found."""
    asked = [found for query in queries if (found := terms(clean(query), language))]
    return RawSQL(*table().newest([table().expression(one) for one in asked], each)) if asked else None  # noqa: S611


def some(query: str, language: str, most: int) -> RawSQL | None:
    """As holding(), but of many only so many: as quick for a common word as for a rare one."""
    asked = terms(clean(query), language)
    return RawSQL(table().SOME, [table().expression(asked), most]) if asked else None  # noqa: S611  constant


def _posts() -> "QuerySet[Post]":
    # Asked for when it is needed: Post itself imports this package, to index what it saves.
    return apps.get_model("blog", "Post").objects.all()


def _links() -> QuerySet:
    return apps.get_model("blog", "PostTag").objects.all()


def _ranked(asked: list[Term], within: Within) -> list[int]:
    """The ids of the newest matches, and of one more if there is one, best first."""
    expression = table().expression(asked)
    statement = table().MANY_RANKED if _is_many(expression) else table().FEW_RANKED
    return _ids(statement, _findable(within), expression, RANKED + 1, expression)


def _newest_first(asked: list[Term], most: int, within: Within, before: Cursor | None) -> list[int]:
    expression = table().expression(asked)
    statement = table().MANY if _is_many(expression) else table().FEW
    return _ids(statement, _findable(within, before), expression, most)


def _is_many(expression: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(table().COUNT, [expression, FEW])
        return cursor.fetchone()[0] == FEW


def _ids(statement: str, public: QuerySet, *values) -> list[int]:
    sql, params = public.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement.format(public=sql), [*params, *values])
        return [row[0] for row in cursor.fetchall()]


def _findable(within: Within, before: Cursor | None = None) -> QuerySet:
    """The number and the moment of what may be found from this place on: by the label's own index, or by the year's,
    which grows less."""
    until = min(before.at, timezone.now()) if before else timezone.now()
    posts, number, at = _posts().public(until).order_by(), "pk", "published_at"
    conditions = Q()
    if within.year is not None:
        conditions = Q(kind="post", year=within.year)
        if within.label:
            links = _links().filter(tag=within.label, content_object=OuterRef("pk"))
            conditions &= Q(Exists(links))
    elif within.label:
        number, at = "tag_items__content_object", "tag_items__published_at"
        conditions = Q(tag_items__tag=within.label, tag_items__published_at__lte=until)
    if before:
        conditions &= before.older(at, number)
    return posts.filter(conditions).annotate(number=F(number), at=F(at)).values_list("number", "at")


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
