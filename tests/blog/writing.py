"""What a form of the admin that writes posts and pages is sent, and where it is."""

from django.urls import reverse

from blog import revisions
from blog.models import Post

ADD = "/admin/blog/post/add/"


def form_data(**fields) -> dict:
    fields.setdefault("title", "The tide table")
    fields.setdefault("body", "<p>Some words.</p>")
    fields.setdefault("comments_mode", "inherit")
    return fields


def opened(post: Post) -> dict:
    """What a form of this post, opened now, says of what it begins from."""
    post.refresh_from_db()
    return {"base_revision": revisions.newest_of(post) or ""}


def address_of(post: Post) -> str:
    return reverse(f"admin:blog_{post.kind}_change", args=[post.pk])
