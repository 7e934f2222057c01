"""How the comments of a page stand: levels, what a deep one answers, tombstones and runs of them."""

import pytest
from django.utils import timezone

from comments.models import Comment
from comments.thread import page_of
from comments.tree import tree_of
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post()


def shape(post, levels: int = 5) -> list[tuple]:
    """(level, name) of each node; of a tombstone (level, removed, withdrawn), of a run with None before."""
    return [
        (node.level, node.comment.author_name)
        if node.comment
        else (node.level, node.removed, node.withdrawn)
        if node.pk
        else (None, node.level, node.removed, node.withdrawn)
        for node in tree_of(page_of(post, 20).rows, levels).nodes
    ]


def make_chain(post, *names: str) -> list[Comment]:
    chain = []
    for name in names:
        chain.append(make_comment(post, author_name=name, parent=chain[-1] if chain else None))
    return chain


def answers(post, levels: int) -> dict:
    nodes = tree_of(page_of(post, 20).rows, levels).nodes
    return {node.comment.author_name: node.answers for node in nodes if node.comment}


def test_replies_stand_under_what_they_answer(post):
    make_chain(post, "a", "b", "c")
    make_comment(post, author_name="d")
    assert shape(post) == [(0, "a"), (1, "b"), (2, "c"), (0, "d")]
    assert set(answers(post, 5).values()) == {None}


def test_deeper_replies_stand_in_order_under_the_last_level_and_say_what_they_answer(post):
    chain = make_chain(post, "a", "b", "c", "d")
    make_comment(post, author_name="late", parent=chain[1])
    assert shape(post, 2) == [(0, "a"), (1, "b"), (1, "c"), (1, "d"), (1, "late")]
    said = answers(post, 2)
    assert said["b"] is None
    assert (said["c"].pk, said["c"].name) == (chain[1].pk, "b") and said["d"].name == "c" and said["late"].name == "b"


def test_one_level_is_a_flat_list(post):
    make_chain(post, "a", "b", "c")
    assert shape(post, 1) == [(0, "a"), (0, "b"), (0, "c")]
    assert [said and said.name for said in answers(post, 1).values()] == [None, "a", "b"]


def test_a_reply_deeper_than_paths_go_still_says_what_it_answers(post):
    make_chain(post, *"abcdefghijklmn")
    assert [level for level, _name in shape(post, 10)] == [*range(10), 9, 9, 9, 9]
    assert answers(post, 10)["n"].name == "m"


def test_a_deep_reply_to_a_removed_or_deleted_comment_says_so(post):
    chain = make_chain(post, *"abcdefghijklmn")
    Comment.objects.filter(pk=chain[12].pk).update(status="removed")
    Comment.objects.filter(pk=chain[11].pk).delete()
    assert answers(post, 10)["n"] == (None, "")


def test_a_deep_reply_knows_an_earlier_comment_that_is_on_another_page(post):
    chain = make_chain(post, *"abcdefghijklm")
    replies = [make_comment(post, author_name="n", parent=chain[12]) for _ in range(3)]
    rest = tree_of(page_of(post, 1, replies[0].path).rows, 5).nodes
    assert rest[-1].comment.author_name == "n" and rest[-1].answers == (chain[12].pk, "")


def test_a_removed_parent_leaves_a_tombstone(post):
    gone = make_comment(post, status="removed")
    make_comment(post, author_name="b", parent=gone)
    assert shape(post) == [(0, 1, 0), (1, "b")]


def test_a_withdrawn_parent_leaves_another(post):
    gone = make_comment(post, status="removed", withdrawn_at=timezone.now())
    make_comment(post, author_name="b", parent=gone)
    assert shape(post) == [(0, 0, 1), (1, "b")]


@pytest.mark.parametrize("status", ["spam", "rejected", "pending", "deleted"])
def test_an_ancestor_that_is_no_longer_anything_leaves_one_from_the_path(post, status):
    chain = make_chain(post, "a", "b", "c")
    for gone in chain[:2]:
        if status == "deleted":
            gone.delete()
        else:
            Comment.objects.filter(pk=gone.pk).update(status=status)
    assert shape(post) == [(0, 0, 0), (1, 0, 0), (2, "c")]


def test_neighbours_with_nothing_below_run_into_one(post):
    make_comment(post, author_name="a")
    for _ in range(3):
        gone = make_comment(post, status="removed")
        make_comment(post, status="removed", parent=gone)
    make_comment(post, status="removed", withdrawn_at=timezone.now())
    make_comment(post, author_name="b")
    make_comment(post, status="removed")
    assert shape(post) == [(0, "a"), (None, 0, 6, 1), (0, "b"), (None, 0, 1, 0)]


def test_runs_stay_in_their_thread(post):
    root = make_comment(post, author_name="a")
    make_comment(post, status="removed", parent=root)
    make_comment(post, status="removed", parent=root)
    make_comment(post, status="removed")
    assert shape(post) == [(0, "a"), (None, 1, 2, 0), (None, 0, 1, 0)]


def test_a_run_below_a_tombstone_comes_after_it(post):
    root = make_comment(post, status="spam")
    make_comment(post, status="removed", parent=root)
    make_comment(post, author_name="b", parent=root)
    assert shape(post) == [(0, 0, 0), (None, 1, 1, 0), (1, "b")]
