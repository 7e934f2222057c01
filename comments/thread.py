"""The comments of a post in the order of their threads, a page at a time.

A thread is a first comment and all below it. A page holds at most `threads_per_page` threads and ten times as many
comments, whole threads only; one that is longer than a page stands alone, and its rest on pages of its own.

A cursor is the path of the comment that a page begins with: one id for a page of threads, more for a rest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import F, Func, QuerySet
from django.db.models.expressions import RawSQL

from comments.models import Comment
from comments.models.comment import ID_WIDTH, MAX_DEPTH

COMMENTS_PER_THREAD = 10  # so many times the threads of a page are its most comments
COUNTED = 1000  # replies that one page does not show; more are “more than 1,000”
END = "9" * ID_WIDTH * (MAX_DEPTH - 1)  # behind the path of a thread's first comment: behind its last


class Row(NamedTuple):
    """What a page needs of a comment; plain values, since a page may hold hundreds. Of one that was taken down the
    database gives no names and no words."""

    pk: int
    path: str
    status: str
    withdrawn_at: datetime | None
    parent_id: int | None
    created_at: datetime
    author_name: str | None
    author_url: str | None
    user_id: int | None
    commenter_id: int | None
    body_html: str | None

    @property
    def is_shown(self) -> bool:
        return self.status == Comment.Status.APPROVED


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


OF_WRITER = ("author_name", "author_url", "user_id", "commenter_id", "body_html")


class IfShown(Func):
    """A column of a comment that is shown; of any other, nothing."""

    template = "CASE WHEN status = 'approved' THEN %(expressions)s END"


COLUMNS = [IfShown(name) if name in OF_WRITER else F(name) for name in Row._fields]
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


def ids_of(path: str) -> list[int]:
    """The ids of a comment's ancestors, from the thread's first on, and its own."""
    return [int(path[i : i + ID_WIDTH]) for i in range(0, len(path), ID_WIDTH)]


def _threads(post, threads: int, cursor: str, is_newest_first: bool) -> ThreadPage:
    most = threads * COMMENTS_PER_THREAD
    found, more, next_path = _rows(post, _from(post, cursor, is_newest_first), cursor, most)
    earlier = _earlier(post, threads, cursor, is_newest_first) if cursor else None
    fitting = _fitting(found, threads)
    if found and not fitting:
        if is_newest_first:  # what was read are the thread's last comments, and what follows it is older
            root = found[0].path[:ID_WIDTH]
            next_path = _from(post, "", is_newest_first).filter(path__lt=root).values_list("path", flat=True).first()
            found, more, _next = _rows(post, _one_thread(post, root), root, most)
        more_from = found[most].path if more else ""
        return ThreadPage(found[:most], (next_path or "")[:ID_WIDTH], earlier, more, more_from)
    later = found[fitting].path[:ID_WIDTH] if fitting < len(found) else ""
    rows = found[:fitting]
    if is_newest_first:
        rows = [row for thread in _by_thread(rows) for row in reversed(thread)]
    return ThreadPage(rows, later, earlier)


def _rest_of_thread(post, most: int, cursor: str) -> ThreadPage:
    """A thread from a comment in it on, below what that one answers."""
    found, more, _next = _rows(post, _one_thread(post, cursor), cursor, most)
    if not found:
        return ThreadPage()
    above = [cursor[:length] for length in range(ID_WIDTH, len(cursor), ID_WIDTH)]
    answered = Comment.objects.in_thread(post).filter(path__in=above).values_list(*COLUMNS)
    rows = [Row(*row) for row in answered] + found[:most]
    return ThreadPage(rows, more=more, more_from=found[most].path if more else "", is_rest=True)


def _from(post, cursor: str, is_newest_first: bool = False) -> QuerySet[Comment]:
    """All from the cursor on, as one range of one index."""
    comments = Comment.objects.in_thread(post)
    if is_newest_first:
        comments = comments.order_by("-path")
        return comments.filter(path__lte=f"{cursor}{END}") if cursor else comments
    return comments.filter(path__gte=cursor) if cursor else comments


def _one_thread(post, cursor: str) -> QuerySet[Comment]:
    return _from(post, cursor).filter(path__lte=f"{cursor[:ID_WIDTH]}{END}")


def _rows(post, comments: QuerySet[Comment], cursor: str, most: int) -> tuple[list[Row], int, str | None]:
    """The first `most` of these comments and one more; then, of the thread at the cursor, how many approved replies
    come after as many comments; and where the next thread begins."""
    more = RawSQL(MORE, [post.pk, post.pk, cursor, most - 1, post.pk, cursor, 0])  # noqa: S611
    next_thread = RawSQL(NEXT_THREAD, [post.pk, post.pk, cursor, 0])  # noqa: S611
    found = list(comments.values_list(*COLUMNS, more, next_thread)[: most + 1])
    rows = [Row(*columns) for *columns, _more, _next in found]
    return (rows, *found[0][-2:]) if found else (rows, 0, None)


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
    for thread in _by_thread(found):
        counted += any(row.is_shown for row in thread)
        if counted > threads or fitting + len(thread) > most:
            break
        fitting += len(thread)
    return fitting
