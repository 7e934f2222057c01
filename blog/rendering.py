"""Rendering posts and pages again without touching their dates: what readers see of them, what finds them, which images
they show and which posts are alike."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Length

from blog import alike, search
from blog.models import Post, SiteSettings
from blog.models.uses import keep_uses
from blog.tasks import render_posts as render_the_rest

BATCH = 100
MAX_CHARACTERS = 2_000_000  # of the texts of one batch
OLD = ["body_html", "body_text", "toc"]  # long, and written anew
RENDERED = [*OLD, "cover_html", "reading_minutes", "summary"]


def render_posts(after: int = 0) -> None:
    """Renders the posts and pages from that id on, which the worker goes on with batch by batch."""
    if ids := next(batches(BATCH, after), None):
        render_batch(ids, SiteSettings.load().language)
        render_the_rest.enqueue(ids[-1])


def batches(size: int, after: int = 0) -> Iterator[list[int]]:
    """The ids of all posts and pages from that one on, oldest first; posts written meanwhile are met too.

    A batch is in memory at once: it has so many, and fewer where they are long.
    """
    while rows := list(_next(after, size)):
        room, ids = MAX_CHARACTERS, []
        for pk, length in rows:
            room -= length
            if ids and room < 0:
                break
            ids.append(pk)
        yield ids
        after = ids[-1]


def _next(after: int, size: int) -> QuerySet:
    rows = Post.objects.filter(pk__gt=after).order_by("pk").annotate(length=Length("body"))
    return rows.values_list("pk", "length")[:size]


def render_batch(ids: list[int], language: str) -> None:
    """`language` is the site's."""
    _render(ids, language)
    alike.keep_all(ids)


@transaction.atomic
def _render(ids: list[int], language: str) -> None:
    # Locked, so that a post saved at the same moment is not given the rendering of its older text.
    rows = Post.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    posts = list(rows.defer(*OLD).prefetch_related("tags"))
    for post in posts:
        post.render_body(language)
    Post.objects.bulk_update(posts, RENDERED)
    keep_uses(posts)
    for post in posts:
        search.index(post, language)
