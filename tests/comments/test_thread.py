from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.sanitize import plain_text
from comments.models import Comment
from comments.thread import COMMENTS_PER_THREAD, page_of
from comments.tree import tree_of
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


def words(page) -> list[str]:
    return [plain_text(row.body_html) if row.is_shown else "gone" for row in page.rows]


def make_thread(post, name: str, replies: int) -> list[Comment]:
    root = make_comment(post, body=f"{name}0")
    return [root, *(make_comment(post, body=f"{name}{number}", parent=root) for number in range(1, replies + 1))]


def test_replies_stand_under_what_they_answer():
    post = make_post()
    first = make_comment(post, body="first")
    second = make_comment(post, body="second")
    reply = make_comment(post, body="reply", parent=first)
    make_comment(post, body="answer", parent=reply)
    make_comment(post, body="late", parent=second)
    page = page_of(post, 20)
    assert words(page) == ["first", "reply", "answer", "second", "late"]
    assert (page.later, page.earlier, page.more, page.is_rest) == ("", None, 0, False)


def test_only_what_was_shown_has_a_place():
    post = make_post()
    for status in Comment.Status.values:
        make_comment(post, body=status, status=status)
    make_comment(post, body="never shown", status="removed", shown_at=None)
    make_comment(make_post(), body="elsewhere")
    assert words(page_of(post, 20)) == ["approved", "gone"]


def test_of_a_removed_comment_neither_name_nor_words_are_read():
    post = make_post()
    removed = make_comment(post, body="secret", author_url="https://example.org/", user=make_user(), status="removed")
    (row,) = page_of(post, 20).rows
    assert row.pk == removed.pk
    assert (row.author_name, row.author_url, row.user_id, row.body_html) == (None, None, None, None)


def test_a_page_holds_so_many_threads():
    post = make_post()
    for name in "abcde":
        make_thread(post, name, 1)
    first = page_of(post, 2)
    assert words(first) == ["a0", "a1", "b0", "b1"] and first.earlier is None
    second = page_of(post, 2, first.later)
    assert words(second) == ["c0", "c1", "d0", "d1"] and second.earlier == ""
    third = page_of(post, 2, second.later)
    assert words(third) == ["e0", "e1"] and third.later == ""
    assert words(page_of(post, 2, third.earlier)) == words(second)


def test_a_page_ends_before_a_thread_that_does_not_fit():
    post = make_post()
    make_thread(post, "a", 3)
    make_thread(post, "b", 17)
    first = page_of(post, 2)
    assert words(first) == ["a0", "a1", "a2", "a3"] and not first.more
    second = page_of(post, 2, first.later)
    assert len(second.rows) == 18 and second.later == "" and not second.more


def test_threads_go_from_the_newest_and_replies_from_the_oldest():
    post = make_post()
    for name in "abc":
        make_thread(post, name, 2)
    first = page_of(post, 2, is_newest_first=True)
    assert words(first) == ["c0", "c1", "c2", "b0", "b1", "b2"] and first.earlier is None
    second = page_of(post, 2, first.later, is_newest_first=True)
    assert words(second) == ["a0", "a1", "a2"] and (second.later, second.earlier) == ("", "")


def test_newest_first_knows_the_page_before():
    post = make_post()
    for name in "abcde":
        make_thread(post, name, 1)
    second = page_of(post, 2, page_of(post, 2, is_newest_first=True).later, is_newest_first=True)
    third = page_of(post, 2, second.later, is_newest_first=True)
    assert words(third) == ["a0", "a1"]
    assert words(second) == ["c0", "c1", "b0", "b1"]
    assert words(page_of(post, 2, third.earlier, is_newest_first=True)) == words(second)


@pytest.mark.parametrize("is_newest_first", [False, True])
def test_a_thread_longer_than_a_page_goes_on_by_itself(is_newest_first):
    post = make_post()
    if is_newest_first:
        make_thread(post, "z", 0)
    make_thread(post, "a", 24)
    if not is_newest_first:
        make_thread(post, "z", 0)
    first = page_of(post, 1, is_newest_first=is_newest_first)
    assert words(first) == [f"a{number}" for number in range(10)] and first.more == 15
    assert words(page_of(post, 1, first.later, is_newest_first=is_newest_first)) == ["z0"]
    second = page_of(post, 1, first.more_from)
    assert words(second) == ["a0", *(f"a{number}" for number in range(10, 20))]
    assert second.more == 5 and second.is_rest and second.later == ""
    third = page_of(post, 1, second.more_from)
    assert words(third) == ["a0", *(f"a{number}" for number in range(20, 25))] and not third.more


def test_the_page_before_a_long_thread_is_the_threads_own():
    post = make_post()
    long = make_thread(post, "a", 24)
    last = make_comment(post, body="last")
    make_comment(post, body="very last")
    before = page_of(post, 1, last.path)
    assert before.earlier == long[0].path
    assert words(page_of(post, 1, before.earlier)) == [f"a{number}" for number in range(10)]


def test_removed_replies_are_no_more_replies():
    post = make_post()
    replies = make_thread(post, "a", 14)
    for reply in replies[10:]:
        Comment.objects.filter(pk=reply.pk).update(status="removed")
    page = page_of(post, 1)
    assert len(page.rows) == 10 and page.more == 0 and page.later == ""


def test_a_thousand_replies_are_counted_and_no_more():
    post = make_post()
    root = make_comment(post)
    Comment.objects.bulk_create(
        Comment(pk=root.pk + n, post=post, path=f"{root.path}{root.pk + n:010d}", status="approved", body_html="x")
        for n in range(1, 1020)
    )
    assert page_of(post, 1).more == 1001
    assert page_of(post, 5).more == 970


def test_a_thread_with_nothing_left_to_read_fills_no_place():
    post = make_post()
    make_comment(post, body="a")
    for _ in range(3):
        make_comment(post, status="removed")
    make_comment(post, body="b")
    make_comment(post, body="c")
    page = page_of(post, 2)
    assert words(page) == ["a", "gone", "gone", "gone", "b"] and page.later


@pytest.mark.parametrize("cursor", ["x", "9" * 200, "9" * 10, "9" * 20, "-1", "99999", "٣" * 10, "0" * 15])
def test_an_odd_cursor_shows_the_first_page(client, cursor):
    post = make_post()
    make_comment(post, body="Here it is.")
    for order in ("", "newest", "x"):
        response = client.get(post.get_absolute_url(), {"thread": cursor, "order": order})
        assert response.status_code == 200 and "Here it is." in response.content.decode()


def all_pages(post, threads: int, is_newest_first: bool) -> list:
    """Every page that a reader comes to by the links of the first, those of long threads included."""
    pages, waiting, seen = [], [""], set()
    while waiting:
        cursor = waiting.pop()
        if cursor in seen:
            continue
        seen.add(cursor)
        page = page_of(post, threads, cursor, is_newest_first=is_newest_first)
        pages.append(page)
        waiting += [next_one for next_one in (page.later, page.more_from) if next_one]
    return pages


STATUSES = st.sampled_from(["approved", "approved", "approved", "removed", "pending", "spam"])


class AnyTree(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 60), STATUSES), max_size=45), st.booleans(), st.integers(1, 10))
    def test_every_approved_comment_is_on_a_page_under_its_ancestors(self, tree, is_newest_first, levels):
        post = make_post()
        made = []
        for place, status in tree:
            parent = made[place % len(made)] if made and place % 4 else None
            made.append(make_comment(post, parent=parent, status=status))
        pages = all_pages(post, 2, is_newest_first)
        shown = {row.pk for page in pages for row in page.rows if row.is_shown}
        assert shown == {comment.pk for comment in made if comment.status == "approved"}
        for page in pages:
            own = page.rows[10:] if page.is_rest else page.rows
            assert len(own) <= 2 * COMMENTS_PER_THREAD
            nodes = tree_of(page.rows, levels).nodes
            assert [node.comment.pk for node in nodes if node.comment] == [row.pk for row in page.rows if row.is_shown]
            places = [node.pk for node in nodes if node.pk]
            assert len(places) == len(set(places))
            gone = sum(not row.is_shown for row in page.rows)
            assert sum(node.removed + node.withdrawn for node in nodes) == gone
            levels_of = [node.level for node in nodes]
            assert all(below <= above + 1 for above, below in pairwise([-1, *levels_of]))
            assert all(level < levels for level in levels_of)
            depths = {row.pk: min(len(row.path) // 10, levels) - 1 for row in page.rows}
            assert all(node.level == depths[node.pk] for node in nodes if node.comment)
