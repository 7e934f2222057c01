import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.models import Post, SiteSettings
from comments.models import Comment
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:comments_comment_changelist")
START = datetime(2026, 3, 14, 20, 10, tzinfo=UTC)


@pytest.fixture
def post():
    return make_post(title="What the tide table leaves out")


def make_many(post, count: int, **fields) -> list[Comment]:
    """Oldest first, a minute apart, the last two at the same moment."""
    fields.setdefault("status", "pending")
    minutes = [*range(count - 1), count - 2]
    return [
        make_comment(post, created_at=START + timedelta(minutes=minute), body=f"Number {number}.", **fields)
        for number, minute in enumerate(minutes)
    ]


def shown(response) -> list[Comment]:
    return response.context["page"].comments


def test_it_works(client, moderator, post):
    comment = make_comment(
        post,
        status="pending",
        reasons=["held_all"],
        body="The wind, <b>surely</b>?",
        author_name="Mudlark",
        author_email="mud@example.org",
        author_url="https://mud.example.org/",
        created_at=START,
    )

    html = client.get(QUEUE).content.decode()

    assert "The wind, <b>surely</b>?" in html
    assert "<bdi>Mudlark</bdi>" in html
    assert "mud@example.org" in html
    assert 'href="https://mud.example.org/" rel="nofollow noopener noreferrer"' in html
    assert f'href="{post.get_absolute_url()}"' in html
    assert "What the tide table leaves out" in html
    assert "14 March 2026, 20:10" in html
    assert "Every comment is read before it appears" in html
    assert f'id="comment-{comment.pk}"' in html


def test_times_are_in_the_sites_zone(client, moderator, post):
    SiteSettings(time_zone="Asia/Tehran").save()
    make_comment(post, status="pending", created_at=START)

    html = client.get(QUEUE).content.decode()

    assert "14 March 2026, 23:40" in html
    assert "Asia/Tehran" in html


def test_tabs_count_exactly_in_one_query(client, moderator, post):
    for status, count in {"pending": 2, "spam": 3, "approved": 1, "removed": 4}.items():
        for _ in range(count):
            make_comment(post, status=status)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(QUEUE)

    assert [(tab.status, tab.count) for tab in response.context["tabs"]] == [
        ("pending", 2),
        ("spam", 3),
        ("approved", 1),
        ("rejected", 0),
        ("removed", 4),
    ]
    assert sum("COUNT(" in query["sql"] and "GROUP BY" in query["sql"] for query in queries) <= 2  # tabs and records


@pytest.mark.parametrize("status", Comment.Status.values)
def test_each_tab_shows_its_own_comments_and_the_verbs_that_fit(client, moderator, post, status):
    for each in Comment.Status.values:
        make_comment(post, status=each, body=f"This one is {each}.")

    response = client.get(QUEUE, {"status": status})

    assert [comment.status for comment in shown(response)] == [status]
    verbs = re.findall(r'data-verb="(\w+)"', response.content.decode())
    assert (
        verbs
        == {
            "pending": ["approve", "reject", "spam", "remove"],
            "approved": ["reject", "spam", "remove"],
            "rejected": ["approve", "spam", "remove", "restore"],
            "spam": ["approve", "reject", "remove", "restore"],
            "removed": ["approve", "reject", "spam", "restore"],
        }[status]
    )


@pytest.mark.parametrize(
    ("status", "line"),
    [("pending", "Nothing is waiting."), ("spam", "Nothing here."), ("pending&q=tide", "No comment here matches.")],
)
def test_an_empty_tab_says_so(client, moderator, status, line):
    html = client.get(f"{QUEUE}?status={status}").content.decode()

    assert line in html
    assert 'name="selected"' not in html


@pytest.mark.parametrize(
    "query",
    ["status=gone", "older=x", "newer=9-9-9", "older=" + "9" * 30 + "-1", "by=x", "by=" + "9" * 40, "q=%00", "by=-1"],
)
def test_an_address_that_was_cut_short_still_leads_to_the_queue(client, moderator, post, query):
    comment = make_comment(post, status="pending")

    assert shown(client.get(f"{QUEUE}?{query}")) == [comment]


def test_pending_is_oldest_first_and_the_others_newest_first(client, moderator, post):
    pending, spam = make_many(post, 4), make_many(post, 4, status="spam")

    assert shown(client.get(QUEUE)) == pending
    assert shown(client.get(QUEUE, {"status": "spam"})) == spam[::-1]


@pytest.mark.parametrize("status", ["pending", "spam"])
def test_paging_shows_each_comment_once_and_leads_back(client, moderator, post, status):
    comments = make_many(post, 60, status=status)
    ahead, back = ("newer", "older") if status == "pending" else ("older", "newer")
    ordered = comments if status == "pending" else comments[::-1]

    page = client.get(QUEUE, {"status": status})
    assert getattr(page.context["page"], back) is None
    seen = [shown(page)]
    while further := getattr(page.context["page"], ahead):
        page = client.get(QUEUE + further.query())
        seen.append(shown(page))

    assert [len(part) for part in seen] == [25, 25, 10]
    assert sum(seen, []) == ordered
    for part in seen[-2::-1]:
        page = client.get(QUEUE + getattr(page.context["page"], back).query())
        assert shown(page) == part


def test_many_comments_take_no_more_queries(client, moderator, post):
    reader = make_user("reader")
    parents = make_many(post, 3, status="approved")
    for number in range(25):
        make_comment(
            make_post(title=f"Post {number}"),
            status="pending",
            reasons=["held_all"],
            parent=parents[number % 3],
            user=reader if number % 2 else None,
            author_email=f"reader{number}@example.org",
        )

    with CaptureQueriesContext(connection) as queries:
        response = client.get(QUEUE)

    assert len(shown(response)) == 25
    # Site settings, session, user, two for permissions; the page with posts, parents and accounts; records of accounts
    # and of typed addresses; tabs. One is spare for the admin's frame.
    assert len(queries) <= 10, [query["sql"][:150] for query in queries]


@pytest.mark.parametrize("q", ["estuary", "ESTUARY wind", "Mudlark", "tide table", "mud@example", "  mudlark   tide "])
def test_search_finds_text_name_address_and_title(client, moderator, post, q):
    found = make_comment(
        post, status="pending", body="Up the estuary: wind.", author_name="Mudlark", author_email="mud@example.org"
    )
    make_comment(make_post(title="Another"), status="pending", body="Nothing of it.")

    response = client.get(QUEUE, {"q": q})

    assert shown(response) == [found]
    assert response.context["tab"].count == 1


@pytest.mark.parametrize("q", ["100%", "a_c", "\\", "'", "wind " * 100, "<script>"])
def test_search_takes_every_sign_as_itself(client, moderator, post, q):
    make_comment(post, status="pending", body="abc 1000")

    response = client.get(QUEUE, {"q": q})

    assert response.status_code == 200
    assert shown(response) == []
    assert b"<script>" not in response.content


def test_the_record_of_an_account(client, moderator, post):
    reader, other = make_user("reader"), make_user("other")
    for status in ("approved", "approved", "rejected", "spam"):
        make_comment(post, status=status, user=reader, created_at=START)
    make_comment(post, status="spam", user=other)
    comment = make_comment(post, status="pending", user=reader)

    html = client.get(QUEUE).content.decode()
    record = shown(client.get(QUEUE))[0].record

    assert record.counts == {"pending": 0, "spam": 1, "approved": 2, "rejected": 1, "removed": 0}
    assert record.first == START
    assert "Others from this account:" in html
    assert f"?status=pending&amp;by={comment.pk}" in html


def test_the_record_of_a_typed_address_is_not_mixed_with_an_accounts(client, moderator, post):
    reader = make_user("reader")
    make_comment(post, status="approved", user=reader, author_email="mud@example.org")
    make_comment(post, status="spam", author_email="Mud@Example.org")
    make_comment(post, status="spam", author_email="other@example.org")
    make_comment(post, status="pending", author_email="mud@example.org")

    response = client.get(QUEUE)

    assert shown(response)[0].record.counts == {"pending": 0, "spam": 1, "approved": 0, "rejected": 0, "removed": 0}
    assert "Others from this e-mail (typed, not proved):" in response.content.decode()


def test_guests_without_an_address_have_nothing_in_common(client, moderator, post):
    make_comment(post, status="spam", author_email="")
    make_comment(post, status="pending", author_email="")

    response = client.get(QUEUE)

    assert shown(response)[0].record.total == 0
    assert "No e-mail: nothing known" in response.content.decode()


@pytest.mark.parametrize("by_account", [True, False])
def test_all_by_one_writer(client, moderator, post, by_account):
    user = make_user("reader") if by_account else None
    spam = make_comment(post, status="spam", user=user, author_email="mud@example.org")
    comment = make_comment(post, status="pending", user=user, author_email="MUD@example.org")
    make_comment(post, status="spam", author_email="other@example.org")

    response = client.get(QUEUE, {"status": "spam", "by": comment.pk})

    assert shown(response) == [spam]
    assert [tab.count for tab in response.context["tabs"]] == [1, 1, 0, 0, 0]


def test_a_reply_shows_what_it_answers(client, moderator, post):
    parent = make_comment(post, status="rejected", author_name="Rude", body="Said before. " * 40)
    make_comment(post, status="pending", parent=parent)

    html = client.get(QUEUE).content.decode()

    assert "In answer to" in html
    assert "<bdi>Rude</bdi></a> (rejected)" in html
    assert "Said before. Said before." in html
    assert "Said before. " * 20 not in html


def test_what_people_typed_stays_text(client, moderator):
    post = make_post(title='<i>Title</i>"')
    make_comment(
        post,
        status="pending",
        author_name='<script>alert(1)</script>"',
        author_url="javascript:alert(1)",
        body="<script>alert(2)</script>",
    )

    html = client.get(QUEUE).content.decode()

    assert "<script>alert" not in html
    assert "<i>Title</i>" not in html
    assert 'href="javascript:' not in html


def test_a_post_that_is_not_public_is_named_without_a_link(client, moderator):
    make_comment(make_post(title="Not out yet", status=Post.Status.DRAFT), status="pending")

    html = client.get(QUEUE).content.decode()

    assert "<bdi>Not out yet</bdi> (not public)" in html


def test_links_to_edit_are_for_those_who_may(client, moderator, post):
    page = make_page(title="About")
    make_comment(post, status="pending")
    make_comment(page, status="pending")
    links = [reverse("admin:blog_post_change", args=[post.pk]), reverse("admin:blog_page_change", args=[page.pk])]

    html = client.get(QUEUE).content.decode()
    assert not any(link in html for link in links)

    client.force_login(make_user("owner", "Owner"))
    html = client.get(QUEUE).content.decode()
    assert all(link in html for link in links)


def test_an_author_sees_only_what_stands_under_own_posts(client, post):
    author = make_user("alice", "Author")
    mine, theirs = (
        make_comment(make_post(author=author, title="Mine"), status="pending"),
        make_comment(post, status="pending"),
    )
    client.force_login(author)

    response = client.get(QUEUE)

    assert shown(response) == [mine]
    assert [tab.count for tab in response.context["tabs"]] == [1, 0, 0, 0, 0]
    assert shown(response)[0].record.total == 0
    assert shown(client.get(QUEUE, {"by": theirs.pk})) == []


def test_select_all_without_a_script(client, moderator, post):
    make_many(post, 3)

    assert client.get(QUEUE, {"select": "all"}).content.count(b" checked>\n") == 3
    assert b'select=all"' in client.get(QUEUE).content
