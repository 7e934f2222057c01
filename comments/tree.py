"""How the comments of a page stand one under another, and what is left of those that are not shown."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from comments.models.comment import ID_WIDTH
from comments.thread import Row


class Answered(NamedTuple):
    """What a comment answers whose place does not say it; without a name it is not on this page."""

    pk: int | None  # None: it is no longer here
    name: str = ""


@dataclass(slots=True)
class Node:
    """A comment in its place; or a tombstone that keeps a thread together; or a run of those with nothing below."""

    level: int
    pk: int = 0  # 0: a run
    comment: Row | None = None
    answers: Answered | None = None
    removed: int = 0  # by a moderator
    withdrawn: int = 0  # by its writer; with neither, a tombstone is of one that was never shown or is deleted
    has_replies: bool = False
    replies: int = 0  # of a thread's first: how many are shown below it on this page
    closes: int = 0  # how many levels end before this node


@dataclass
class Tree:
    nodes: list[Node] = field(default_factory=list)
    left_open: int = 0  # levels still open after the last


def tree_of(rows: list[Row], levels: int) -> Tree:
    """The rows of a page (comments/thread.py) with so many levels of replies and comments: at least one.

    What answers a shown comment more deeply stands under the last level. An ancestor of a shown comment that is not
    shown itself leaves a tombstone, made from the path alone. Those without a shown comment below run into one node.
    """
    shown = {row.pk: row for row in rows if row.is_shown}
    kept = {""}  # the paths of shown comments and of all above them
    for row in shown.values():
        path = row.path
        while path not in kept:
            kept.add(path)
            path = path[:-ID_WIDTH]
    nodes: list[Node] = []
    placed = {""}  # the ids, as in paths, of those that have a place on this page
    run_under = None  # the path under which the last node is a run
    for row in rows:
        under = row.path[:-ID_WIDTH]  # the path of the lowest ancestor that has a place of its own
        while under not in kept:
            under = under[:-ID_WIDTH]
        depth = len(under) // ID_WIDTH
        if under[-ID_WIDTH:] not in placed:
            for above in range(depth):
                ancestor = under[above * ID_WIDTH : (above + 1) * ID_WIDTH]
                if ancestor not in placed:
                    placed.add(ancestor)
                    nodes.append(Node(min(above, levels - 1), int(ancestor)))
            run_under = None
        placed.add(row.path[-ID_WIDTH:])
        if row.path not in kept and under == run_under:
            _bury(nodes[-1], row)
            continue
        node = Node(depth if depth < levels else levels - 1, row.pk if row.path in kept else 0)
        if row.pk not in shown:
            _bury(node, row)
        else:
            node.comment = row
            if depth >= levels:
                node.answers = _answered(row, shown, placed)
        run_under = None if node.pk else under
        nodes.append(node)
    return _nested(nodes)


def _bury(node: Node, row: Row) -> None:
    if row.is_withdrawn:
        node.withdrawn += 1
    else:
        node.removed += 1


def _answered(row: Row, shown: dict[int, Row], placed: set[str]) -> Answered:
    if row.parent_id in shown:
        return Answered(row.parent_id, shown[row.parent_id].author_name)
    return Answered(None if f"{row.parent_id or 0:0{ID_WIDTH}}" in placed else row.parent_id)


def _nested(nodes: list[Node]) -> Tree:
    for node, following in pairwise(nodes):
        node.has_replies = following.level > node.level
        if following.level < node.level:
            following.closes = node.level - following.level
    first = None
    for node in nodes:
        if node.level == 0:
            first = node
        elif node.comment is not None:
            first.replies += 1
    return Tree(nodes, left_open=nodes[-1].level if nodes else 0)
