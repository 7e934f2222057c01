"""Fills the tables of the two searches anew, which no backup holds: they differ by kind of database."""

from collections.abc import Callable, Iterator

from django.db import connection, models

from blog import search
from blog.models import Post, SiteSettings
from comments.models import Comment
from comments.search import document, indexed
from config.generate.bulk import Rows, writing
from config.generate.drafts import SEARCH_COLUMNS
from config.generate.tables import filled

AT_ONCE = 500
TABLES = ["blog_search", "comments_search"]
WORDS = ("body_html", "author_name", "author_email", "author_url")
Show = Callable[[str, int, int], None]


def fill(show: Show) -> None:
    """Within the transaction that has filled the site."""
    with filled(Comment, TABLES, Comment.objects.count(), show):
        for name in TABLES:
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608
        language = SiteSettings.load().language
        for posts in _batches(Post.objects.prefetch_related("tags"), "Posts", show):
            for post in posts:
                search.index(post, language)
        rows = Rows("comments_search", SEARCH_COLUMNS[connection.vendor])
        for comments in _batches(Comment.objects.only(*WORDS), "Comments", show):
            for comment in comments:
                rows.add((comment.pk, document(indexed(comment))))
            with writing() as writer:
                writer.write(rows)


def _batches(rows: models.QuerySet, what: str, show: Show) -> Iterator[list]:
    total, done, last = rows.count(), 0, 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield some
        last, done = some[-1].pk, done + len(some)
        show(f"Search, {what}", done, total)
