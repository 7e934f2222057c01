import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.models import SiteSettings
from comments.models import Comment, Report
from tests.comments.queue_pages import QUEUE, START, make_many, record, shown
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


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


def test_tabs_count_exactly_and_no_table_is_counted(client, moderator, post):
    for status, count in {"pending": 2, "spam": 3, "approved": 1, "removed": 4}.items():
        for _ in range(count):
            make_comment(post, status=status)
    make_comment(post, reported_at=START)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(QUEUE)

    assert [(tab.status, tab.count) for tab in response.context["tabs"]] == [
        ("pending", 2),
        ("reported", 1),
        ("spam", 3),
        ("approved", 2),
        ("rejected", 0),
        ("removed", 4),
    ]
    assert not any("GROUP BY" in query["sql"] and "comments_comment" in query["sql"] for query in queries)


@pytest.mark.parametrize("status", Comment.Status.values)
def test_each_tab_shows_its_own_comments_and_the_verbs_that_fit(client, moderator, post, status):
    for each in Comment.Status.values:
        make_comment(post, status=each, body=f"This one is {each}.")

    response = client.get(QUEUE, {"status": status})

    assert [comment.status for comment in shown(response)] == [status]
    verbs = re.findall(r'data-(?:verb|panel)="(\w+)"', response.content.decode())
    assert (
        verbs
        == {
            "pending": ["approve", "reply", "reject", "spam", "remove"],
            "approved": ["reply", "reject", "spam", "remove"],
            "rejected": ["approve", "spam", "remove", "restore"],
            "spam": ["approve", "reject", "remove", "restore"],
            "removed": ["approve", "reject", "spam", "restore"],
        }[status]
    )


def test_the_reported_are_approved_comments_the_oldest_report_first(client, moderator, post):
    later, first = (make_comment(post, reported_at=START + timedelta(hours=hours)) for hours in (2, 1))
    make_comment(post)
    Report.objects.create(comment=first, kind="rude", words="He shouts.", address_digest="1")
    Report.objects.create(comment=first, kind="rude", address_digest="2")
    Report.objects.create(comment=first, kind="spam", address_digest="3", closed_at=START)

    response = client.get(QUEUE, {"status": "reported"})

    assert shown(response) == [first, later]
    html = response.content.decode()
    assert "2 readers reported it:" in html and "It is rude or hateful (2)" in html and "He shouts." in html
    assert ">Keep<" in html


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ("pending", "Nothing is waiting."),
        ("spam", "Nothing here."),
        ("reported", "No reader has reported anything."),
        ("pending&q=tide", "No comment here matches."),
    ],
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


@pytest.mark.parametrize("q", ["estuary", "ESTUARY wind", "Mudlark", "mud@example.org", "  mudlark   wind "])
def test_search_finds_text_name_and_address(client, moderator, post, q):
    found = make_comment(
        post, status="pending", body="Up the estuary: wind.", author_name="Mudlark", author_email="mud@example.org"
    )
    make_comment(make_post(title="Another"), status="pending", body="Nothing of it.")

    response = client.get(QUEUE, {"q": q})

    assert shown(response) == [found]
    assert response.context["tab"].in_words == "1"


@pytest.mark.parametrize("q", ["a_c", "\\", "'", "wind " * 100, "<script>"])
def test_search_takes_every_sign_as_itself(client, moderator, post, q):
    make_comment(post, status="pending", body="abc 1000")

    response = client.get(QUEUE, {"q": q})

    assert response.status_code == 200
    assert shown(response) == []
    assert b"<script>" not in response.content


@pytest.mark.parametrize("by_account", [True, False])
def test_all_by_one_writer(client, moderator, post, by_account):
    user = make_user("reader") if by_account else None
    spam = make_comment(post, status="spam", user=user, author_email="mud@example.org")
    comment = make_comment(post, status="pending", user=user, author_email="MUD@example.org")
    make_comment(post, status="spam", author_email="other@example.org")

    response = client.get(QUEUE, {"status": "spam", "by": comment.pk})

    assert shown(response) == [spam]
    assert [tab.count for tab in response.context["tabs"]] == [None, None, 1, None, None, None]


def test_an_author_sees_only_what_stands_under_own_posts(client, post):
    author = make_user("alice", "Author")
    mine, theirs = (
        make_comment(make_post(author=author, title="Mine"), status="pending"),
        make_comment(post, status="pending"),
    )
    client.force_login(author)

    response = client.get(QUEUE)

    assert shown(response) == [mine]
    assert [tab.count for tab in response.context["tabs"]] == [1, 0, 0, 0, 0, 0]
    assert record(response).total == 0
    assert shown(client.get(QUEUE, {"by": theirs.pk})) == []


def test_select_all_without_a_script(client, moderator, post):
    make_many(post, 3)

    assert client.get(QUEUE, {"select": "all"}).content.count(b" checked>\n") == 3
    assert b'select=all"' in client.get(QUEUE).content


def test_links_above_the_queue_are_for_those_who_may(client, post):
    links = {
        "Policy": reverse("admin:comments_commentsettings_changelist"),
        "Commenters": reverse("admin:comments_commenter_changelist"),
        "Block rules": reverse("admin:comments_blockrule_changelist"),
        "Log": reverse("admin:comments_moderationevent_changelist"),
        "Mail": reverse("admin:comments_comment_mail"),
    }
    of_role = {"Owner": set(links), "Moderator": set(links) - {"Policy"}, "Author": {"Mail"}}
    for role, names in of_role.items():
        client.force_login(make_user(f"some-{role.lower()}", role))
        html = client.get(QUEUE).content.decode()
        assert {name for name, link in links.items() if f'<a href="{link}">{name}</a>' in html} == names


@pytest.mark.parametrize("name", ["comment", "commenter", "moderationevent", "blockrule", "commentsettings"])
def test_comments_are_the_current_place_on_their_other_pages(client, post, name):
    client.force_login(make_user("olga", "Owner"))

    html = client.get(reverse(f"admin:comments_{name}_changelist"), follow=True).content.decode()

    assert f'<a href="{QUEUE}" aria-current="true">Comments</a>' in html
