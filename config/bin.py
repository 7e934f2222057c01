"""Posts in the bin are deleted for good when nobody has wanted them back for 30 days, and the comments under them."""

from datetime import datetime, timedelta
from urllib.parse import unquote

from django.db.models import QuerySet

from blog import search
from blog.models import OldPath, Post
from comments import moderation, retention
from comments.models import Comment
from comments.retention import Chore

KEPT = timedelta(days=30)


def _posts(before: datetime) -> QuerySet:
    return Post.objects.filter(status=Post.Status.BINNED, binned_at__lt=before)


def _comments(before: datetime) -> QuerySet:
    return Comment.objects.filter(post__status=Post.Status.BINNED, post__binned_at__lt=before)


def _delete(ids: list[int]) -> None:
    """Its pictures stay in the library; its addresses say from now on that it is gone for good."""
    for post in Post.objects.defer("body", "body_html", "body_text", "toc").filter(pk__in=ids):
        OldPath.objects.filter(post=post).update(post=None)
        if post.year or (post.kind == Post.Kind.PAGE and post.published_at):
            OldPath.objects.get_or_create(path=unquote(post.get_absolute_url()))
        search.remove(post.pk)
        post.delete()


CHORES = [
    *retention.CHORES,
    Chore("comments under posts in the bin", KEPT, _comments, moderation.expire, "created_at"),
    Chore("posts in the bin", KEPT, _posts, _delete),
]
