"""The desk's list of commenters, and the page of one of them. Who may: test_roles.py; levels: test_standing.py."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from comments import moderation
from comments.models import Comment, Commenter, CommentSettings, Subscription
from tests.comments.block_rule_pages import text_of
from tests.comments.commenter_pages import LIST, address_of, page_of
from tests.comments.queue_pages import QUEUE, START
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita():
    return Commenter.objects.create(email="rita@example.org", proved_at=START)


@pytest.fixture
def owner(client):
    user = make_user("olga", "Owner")
    client.force_login(user)
    return user


def shown(response) -> list[Commenter]:
    return list(response.context["cl"].result_list)


# The list.


def test_the_list_says_who_with_what_standing(client, moderator, post, rita):
    make_comment(post, commenter=rita, author_email=rita.email)
    make_comment(post, commenter=rita, author_email=rita.email, status="rejected")
    make_comment(post, author_email=rita.email, status="spam")
    rolf = Commenter.objects.create(user=make_user("rolf"), blocked_at=START)

    html = text_of(client.get(LIST))

    rows = [re.sub("<[^>]+>", " ", row).split() for row in html.partition("<tbody>")[2].split("</tr>")[:2]]
    assert [" ".join(row) for row in rows] == [
        "rolf (account) blocked 0 0 by signing in 14 March 2026",
        "rita@example.org on probation 1 1 14 March 2026 –",
    ]
    assert f'href="{page_of(rita)}"' in html and f'href="{page_of(rolf)}"' in html


def test_an_empty_list_says_who_will_stand_here(client, moderator):
    assert "Nobody has proved an address yet." in text_of(client.get(LIST))
    assert "Nobody here matches." in text_of(client.get(LIST, {"q": "rita"}))


@pytest.mark.parametrize("q", ["rita@", "RITA", "example.org rita", "Loud"])
def test_they_are_found_by_address_and_account(client, moderator, rita, q):
    rolf = Commenter.objects.create(user=make_user("rolf", display_name="Loud Rolf"))

    assert shown(client.get(LIST, {"q": q})) == [rolf if q == "Loud" else rita]


@pytest.mark.parametrize(("blocked", "names"), [("yes", {"b"}), ("no", {"a"}), ("x", {"a", "b"})])
def test_the_blocked_alone_or_the_others(client, moderator, blocked, names):
    Commenter.objects.create(email="a@example.org")
    Commenter.objects.create(email="b@example.org", blocked_at=START)

    assert {one.email[0] for one in shown(client.get(LIST, {"blocked": blocked}))} == names


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_the_same_however_many_they_are(client, moderator, post, count, django_assert_num_queries):
    for number in range(count):
        make_comment(post, commenter=Commenter.objects.create(email=f"{number}@example.org"))
    # Site settings, session, user, two for permissions; count, rows, comment settings, their newest comments.
    with django_assert_num_queries(9):
        client.get(LIST)


# The page.


def test_the_page_says_what_is_known(client, moderator, rita):
    tides, boats = make_post(title="Tides"), make_post(title="Boats")
    first = make_comment(tides, commenter=rita, created_at=START, body="First <b>words</b>.")
    make_comment(boats, commenter=rita, created_at=START + timedelta(days=1), status="rejected")
    moderation.withdraw(make_comment(tides, commenter=rita, created_at=START + timedelta(days=2)))
    last = make_comment(tides, commenter=rita, created_at=START + timedelta(days=3), status="pending")
    make_comment(tides, author_email=rita.email, body="Somebody else’s.")
    Subscription.objects.create(commenter=rita, post=first.post, thread=first.pk)

    response = client.get(page_of(rita))

    html = text_of(response)
    assert "E-mail address, proved 14 March 2026, 20:10." in html and "Follows 1 thread by mail." in html
    assert "<b>On probation.</b>" in html and "until 2 newer comments than the one taken down are approved" in html
    assert [(part.name, part.count) for part in response.context["history"].parts] == [
        ("approved", 1),
        ("waiting", 1),
        ("rejected", 1),
        ("withdrawn by themselves", 1),
    ]
    assert f'href="{QUEUE}?status=rejected&amp;by={last.pk}"' in html
    assert f'href="{reverse("admin:comments_comment_change", args=[first.pk])}"' in html
    assert "First words." in html and "Somebody else’s." not in html


def test_the_queue_that_it_leads_to_has_that_writers_comments_alone(client, moderator, post, rita):
    theirs = make_comment(post, commenter=rita, author_email=rita.email)
    make_comment(post, author_email=rita.email)

    part = client.get(page_of(rita)).context["history"].parts[0]

    assert client.get(QUEUE + part.query).context["page"].comments == [theirs]


def test_a_long_history_is_bounded(client, moderator, post, rita, django_assert_num_queries):
    Comment.objects.bulk_create(
        Comment(post=post, commenter=rita, author_name="Rita", body="x", status="approved", path="x")
        for _ in range(205)
    )
    # Site settings, session, user, two for permissions; the commenter, comment settings, their newest comments for the
    # standing and for the history, threads followed, the comments listed, notes.
    with django_assert_num_queries(12):
        response = client.get(page_of(rita))

    history = response.context["history"]
    assert (history.parts[0].count, history.is_bounded, len(history.newest)) == (200, True, 20)
    assert "Of the newest 200; there are more." in text_of(response)


def test_an_account_of_which_nothing_is_kept_has_a_page(client, moderator, post):
    reader = make_user("reader", display_name="<b>Reader</b>")
    make_comment(post, user=reader)
    page = address_of("account", reader.pk)

    html = text_of(client.get(page))

    assert "Account <bdi>reader</bdi>." in html and "&lt;b&gt;Reader&lt;/b&gt;" in html and "<b>Reader" not in html
    assert "<b>Known.</b>" in html and "Follows no thread by mail." in html
    assert not Commenter.objects.exists()
    kept = Commenter.objects.create(user=reader)
    assert client.get(page).url == page_of(kept)


@pytest.mark.parametrize(
    "path", ["1/change/", "x/change/", f"{'9' * 40}/change/", "account/999/", f"account/{'9' * 40}/", "7/history/"]
)
def test_nobody_has_no_page(client, moderator, path):
    assert client.get(f"{LIST}{path}").status_code == 404


def test_whoever_moderates_is_not_blocked(client, moderator):
    html = text_of(client.get(address_of("account", moderator.pk)))

    assert "Moderates here" in html and address_of("account_block", moderator.pk) not in html
    assert client.post(address_of("account_block", moderator.pk)).status_code == 403
    assert not Commenter.objects.exists()


def test_who_may_only_look_has_no_buttons(client, rita):
    looker = make_user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__in=["view_commenter", "moderate_any_comment"]))
    client.force_login(looker)

    html = client.get(page_of(rita)).content.decode()

    assert "<bdi>rita@example.org</bdi>" in html and address_of("block", rita.pk) not in html
    assert client.post(address_of("block", rita.pk)).status_code == 403
    assert client.post(address_of("note", rita.pk), {"text": "x"}).status_code == 403


def test_who_does_not_decide_on_all_comments_does_not_look(client, rita):
    author = make_user("alice", "Author")
    author.user_permissions.set(Permission.objects.filter(codename__endswith="_commenter"))
    client.force_login(author)

    assert client.get(LIST).status_code == 403 == client.get(page_of(rita)).status_code
    assert client.post(address_of("block", rita.pk)).status_code == 403


def test_the_page_says_where_its_numbers_come_from(client, owner, rita):
    CommentSettings(trusted_needed=7).save()

    html = text_of(client.get(page_of(rita)))

    assert "7 approved comments" in html and reverse("admin:comments_commentsettings_change", args=[1]) in html
