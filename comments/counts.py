"""How many comments there are, by status: stored, so that no page counts a table.

Written in the transaction that changes a comment (comments/moderation), and nowhere else. “reported” is counted beside
the statuses, since reported comments are approved ones.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from blog import totals
from comments.models import Comment, PostCount, SiteCount

REPORTED = "reported"
KEYS = [*Comment.Status.values, REPORTED]

TRUE = """
    SELECT post_id, status, count(*) AS count FROM comments_comment GROUP BY post_id, status
    UNION ALL
    SELECT post_id, 'reported', count(*) FROM comments_comment WHERE reported_at IS NOT NULL GROUP BY post_id
"""
STORED = "SELECT post_id, status, count FROM comments_postcount WHERE count <> 0"
TRUE_OF_SITE = f"SELECT status, CAST(sum(count) AS bigint) FROM ({TRUE}) AS true_counts GROUP BY status"  # noqa: S608
STORED_OF_SITE = "SELECT status, count FROM comments_sitecount WHERE count <> 0"


def site() -> dict[str, int]:
    """Of all comments: status (or “reported”) to number."""
    return _filled(SiteCount.objects.values_list("status", "count"))


def of_author(user) -> dict[str, int]:
    """Of the comments under this user's posts."""
    rows = PostCount.objects.filter(post__author=user).order_by().values_list("status")
    return _filled(rows.annotate(Sum("count")))


def of_posts(post_ids: Iterable[int]) -> dict[int, int]:
    """The approved comments of each of these posts."""
    counted = dict.fromkeys(post_ids, 0)
    rows = PostCount.objects.filter(post__in=list(counted), status=Comment.Status.APPROVED)
    return counted | dict(rows.values_list("post", "count"))


def approved(post) -> QuerySet:
    """The row, if there is one, with the number of approved comments of this post."""
    return PostCount.objects.filter(post=post, status=Comment.Status.APPROVED)


def keys_of(comment: Comment) -> list[str]:
    """Under which keys a comment counts."""
    return [comment.status, REPORTED] if comment.reported_at else [comment.status]


def add(changes: Counter[tuple[int, str]]) -> None:
    """Adds to the counts of (post, key). Call it last in a transaction: everybody waits for these rows.

    Rows are taken in one order, posts before the site, so that two transactions wait and never deadlock.
    """
    of_site: Counter[str] = Counter()
    for (_post, key), number in changes.items():
        of_site[key] += number
    totals.upsert(
        connection,
        "comments_postcount",
        ["post_id", "status"],
        [(*key, number) for key, number in changes.items() if number],
    )
    totals.upsert(
        connection, "comments_sitecount", ["status"], [(key, number) for key, number in of_site.items() if number]
    )


def _filled(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    return dict.fromkeys(KEYS, 0) | {key: max(number, 0) for key, number in rows if key in KEYS}


@transaction.atomic
def recount() -> int:
    """Counts everything anew; how many stored counts were wrong. Decisions wait meanwhile and are not lost."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Who has counted has committed; who has not yet counted adds to what is written here. In the order of
            # add(), or the two would wait for each other.
            cursor.execute("LOCK TABLE comments_postcount, comments_sitecount IN SHARE ROW EXCLUSIVE MODE")
        wrong = totals.differing(cursor, "post_id, status", TRUE, STORED)
        wrong += totals.differing(cursor, "status", TRUE_OF_SITE, STORED_OF_SITE)
        cursor.execute("DELETE FROM comments_postcount")
        cursor.execute("DELETE FROM comments_sitecount")
        cursor.execute(f"INSERT INTO comments_postcount (post_id, status, count) {TRUE}")  # noqa: S608
        cursor.execute(f"INSERT INTO comments_sitecount (status, count) {TRUE_OF_SITE}")  # noqa: S608
        cursor.execute(
            "UPDATE comments_commentreason SET status = comment.status FROM comments_comment AS comment"
            " WHERE comment.id = comment_id AND comment.status <> comments_commentreason.status"
        )
        return wrong + cursor.rowcount
