"""Ending the mail about a thread: the link in each of these mails, and the button of mail programs (RFC 8058)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments import links, moderation
from comments.links import Purpose
from comments.models import Subscription
from tests.comments.people import make_commenter
from tests.factories import make_comment

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def root(post):
    return make_comment(post)


@pytest.fixture
def gull(root):
    gull = make_commenter("gull@example.org")
    moderation.follow(root, gull)
    return gull


@pytest.fixture
def link(root, gull) -> str:
    return f"/unsubscribe/{links.make(Purpose.UNSUBSCRIBE, gull.pk, root.pk)}/"


def test_it_works(client, root, gull, link):
    html = client.get(link).content.decode()
    assert root.post.title in html and "gull@example.org" in html and Subscription.objects.exists()

    response = client.post(link)

    html = response.content.decode()
    assert response.status_code == 200 and "You get no more mail about this thread." in html
    assert root.post.get_absolute_url() in html and not Subscription.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://mail.example"},
        {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_mail_program_may_press_it_from_anywhere(client, link, headers):
    response = client.post(link, ONE_CLICK, headers=headers)
    assert response.status_code == 200 and not Subscription.objects.exists() and not response.cookies


def test_looking_changes_nothing_however_often(client, link):
    for method in (client.get, client.head) * 5:
        assert method(link).status_code == 200
    assert Subscription.objects.exists()


def test_it_ends_this_thread_alone_and_for_this_one_alone(client, post, root, gull, link):
    moderation.follow(make_comment(post), gull)
    moderation.follow(root, make_commenter("heron@example.org"))
    client.post(link)
    assert (
        Subscription.objects.count() == 2 and not Subscription.objects.filter(thread=root.pk, commenter=gull).exists()
    )


def test_pressed_twice_it_says_that_it_has_ended(client, link):
    client.post(link)
    for method in (client.get, client.post):
        response = method(link)
        assert response.status_code == 200 and "no mail about this thread any more" in response.content.decode()


def test_an_older_mails_link_ends_it_also_if_one_has_followed_anew(client, root, gull, link):
    client.post(link)
    moderation.follow(root, gull)
    client.post(link)
    assert not Subscription.objects.exists()


def test_an_expired_link_leads_to_a_newer_mail(client, link):
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        response = client.post(link)
    assert response.status_code == 410 and "newer mail" in response.content.decode() and Subscription.objects.exists()


@pytest.mark.parametrize("purpose", [purpose for purpose in Purpose if purpose is not Purpose.UNSUBSCRIBE])
def test_a_link_for_another_purpose_is_none(client, root, gull, purpose):
    response = client.post(f"/unsubscribe/{links.make(purpose, gull.pk, root.pk)}/")
    assert response.status_code == 404 and "not whole" in response.content.decode() and Subscription.objects.exists()


def test_a_cut_link_is_none(client, link):
    assert client.post(f"{link[:-4]}/").status_code == 404 and Subscription.objects.exists()


def test_the_page_is_kept_by_nobody(client, link):
    response = client.get(link)
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin" and not response.cookies
