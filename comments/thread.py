"""The comments of a post in the order of their threads, a page at a time."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from comments.models import Comment
from comments.models.comment import ID_WIDTH

PAGE = 200


class Shown(NamedTuple):
    """What a page shows of a comment; plain values, since a page may hold hundreds."""

    pk: int
    path: str
    author_name: str
    author_url: str
    user_id: int | None
    created_at: datetime
    body_html: str


@dataclass
class Node:
    """A comment in its place; without `comment` it is a tombstone that keeps a thread together."""

    pk: int
    depth: int
    comment: Shown | None = None
    has_replies: bool = False
    closes: int = 0  # how many open threads end before this one begins


@dataclass
class Thread:
    nodes: list[Node] = field(default_factory=list)
    left_open: int = 0  # how many are still open after the last
    later: str = ""  # the cursor of the next page
    total: int = 0  # of all pages


def thread_of(post, start: str = "", page: int = PAGE) -> Thread:
    """The approved comments of `post` from the cursor `start` on (the path of a comment).

    Three queries at most, whatever the number of comments: one range of one index, the count
    if they do not fit, and the ancestors of a page that begins inside a thread.
    """
    visible = Comment.objects.visible().filter(post=post)
    found = _rows(visible.filter(path__gte=start).order_by("path")[: page + 1])
    thread = Thread(total=len(found))
    if start or len(found) > page:
        thread.total = visible.count()
    if len(found) > page:
        found, thread.later = _cut(found[:page], found[page])
    if len(start) > ID_WIDTH:
        # The page begins inside a thread: with what its first comment answers.
        found = _rows(visible.filter(pk__in=_ids(start)[:-1]).order_by("path")) + found
    thread.nodes = _nodes(found)
    _mark(thread)
    return thread


def page_start(comment: Comment, page: int = PAGE) -> str:
    """The cursor of a page that shows this approved comment; empty for the first page.

    It costs no more than a page does: further on in a thread, the page begins with the comment's own thread, and in a
    thread longer than a page with the comment itself.
    """
    visible = Comment.objects.visible().filter(post=comment.post).order_by("path")
    first = _rows(visible[: page + 1])
    if len(first) > page:
        first, _following = _cut(first[:page], first[page])
    if comment.path in {shown.path for shown in first}:
        return ""
    root = comment.path[:ID_WIDTH]
    before = visible.filter(path__gte=root, path__lt=comment.path)[:page].count()
    return root if before < page else comment.path


def _rows(comments) -> list[Shown]:
    return [Shown(*row) for row in comments.values_list(*Shown._fields)]


def _ids(path: str) -> list[int]:
    return [int(path[i : i + ID_WIDTH]) for i in range(0, len(path), ID_WIDTH)]


def _cut(found: list[Shown], following: Shown) -> tuple[list[Shown], str]:
    """Ends a page between two threads; inside one only where that one alone fills the page."""
    root = following.path[:ID_WIDTH]
    whole = [comment for comment in found if not comment.path.startswith(root)]
    return (whole, root) if whole else (found, following.path)


def _nodes(found: list[Shown]) -> list[Node]:
    """Adds a tombstone for every ancestor that is not shown: the path names them, no query is needed."""
    nodes, seen = [], set()
    for comment in found:
        ids = _ids(comment.path)
        for depth, pk in enumerate(ids[:-1]):
            if pk not in seen:
                seen.add(pk)
                nodes.append(Node(pk, depth))
        seen.add(comment.pk)
        nodes.append(Node(comment.pk, len(ids) - 1, comment))
    return nodes


def _mark(thread: Thread) -> None:
    depth = -1
    for index, node in enumerate(thread.nodes):
        node.closes = max(0, depth - node.depth)
        following = thread.nodes[index + 1] if index + 1 < len(thread.nodes) else None
        node.has_replies = following is not None and following.depth > node.depth
        depth = node.depth
    thread.left_open = max(0, depth)
