"""A named cast and the things they write, made plainly: each call states only what its test is about."""

from django.contrib.auth.models import Group
from django.utils import timezone

from blog.models import Page, Post, User
from comments.models import Comment
from comments.moderation import moving


def make_user(username: str = "alice", role: str = "", **fields) -> User:
    """`role` is Contributor, Author, Editor, Moderator or Owner; empty: a reader with an account."""
    fields.setdefault("is_superuser", role == "Owner")
    fields.setdefault("is_staff", bool(role))
    fields.setdefault("display_name", username.title())
    user = User.objects.create_user(username, f"{username}@example.org", "correct horse", **fields)
    if role and role != "Owner":
        user.groups.add(Group.objects.get(name=role))
    return user


def make_post(author: User | None = None, labels: tuple[str, ...] = (), model=Post, **fields) -> Post:
    """Published now unless `status` or `published_at` says otherwise."""
    fields.setdefault("title", f"Post {Post.objects.count() + 1}")
    fields.setdefault("body", "<p>Some words.</p>")
    fields.setdefault("status", Post.Status.PUBLISHED)
    if fields["status"] == Post.Status.PUBLISHED:
        fields.setdefault("published_at", timezone.now())
    author = author or User.objects.filter(username="author").first() or make_user("author", is_staff=True)
    post = model(author=author, **fields)
    post.save()
    post.tags.add(*labels)
    return post


def make_page(**fields) -> Page:
    return make_post(model=Page, **fields)


def make_comment(post: Post, **fields) -> Comment:
    """Approved unless `status` says otherwise. Counted as any other; the log says nothing of it."""
    fields.setdefault("author_name", "Reader")
    fields.setdefault("author_email", "reader@example.org")
    fields.setdefault("body", "A comment.")
    fields.setdefault("status", Comment.Status.APPROVED)
    fields.setdefault("created_at", timezone.now())
    if fields["status"] in (Comment.Status.APPROVED, Comment.Status.REMOVED):
        fields.setdefault("shown_at", fields["created_at"])
    comment = Comment.objects.create(post=post, **fields)
    moving.count_in(comment)
    return comment
