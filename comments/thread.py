"""The comments of a post in the order of their threads, a page at a time.

A thread is a first comment and all below it. A page holds at most `threads_per_page` threads and ten times as many
comments, whole threads only; one that is longer than a page stands alone, and its rest on pages of its own.

A cursor is the path of the comment that a page begins with: one id for a page of threads, more for a rest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.db.models import F, Func, QuerySet, Subquery, TextField
from django.db.models.expressions import RawSQL

from blog.prepared import Given, Prepared
from comments import counts
from comments.models import Comment
from comments.models.comment import ID_WIDTH, MAX_DEPTH

APPROVED = Comment.Status.APPROVED.value  # as the column holds it: a page asks hundreds of times
COMMENTS_PER_THREAD = 10  # so many times the threads of a page are its most comments
COUNTED = 1000  # replies that one page does not show; more are “more than 1,000”
END = "9" * ID_WIDTH * (MAX_DEPTH - 1)  # behind the path of a thread's first comment: behind its last


class Row(NamedTuple):
    """What a page needs of a comment; plain values, since a page may hold hundreds. Of one that was taken down the
    database gives no names and no words."""

    pk: int
    path: str
    status: str
    is_withdrawn: bool | None
    parent_id: int | None
    created_at: datetime | str  # as it is stored: moment_of() says when that is
    author_name: str | None
    author_url: str | None
    user_id: int | None
    commenter_id: int | None
    body_html: str | None

    @property
    def is_shown(self) -> bool:
        return self.status == APPROVED


class Place(NamedTuple):
    """As much of a comment as decides which page shows it."""

    path: str
    status: str

    is_shown = Row.is_shown


@dataclass
class ThreadPage:
    rows: list[Row] = field(default_factory=list)  # in the order of the page
    later: str = ""  # the cursor of the next page
    earlier: str | None = None  # of the page before; "" is the first page
    more: int = 0  # replies of the last thread that do not fit; COUNTED + 1: more than can be counted quickly
    more_from: str = ""  # the cursor of their page
    is_rest: bool = False  # of one thread that is longer than a page
    total: int = 0  # the approved comments of the post


OF_WRITER = ("author_name", "author_url", "user_id", "commenter_id", "body_html")


class AsStored(Func):
    """A column as the database's driver gives it: Django would convert each value of hundreds of rows."""

    template = "%(expressions)s"
    output_field = TextField()


class Unread(AsStored):
    """A moment that on SQLite not even the driver makes one of: as an expression it is text."""

    def as_sqlite(self, compiler, connection, **context) -> tuple[str, list]:
        return self.as_sql(compiler, connection, template="%(expressions)s || ''", **context)


class IfShown(AsStored):
    """A column of a comment that is shown; of any other, nothing."""

    template = "CASE WHEN status = 'approved' THEN %(expressions)s END"


class IfWithdrawn(AsStored):
    template = "CASE WHEN withdrawn_at IS NOT NULL THEN 1 END"


SPECIAL = {"is_withdrawn": IfWithdrawn(), "created_at": Unread("created_at")} | {n: IfShown(n) for n in OF_WRITER}
COLUMNS = [SPECIAL.get(name, F(name)) for name in Row._fields]
# What is needed of a thread that is longer than its page comes with every row of the page, so that it costs no query.
# In plain SQL, since Django needs longer to write it than the database to answer. Both databases see that it is the
# same for all rows. Parameters: the post and a cursor, and from there on how many comments further.
AT = """
    SELECT path FROM comments_comment WHERE post_id = %s AND in_thread = true AND path >= %s
    ORDER BY path LIMIT 1 OFFSET %s
"""
END_OF_THREAD = f"(SELECT substr(path, 1, {ID_WIDTH}) || '{END}' FROM ({AT}) AS first)"  # noqa: S608  constants alone, here and below
MORE = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM comments_comment WHERE post_id = %s AND in_thread = true AND status = 'approved'
        AND path > ({AT}) AND path <= {END_OF_THREAD} LIMIT {COUNTED + 1}
    ) AS counted
"""  # noqa: S608
NEXT_THREAD = f"""
    SELECT path FROM comments_comment WHERE post_id = %s AND in_thread = true AND path > {END_OF_THREAD}
    ORDER BY path LIMIT 1
"""  # noqa: S608


def page_of(post, threads: int, cursor: str = "", *, is_newest_first: bool = False) -> ThreadPage:
    """The page of comments of `post` that begins at the cursor; the first page where there is nothing at it.

    Threads go from the oldest, or from the newest; replies always from the oldest. Whatever the number of comments,
    the first page is one query, another page two; two more where the newest thread is longer than a page.
    """
    if not is_cursor(cursor):
        cursor = ""
    if len(cursor) > ID_WIDTH:
        page = _rest_of_thread(post, threads * COMMENTS_PER_THREAD, cursor)
    else:
        page = _threads(post, threads, cursor, is_newest_first)
    return page if page.rows or not cursor else page_of(post, threads, is_newest_first=is_newest_first)


def page_start(comment: Comment, threads: int) -> str:
    """The cursor of a page, oldest first, that shows this approved comment; empty for the first page.

    It costs no more than a page does: further on, the page begins with the comment's own thread, and in a thread
    longer than a page with the comment itself.
    """
    most = threads * COMMENTS_PER_THREAD
    in_thread = Comment.objects.in_thread(comment.post)
    first = _places(in_thread[: most + 1])
    fitting = first[: _fitting(first, threads) or most]
    if fitting and comment.path <= fitting[-1].path:
        return ""
    root = comment.path[:ID_WIDTH]
    before = in_thread.filter(path__gte=root, path__lt=comment.path)[:most].count()
    return root if before < most else comment.path


def is_cursor(text: str) -> bool:
    """Whether it can be the path of a comment."""
    return text.isascii() and text.isdigit() and len(text) % ID_WIDTH == 0 and len(text) <= ID_WIDTH * MAX_DEPTH


def moment_of(stored: datetime | str) -> datetime:
    """A row's `created_at` as a moment: SQLite keeps it as text, in UTC."""
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _threads(post, threads: int, cursor: str, is_newest_first: bool) -> ThreadPage:
    most = threads * COMMENTS_PER_THREAD
    found, total, more, next_path = _rows(post, cursor, most, is_newest_first=is_newest_first)
    earlier = _earlier(post, threads, cursor, is_newest_first) if cursor else None
    fitting = _fitting(found, threads)
    if found and not fitting:
        if is_newest_first:  # what was read are the thread's last comments, and what follows it is older
            root = found[0].path[:ID_WIDTH]
            older = Comment.objects.in_thread(post).filter(path__lt=root).order_by("-path")
            next_path = older.values_list("path", flat=True).first()
            found, _total, more, _next = _rows(post, root, most, to=f"{root}{END}")
        more_from = found[most].path if more else ""
        return ThreadPage(found[:most], (next_path or "")[:ID_WIDTH], earlier, more, more_from, total=total)
    later = found[fitting].path[:ID_WIDTH] if fitting < len(found) else ""
    rows = found[:fitting]
    if is_newest_first:
        rows = [row for thread in _by_thread(rows) for row in reversed(thread)]
    return ThreadPage(rows, later, earlier, total=total)


def _rest_of_thread(post, most: int, cursor: str) -> ThreadPage:
    """A thread from a comment in it on, below what that one answers."""
    found, total, more, _next = _rows(post, cursor, most, to=f"{cursor[:ID_WIDTH]}{END}")
    if not found:
        return ThreadPage()
    above = [cursor[:length] for length in range(ID_WIDTH, len(cursor), ID_WIDTH)]
    answered = Comment.objects.in_thread(post).filter(path__in=above).values_list(*COLUMNS)
    rows = [Row(*row) for row in answered] + found[:most]
    more_from = found[most].path if more else ""
    return ThreadPage(rows, more=more, more_from=more_from, is_rest=True, total=total)


def _rows(
    post, cursor: str, most: int, *, to: str = END, is_newest_first: bool = False
) -> tuple[list[Row], int, int, str | None]:
    """The comments from the cursor on, `most` and one more; how many the post has; then, of the thread at the cursor,
    how many approved replies come after as many comments; and where the next thread begins."""
    first, last = (cursor, to) if not is_newest_first else ("", f"{cursor}{END}")
    found = _range(is_newest_first, most)(post=post.pk, cursor=cursor, first=first, last=last)
    if not found:
        return [], 0, 0, None
    total, more, next_thread = found[0][-3:]
    return [Row(*columns[:-3]) for columns in found], total or 0, more, next_thread


@lru_cache(maxsize=200)
def _range(is_newest_first: bool, most: int) -> Prepared:
    """Columns of the comments in one range of one index."""
    post, cursor = Given("post"), Given("cursor")
    more = RawSQL(MORE, [post, post, cursor, most - 1, post, cursor, 0])  # noqa: S611
    next_thread = RawSQL(NEXT_THREAD, [post, post, cursor, 0])  # noqa: S611
    comments = Comment.objects.in_thread(post).filter(path__gte=Given("first"), path__lte=Given("last"))
    comments = comments.order_by("-path" if is_newest_first else "path")
    total = Subquery(counts.approved(post).values("count"), output_field=TextField())
    return Prepared(lambda: comments.values_list(*COLUMNS, total, more, next_thread)[: most + 1])


def _earlier(post, threads: int, cursor: str, is_newest_first: bool) -> str | None:
    """The cursor of a page that ends where this one begins; None where this is the beginning."""
    in_thread = Comment.objects.in_thread(post)
    if is_newest_first:
        before = in_thread.filter(path__gt=f"{cursor}{END}").order_by("path")
    else:
        before = in_thread.filter(path__lt=cursor).order_by("-path")
    found = _places(before[: threads * COMMENTS_PER_THREAD + 1])
    if not found:
        return None
    fitting = _fitting(found, threads)
    return "" if fitting == len(found) else found[max(fitting - 1, 0)].path[:ID_WIDTH]


def _places(comments: QuerySet[Comment]) -> list[Place]:
    return [Place(*row) for row in comments.values_list(*Place._fields)]


def _by_thread(found: Iterable[Row | Place]) -> Iterator[list[Row | Place]]:
    for _root, thread in groupby(found, key=lambda row: row.path[:ID_WIDTH]):
        yield list(thread)


def _fitting(found: list[Row] | list[Place], threads: int) -> int:
    """How many of these, one more than fit on a page if there are, stand in its whole threads.

    A thread with nothing left to read fills no place.
    """
    most, fitting, counted = threads * COMMENTS_PER_THREAD, 0, 0
    if len(found) <= most and len({row.path[:ID_WIDTH] for row in found}) <= threads:
        return len(found)  # as on most pages
    for thread in _by_thread(found):
        counted += any(row.is_shown for row in thread)
        if counted > threads or fitting + len(thread) > most:
            break
        fitting += len(thread)
    return fitting
