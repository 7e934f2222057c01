"""Posts to be found, and what a search finds."""

from datetime import timedelta

from django.utils import timezone

from blog import search
from blog.models import Post
from tests.factories import make_post, make_user


def found(query, **kwargs):
    return [hit.post.title for hit in search.search(query, **kwargs).hits]


def labelled(*labels, **fields):
    post = make_post(labels=labels, **fields)
    search.index(post)
    return post


def make_many(number, text=lambda n: "lighthouse"):
    """Posts without rendering: `number` of them, each an hour older than the one before."""
    author = make_user("author", is_staff=True)
    now = timezone.now()
    posts = [
        Post(
            title=f"Post {n}",
            slug=f"post-{n}",
            author=author,
            status=Post.Status.PUBLISHED,
            published_at=now - timedelta(hours=n),
            year=2017,
            month=6,
            body_text=text(n),
        )
        for n in range(number)
    ]
    Post.objects.bulk_create(posts)
    for post in posts:
        search.index(post, "en")
