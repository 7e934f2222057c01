"""What a writer, or the writer's network, sent before: asked of every new comment (comments/policy.py)."""

from datetime import datetime
from functools import cache

from django.db.models.functions import Coalesce

from blog.prepared import Given, Prepared
from comments.models import Comment
from comments.models.comment import NEWEST, CommentQuerySet

# A writer's own earlier comments that are compared with a new one. Words said before those may be said again.
COMPARED = 500
Status = Comment.Status
NAME, NETWORK = ("post_id", "author_name"), ("address_digest",)


def has_same_words(comment: Comment) -> bool:
    """Whether the writer has said this in the same place. Who proved nothing is the writer only under the same name."""
    by = _writer(comment)
    values = {"body": comment.body, "post": comment.post_id, "parent": comment.parent_id or 0}
    names = _same_words(by)(**values, **_values(comment, by))
    if comment.is_proved:
        return bool(names)
    return comment.author_name.casefold() in (name.casefold() for name in names)


def newest(comment: Comment, network: str, since: datetime, now: datetime) -> datetime | None:
    """When the writer or the network sent the newest comment after `since`. A typed name alone names nobody."""
    found = []
    if comment.is_proved or comment.author_email:
        by = _writer(comment)
        found += _newest(by)(since=since, now=now, **_values(comment, by))
    if network:
        found += _newest(NETWORK)(since=since, now=now, address_digest=network)
    return max(found, default=None)


def _writer(comment: Comment) -> tuple[str, ...]:
    """The fields by which the writer is known; without an account or address, the name under this post."""
    for field in ("user_id", "commenter_id", "author_email"):
        if getattr(comment, field):
            return (field,)
    return NAME


def _values(comment: Comment, by: tuple[str, ...]) -> dict:
    values = {field: getattr(comment, field) for field in by}
    return {"author_email": comment.author_email.lower()} if "author_email" in values else values


class _Typed(Given):
    """An address that is given in small letters."""

    def lower(self) -> "_Typed":
        return self


def _comments(by: tuple[str, ...]) -> CommentQuerySet:
    given = {field: _Typed(field) for field in by}
    if by == NETWORK:
        return Comment.objects.filter(**given)
    if by == NAME:
        return Comment.objects.filter(user=None, **given)
    return Comment.objects.by_writer_of(Comment(**given))


@cache
def _same_words(by: tuple[str, ...]) -> Prepared:
    compared = _comments(by).order_by(*NEWEST)[:COMPARED]
    # Not the columns themselves: by their indexes SQLite would walk all comments of the post.
    placed = Comment.objects.alias(under=Coalesce("post", 0), answers=Coalesce("parent", 0))
    place = {"under": Given("post"), "answers": Given("parent")}
    same = placed.filter(pk__in=compared.values("pk"), body=Given("body"), **place)
    same = same.exclude(status__in=[Status.REMOVED, Status.REJECTED])
    return Prepared(lambda: same.values_list("author_name", flat=True))


@cache
def _newest(by: tuple[str, ...]) -> Prepared:
    recent = _comments(by).filter(created_at__gt=Given("since"), created_at__lte=Given("now"))
    return Prepared(lambda: recent.order_by("-created_at").values_list("created_at", flat=True)[:1])
