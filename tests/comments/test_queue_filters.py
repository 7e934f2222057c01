"""The queue narrowed to a reason, a label, a post or a writer: what it shows, and how many queries that takes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation
from comments.admin import queue
from comments.models import Comment, Commenter
from tests.comments.test_queue import QUEUE, START, make_many, shown
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(title="Boats", labels=("Boats",))


def count(response) -> str:
    return response.context["tab"].in_words


def test_by_what_writers_said_of_it(client, moderator, post):
    appealed, disowned = make_comment(post, reasons=["links:5/3"]), make_comment(post)
    moderation.decide([appealed], "reject", actor=moderator)
    assert moderation.appeal(appealed, "It is on the subject.") and moderation.disown(disowned)

    assert shown(client.get(QUEUE, {"reason": "appeal"})) == [appealed]
    assert shown(client.get(QUEUE, {"reason": "disowned"})) == [disowned]
    assert shown(client.get(QUEUE, {"reason": "links"})) == [appealed]


@pytest.mark.parametrize("status", ["pending", "reported", "spam", "approved", "rejected", "removed"])
def test_by_reason(client, moderator, post, status):
    of_tab = {"status": "approved", "reported_at": START} if status == "reported" else {"status": status}
    found = make_many(post, 3, reasons=["held_all", "links:5/3@boats"], **of_tab)
    make_comment(post, reasons=["held_all"], **of_tab)
    make_comment(post, reasons=["links:5/3"], status="approved" if status != "approved" else "spam")

    response = client.get(QUEUE, {"status": status, "reason": "links"})

    assert {comment.pk for comment in shown(response)} == {comment.pk for comment in found}
    assert count(response) == "3"
    assert "for the reason “Many links”" in response.content.decode()


def test_paging_by_reason_shows_each_comment_once(client, moderator, post):
    comments = make_many(post, 60, reasons=["links:5/3"])

    page = client.get(QUEUE, {"reason": "links"})
    seen = shown(page)
    while further := page.context["page"].newer:
        page = client.get(QUEUE + further.query())
        seen += shown(page)
    assert seen == comments

    page = client.get(QUEUE + page.context["page"].older.query())
    assert shown(page) == comments[25:50]


@pytest.mark.parametrize("label", ["boats", "Boats", "  BOATS "])
@pytest.mark.parametrize("listed", [500, 0])
def test_by_label(client, moderator, post, label, listed, monkeypatch):
    monkeypatch.setattr(queue, "POSTS_LISTED", listed)
    found = make_comment(post, status="pending")
    make_comment(make_post(title="Other"), status="pending")

    response = client.get(QUEUE, {"label": label})

    assert shown(response) == [found]
    assert "on posts with the label <bdi>Boats</bdi>" in response.content.decode()


def test_a_label_that_nothing_has_shows_nothing_and_says_what_was_asked(client, moderator, post):
    make_comment(post, status="pending")

    response = client.get(QUEUE, {"label": "<Nothing>"})

    assert shown(response) == []
    assert "on posts with the label <bdi>&lt;Nothing&gt;</bdi>" in response.content.decode()


def test_by_post(client, moderator, post):
    found = make_comment(post, status="pending")
    make_comment(make_post(title="Other"), status="pending")

    html = client.get(QUEUE).content.decode()
    assert f"?status=pending&amp;post={post.pk}" in html
    response = client.get(QUEUE, {"post": post.pk})

    assert shown(response) == [found]
    assert "on <bdi>Boats</bdi>" in response.content.decode()
    assert f'name="post" value="{post.pk}"' in response.content.decode()


def test_filters_go_together_and_through_tabs_and_pages(client, moderator, post):
    found = make_many(post, 30, reasons=["links:5/3"], author_name="Mudlark", author_email="mud@example.org")
    make_many(post, 3, reasons=["links:5/3"])
    make_many(post, 3, reasons=["held_all"], author_name="Mudlark")
    asked = {"q": "mudlark", "reason": "links", "label": "boats", "post": post.pk, "by": found[0].pk}

    response = client.get(QUEUE, asked)
    following = client.get(QUEUE + response.context["page"].newer.query())

    assert shown(response) + shown(following) == found
    for tab in response.context["tabs"]:
        assert all(f"{key}={value}" in tab.query for key, value in asked.items())
    assert '<a href="?status=pending">Show all</a>' in response.content.decode()


def test_a_filter_counts_its_own_tab_alone_and_up_to_a_bound(client, moderator, post, monkeypatch):
    monkeypatch.setattr(queue, "COUNTED", 4)
    make_many(post, 5, reasons=["links:5/3"])
    make_many(post, 5, reasons=["links:5/3"], status="spam")

    response = client.get(QUEUE, {"reason": "links"})

    assert [tab.count for tab in response.context["tabs"]] == [4, None, None, None, None, None]
    assert count(response) == "more than 4"


@pytest.mark.parametrize("listed", [500, 0])
def test_an_author_with_few_posts_or_many_sees_own_ones_alone(client, post, listed, monkeypatch):
    monkeypatch.setattr(queue, "POSTS_LISTED", listed)
    author = make_user("alice", "Author")
    mine = make_comment(make_post(author=author, title="Mine", labels=("Boats",)), status="pending")
    make_comment(post, status="pending")
    client.force_login(author)

    assert shown(client.get(QUEUE)) == [mine]
    assert shown(client.get(QUEUE, {"label": "boats"})) == [mine]
    assert shown(client.get(QUEUE, {"post": post.pk})) == []


@pytest.mark.parametrize("query", ["reason=gone", "post=x", "post=" + "9" * 40, "newest=-1"])
def test_a_filter_that_is_none_is_left_out(client, moderator, post, query):
    comment = make_comment(post, status="pending")

    response = client.get(f"{QUEUE}?{query}")

    assert shown(response) == [comment]
    assert not response.context["place"].filtered


FRAME = ["site settings", "session", "user", "permissions of groups", "permissions of the user"]
PAGE = ["counts", "ids of the page", "its comments with posts, parents and accounts"]
CASES = ["last decisions", "block rules that hit", "records of accounts", "records of typed addresses"]
# Of those who proved who they are, if there are any on the page.
STANDING = ["comment settings", "newest comments of all of them"]
REST = ["comment settings, for the filter", "what the filter says", "newest id", "labels"]
TABS = {
    "pending": ["oldest waiting", "replies"],
    "reported": ["reports", "replies"],
    "approved": ["reports", "replies"],
    "spam": ["replies"],
    "rejected": ["replies"],
    "removed": [],
}


@pytest.mark.parametrize("size", [3, 25])
@pytest.mark.parametrize("status", TABS)
def test_a_tab_costs_these_queries_at_any_size(client, moderator, post, status, size):
    of_tab = {"status": "approved", "reported_at": START} if status == "reported" else {"status": status}
    parent = make_comment(post, status="removed", created_at=START.replace(year=2020))
    for number in range(size):
        email = f"reader{number}@example.org"
        make_comment(
            make_post(title=f"Post {number}"),
            reasons=["held_all", "links:5/3"],
            parent=parent,
            user=make_user(f"reader{number}") if number % 3 == 1 else None,
            commenter=Commenter.objects.create(email=email) if number % 3 == 2 else None,
            author_email=email,
            **of_tab,
        )

    with CaptureQueriesContext(connection) as queries:
        response = client.get(QUEUE, {"status": status})

    assert len(shown(response)) == min(size + (status == "removed"), queue.PAGE_SIZE)
    named = [*FRAME, *PAGE, *CASES, "records of proved addresses", *STANDING, *REST, *TABS[status]]
    assert len(queries) == len(named), [query["sql"][:150] for query in queries]


FILTERS = {
    "reason=links": ["count"],
    "label=boats": ["the label", "its posts", "count", "the label’s name"],
    "post=1": ["count", "whether it has comments here", "the post’s title"],
    "by=1": ["the writer’s comment", "count", "the writer’s name"],
    "q=comment": ["the words’ matches", "count"],
}


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_costs_these_queries_more(client, moderator, post, query):
    for number in range(3):
        make_comment(post, status="pending", reasons=["links:5/3"], user=make_user(f"reader{number}"))
    make_comment(post, status="pending", reasons=["links:5/3"])
    query = query.replace("post=1", f"post={post.pk}").replace("by=1", f"by={Comment.objects.last().pk}")

    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"{QUEUE}?{query}")

    assert shown(response)
    plain = [*FRAME, *PAGE, *CASES, *STANDING, *REST, *TABS["pending"]]
    key = query.partition("=")[0]
    more = next(more for filter_, more in FILTERS.items() if filter_.startswith(key))
    without_accounts = 1 + len(STANDING) if key == "by" else 0
    assert len(queries) == len(plain) + len(more) - without_accounts, [query["sql"][:150] for query in queries]
