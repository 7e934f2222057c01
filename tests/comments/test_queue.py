import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import formats, timezone

from blog.models import Post, SiteSettings
from comments import moderation
from comments.admin import cases
from comments.models import BlockHit, BlockRule, Comment, ModerationEvent, Report
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


def record(response):
    """What the page says of the writer of its first comment."""
    return response.context["cases"][0].record


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


def test_the_record_of_an_account(client, moderator, post):
    reader, other = make_user("reader"), make_user("other")
    for status in ("approved", "approved", "rejected", "spam"):
        make_comment(post, status=status, user=reader, created_at=START)
    make_comment(post, status="spam", user=other)
    comment = make_comment(post, status="pending", user=reader)

    html = client.get(QUEUE).content.decode()
    known = record(client.get(QUEUE))

    assert known.counts == {"pending": 0, "spam": 1, "approved": 2, "rejected": 1, "removed": 0}
    assert known.first == START
    assert "Others from this account:" in html
    assert f"?status=pending&amp;by={comment.pk}" in html


def test_the_record_of_a_typed_address_is_not_mixed_with_an_accounts(client, moderator, post):
    reader = make_user("reader")
    make_comment(post, status="approved", user=reader, author_email="mud@example.org")
    make_comment(post, status="spam", author_email="Mud@Example.org")
    make_comment(post, status="spam", author_email="other@example.org")
    make_comment(post, status="pending", author_email="mud@example.org")

    response = client.get(QUEUE)

    assert record(response).counts == {"pending": 0, "spam": 1, "approved": 0, "rejected": 0, "removed": 0}
    assert "Others from this e-mail (typed, not proved):" in response.content.decode()


def test_where_links_lead_is_said_unless_their_words_do(client, moderator, post):
    body = """https://plain.example/a <a href="https://named.example/">to named.example.</a>
    <a href="https://hidden.example/?a=1&amp;b=2">here</a> <a href="https://a.co">a.com</a>"""
    make_comment(post, status="pending", body=body)

    response = client.get(QUEUE)

    assert response.context["cases"][0].leads_to == ["https://hidden.example/?a=1&b=2", "https://a.co"]
    assert '<bdi dir="ltr">https://a.co</bdi>' in response.content.decode()


def test_a_reply_comes_first_where_nothing_is_to_be_approved(client, moderator, post):
    make_comment(post)

    html = client.get(f"{QUEUE}?status=approved").content.decode().partition('id="comment-')[2]

    assert html.index('data-panel="reply"') < html.index('data-panel="reject"')


def test_the_record_of_a_busy_writer_is_bounded(client, moderator, post, monkeypatch):
    monkeypatch.setattr(cases, "RECORD", 5)
    reader = make_user("reader")
    make_many(post, 8, status="approved", user=reader)
    make_comment(post, status="pending", user=reader)

    response = client.get(QUEUE)

    assert record(response).counts["approved"] == 4
    assert record(response).first == START
    assert "Of the newest 500; there are more." in response.content.decode()


def test_guests_without_an_address_have_nothing_in_common(client, moderator, post):
    make_comment(post, status="spam", author_email="")
    make_comment(post, status="pending", author_email="")

    response = client.get(QUEUE)

    assert record(response).total == 0
    assert "No e-mail: nothing known" in response.content.decode()


@pytest.mark.parametrize("by_account", [True, False])
def test_all_by_one_writer(client, moderator, post, by_account):
    user = make_user("reader") if by_account else None
    spam = make_comment(post, status="spam", user=user, author_email="mud@example.org")
    comment = make_comment(post, status="pending", user=user, author_email="MUD@example.org")
    make_comment(post, status="spam", author_email="other@example.org")

    response = client.get(QUEUE, {"status": "spam", "by": comment.pk})

    assert shown(response) == [spam]
    assert [tab.count for tab in response.context["tabs"]] == [None, None, 1, None, None, None]


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
    assert [tab.count for tab in response.context["tabs"]] == [1, 0, 0, 0, 0, 0]
    assert record(response).total == 0
    assert shown(client.get(QUEUE, {"by": theirs.pk})) == []


def test_select_all_without_a_script(client, moderator, post):
    make_many(post, 3)

    assert client.get(QUEUE, {"select": "all"}).content.count(b" checked>\n") == 3
    assert b'select=all"' in client.get(QUEUE).content


def test_what_was_decided_stands_with_the_comment(client, moderator, post):
    comment = make_comment(post, status="pending")
    bob = make_user("bob", "Moderator", display_name="Bob")
    moderation.decide([comment], "reject", actor=bob, tell="Please be kind.")

    html = client.get(QUEUE, {"status": "rejected"}).content.decode()

    when = timezone.localtime(ModerationEvent.objects.get().at)
    assert f"Rejected by <bdi>Bob</bdi>, {formats.date_format(when, 'j F Y, H:i')}" in html
    assert "The writer was told:" in html and "Please be kind." in html


def test_the_number_of_replies_is_said_where_they_can_go_with_it(client, moderator, post):
    root = make_comment(post)
    child = make_comment(post, parent=root)
    make_comment(post, parent=child, status="pending")
    make_comment(post, parent=root, status="spam")

    response = client.get(QUEUE, {"status": "approved"})

    assert {case.comment.pk: case.replies for case in response.context["cases"]} == {root.pk: 2, child.pk: 1}
    assert "and its 2 replies" in response.content.decode()


def test_what_its_writer_withdrew_has_no_buttons(client, moderator, post):
    comment = make_comment(post)
    moderation.withdraw(comment)

    html = client.get(QUEUE, {"status": "removed"}).content.decode()

    assert "Withdrawn by its writer" in html
    assert "data-verb" not in html and "data-panel" not in html


def test_links_above_the_queue_are_for_those_who_may(client, post):
    links = {
        "Policy": reverse("admin:comments_commentsettings_changelist"),
        "Block rules": reverse("admin:comments_blockrule_changelist"),
        "Log": reverse("admin:comments_moderationevent_changelist"),
    }
    for role, names in {"Owner": set(links), "Moderator": {"Block rules", "Log"}, "Author": set()}.items():
        client.force_login(make_user(f"some-{role.lower()}", role))
        html = client.get(QUEUE).content.decode()
        assert {name for name, link in links.items() if f'<a href="{link}">{name}</a>' in html} == names


def test_the_block_rules_that_hit_are_linked_once(client, moderator, post):
    comment = make_comment(post, status="pending", reasons=["blocked:word/number", "blocked:word/boats"])
    rules = [BlockRule.objects.create(pattern=pattern) for pattern in ("number", "boats")]
    for rule in rules:
        BlockHit.objects.create(comment=comment, rule=rule)

    html = client.get(QUEUE).content.decode()

    assert html.count("Block rule, word: number") == 1
    address = f"{reverse('admin:comments_blockrule_changelist')}?id__in={rules[0].pk},{rules[1].pk}"
    assert html.count(f'<a class="also" href="{address}">See the 2 block rules</a>') == 1
    assert client.get(address).context["cl"].result_count == 2


@pytest.mark.parametrize("name", ["comment", "moderationevent", "blockrule", "commentsettings"])
def test_comments_are_the_current_place_on_their_other_pages(client, post, name):
    client.force_login(make_user("olga", "Owner"))

    html = client.get(reverse(f"admin:comments_{name}_changelist"), follow=True).content.decode()

    assert f'<a href="{QUEUE}" aria-current="true">Comments</a>' in html
