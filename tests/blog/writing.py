"""What a form of the admin that writes posts and pages is sent, and where it is; and who sends it."""

from django.test import Client
from django.urls import reverse

from blog import revisions
from blog.models import Post
from tests.factories import make_user

ADD = "/admin/blog/post/add/"
SITTING = "a" * 16


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


def another(username: str, role: str = "Editor") -> Client:
    client = Client()
    client.force_login(make_user(username, role))
    return client


def save(client, post: Post, verb: str = "_save", **fields):
    payload = form_data(**fields) | opened(post) | {verb: "1", "author": post.author_id}
    return client.post(address_of(post), payload, follow=True)


def autosave(client, post: Post | None = None, sitting: str = SITTING, **fields) -> dict:
    kind = post.kind if post else "post"
    name = f"admin:blog_{kind}_autosave{'' if post else '_new'}"
    address = reverse(name, args=[post.pk] if post else [])
    return client.post(address, form_data(**fields) | {"sitting": sitting}).json()


def texts(post: Post) -> list[str]:
    return [revision.content["body"] for revision in post.revisions.order_by("pk")]
