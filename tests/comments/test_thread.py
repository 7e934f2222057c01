import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.sanitize import plain_text
from comments.thread import thread_of
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def shape(thread) -> list[tuple[int, str]]:
    return [(node.depth, plain_text(node.comment.body_html) if node.comment else "gone") for node in thread.nodes]


def test_replies_stand_under_what_they_answer():
    post = make_post()
    first = make_comment(post, body="first")
    second = make_comment(post, body="second")
    reply = make_comment(post, body="reply", parent=first)
    make_comment(post, body="answer", parent=reply)
    make_comment(post, body="late", parent=second)
    assert shape(thread_of(post)) == [(0, "first"), (1, "reply"), (2, "answer"), (0, "second"), (1, "late")]


def test_a_removed_parent_leaves_a_tombstone_only_while_it_has_replies():
    post = make_post()
    gone = make_comment(post, body="secret", status="removed")
    make_comment(post, body="reply", parent=gone)
    make_comment(post, body="alone", status="removed")
    thread = thread_of(post)
    assert shape(thread) == [(0, "gone"), (1, "reply")] and thread.total == 1


def test_a_reply_deeper_than_ten_stands_under_its_tenth_ancestor():
    comment = None
    post = make_post()
    for number in range(14):
        comment = make_comment(post, body=str(number), parent=comment)
    assert [depth for depth, _ in shape(thread_of(post))] == [*range(11), 10, 10, 10]
    assert comment.parent.body == "12"


def test_a_long_thread_comes_in_pages_that_end_between_threads(client):
    post = make_post()
    for number in range(6):
        root = make_comment(post, body=f"root {number}")
        make_comment(post, body=f"reply {number}", parent=root)
    first = thread_of(post, page=5)
    assert [body for _, body in shape(first)] == ["root 0", "reply 0", "root 1", "reply 1"] and first.total == 12
    second = thread_of(post, start=first.later, page=5)
    assert shape(second)[0] == (0, "root 2")


def test_one_thread_that_fills_a_page_is_cut_inside():
    post = make_post()
    root = make_comment(post, body="root")
    for number in range(5):
        make_comment(post, body=str(number), parent=root)
    first = thread_of(post, page=4)
    second = thread_of(post, start=first.later, page=4)
    assert [body for _, body in shape(first)] == ["root", "0", "1", "2"]
    assert shape(second) == [(0, "root"), (1, "3"), (1, "4")]


def test_the_page_nests_what_it_opens(client):
    post = make_post()
    comment = None
    for number in range(4):
        comment = make_comment(post, body=f"deep {number}", parent=comment)
    make_comment(post, body="top")
    html = client.get(post.get_absolute_url()).content.decode()
    section = html[html.index('id="comments"') : html.index('id="post-a-comment"')]
    assert section.count("<article") == section.count("</article>") == 5
    assert section.count("<div") == section.count("</div>")


@pytest.mark.parametrize("cursor", ["x", "9" * 200, "-1", "99999"])
def test_an_odd_cursor_is_no_error(client, cursor):
    assert client.get(make_post().get_absolute_url(), {"thread": cursor}).status_code == 200


class AnyTree(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["approved", "removed", "pending"])), max_size=25))
    def test_every_approved_comment_is_shown_once_and_under_its_ancestors(self, tree):
        post = make_post()
        made = []
        for place, status in tree:
            parent = made[place % len(made)] if made and place % 3 else None
            made.append(make_comment(post, parent=parent, status=status))
        nodes = thread_of(post).nodes
        shown = [node.comment.pk for node in nodes if node.comment]
        assert sorted(shown) == sorted(c.pk for c in made if c.status == "approved")
        assert len({node.pk for node in nodes}) == len(nodes)
        assert all(later.depth <= node.depth + 1 for node, later in zip(nodes, nodes[1:], strict=False))
