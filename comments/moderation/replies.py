from comments.models import Comment
from comments.models.comment import ID_WIDTH, MAX_DEPTH, CommentQuerySet


def replies_of(comment: Comment | int) -> CommentQuerySet:
    """The approved and pending replies below a comment, at any depth."""
    if not isinstance(comment, Comment):
        comment = Comment.objects.only("path", "post").filter(pk=comment).first()
    alive = Comment.objects.filter(status__in=[Comment.Status.APPROVED, Comment.Status.PENDING])
    if comment is None:
        return alive.none()
    under = alive.filter(post=comment.post_id)
    # Replies that lie deeper than paths go stand beside what they answer, under the same tenth ancestor.
    if len(comment.path) < ID_WIDTH * MAX_DEPTH:
        return under.filter(path__gt=comment.path, path__lt=_after(comment.path))
    above = comment.path[:-ID_WIDTH]
    return under.filter(pk__in=_below(comment, dict(_parents(comment.post_id, above))))


def _after(path: str) -> str:
    """What sorts behind every path that begins with this one: digits are all that follows."""
    return f"{path}:"


def _parents(post_id: int, above: str):
    rows = Comment.objects.filter(post=post_id, path__gt=above, path__lt=_after(above))
    return rows.order_by("pk").values_list("pk", "parent")


def _below(comment: Comment, parents: dict[int, int | None]) -> list[int]:
    """Those whose line of parents leads to the comment; a reply's id is above that of what it answers."""
    found = {comment.pk}
    for pk, parent in parents.items():
        if parent in found:
            found.add(pk)
    return sorted(found - {comment.pk})
