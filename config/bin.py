"""Posts in the bin are deleted for good when nobody has wanted them back for 30 days, and the comments under them. So
is, later, what guests left who read a draft by a preview link."""

from datetime import datetime, timedelta
from urllib.parse import unquote

from django.db.models import QuerySet

from blog import search
from blog.models import OldPath, Post, Preview, ReviewNote
from comments import moderation, retention
from comments.models import Comment
from comments.retention import Chore

KEPT = timedelta(days=30)
PREVIEWS_KEPT = timedelta(days=90)  # after they have ended
NOTES_KEPT = timedelta(days=365)  # of guests, after they were settled


def _posts(before: datetime) -> QuerySet:
    return Post.objects.filter(status=Post.Status.BINNED, binned_at__lt=before)


def _comments(before: datetime) -> QuerySet:
    return Comment.objects.filter(post__status=Post.Status.BINNED, post__binned_at__lt=before)


def _delete(ids: list[int]) -> None:
    """Its pictures stay in the library; its addresses say from now on that it is gone for good, or lead to where
    somebody wanted its readers to be sent."""
    for post in Post.objects.short().filter(pk__in=ids):
        chosen = OldPath()
        if post.had_address:
            chosen, _is_new = OldPath.objects.get_or_create(path=unquote(post.get_absolute_url()))
        aim = {name: getattr(chosen, name) for name in ("post_id", "label_id", "address")}
        OldPath.objects.filter(post=post).update(**aim)
        search.remove(post.pk)
        post.delete()


def _previews(before: datetime) -> QuerySet:
    return Preview.objects.filter(expires_at__lt=before)


def _notes(before: datetime) -> QuerySet:
    return ReviewNote.objects.filter(author=None, settled_at__lt=before)


CHORES = [
    *retention.CHORES,
    Chore("comments under posts in the bin", KEPT, _comments, moderation.expire, "created_at"),
    Chore("posts in the bin", KEPT, _posts, _delete),
    Chore("preview links", PREVIEWS_KEPT, _previews, lambda ids: Preview.objects.filter(pk__in=ids).delete()),
    Chore("settled notes of guests", NOTES_KEPT, _notes, lambda ids: ReviewNote.objects.filter(pk__in=ids).delete()),
]
