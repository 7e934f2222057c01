"""Writing the index; blog/search/sqlite.py and blog/search/postgresql.py hold what differs."""

from types import ModuleType
from typing import TYPE_CHECKING

from django.db import connection

from blog.models.settings import SiteSettings
from blog.search import postgresql, sqlite
from blog.search.normalise import forms, mark

if TYPE_CHECKING:
    from blog.models import Post


def index(post: "Post", site_language: str = "") -> None:
    """Makes a saved post's words findable, in place of those it had.

    Called by Post.save; call it again after setting labels, which Django saves later than the post (stems are
    remembered, so that the second time costs a fraction of the first). `site_language` spares a query to those who
    index many; a post without a language of its own is stemmed by the site's.
    """
    language = post.language or site_language or SiteSettings.load().language
    labels = "\n".join(label.name for label in post.tags.all())
    title, labels, body = (forms(one, language) for one in (post.title, labels, f"{post.excerpt}\n{post.body_text}"))
    with connection.cursor() as cursor:
        table().write(cursor, post.pk, title, labels, mark(post.language) + body)


def remove(post_id: int) -> None:
    """Forgets a post that is deleted for good; nothing happens if it is not there."""
    with connection.cursor() as cursor:
        table().remove(cursor, post_id)


def tidy() -> None:
    """Drops the rows of posts that are no more, and packs the index."""
    with connection.cursor() as cursor:
        table().tidy(cursor)


def table() -> ModuleType:
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]
