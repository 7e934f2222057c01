"""Each chooses when to be told by mail of comments that wait."""

import pytest
from django.urls import reverse
from django.utils import timezone

from comments import waiting
from comments.models import MailChoice
from tests.comments.queue_pages import QUEUE
from tests.comments.test_decide import said
from tests.factories import make_user

pytestmark = pytest.mark.django_db
MAIL = reverse("admin:comments_comment_mail")


def chosen(response) -> str:
    return response.context["form"]["when"].value()


def test_it_works(client, moderator):
    html = client.get(MAIL).content.decode()
    assert "<bdi>mod@example.org</bdi>" in html and "Of comments on all posts." in html
    assert "within two minutes" in html and "up to 10 comments" in html
    assert html.count('type="radio"') == 4

    response = client.post(MAIL, {"when": "daily"}, follow=True)

    assert said(response) == ["Saved."] and response.redirect_chain == [(MAIL, 302)]
    assert (MailChoice.objects.get().user, MailChoice.objects.get().when) == (moderator, "daily")
    assert chosen(response) == "daily"


def test_looking_keeps_nothing(client, moderator):
    response = client.get(MAIL)

    assert chosen(response) == "at_once"
    assert not MailChoice.objects.exists()


@pytest.mark.parametrize("value", ["", "hourly\0", "sometimes"])
def test_a_choice_that_is_none_is_told_and_changes_nothing(client, moderator, value):
    response = client.post(MAIL, {"when": value})

    assert response.status_code == 422 and 'class="wrong"' in response.content.decode()
    assert not MailChoice.objects.exists()


def test_only_the_choice_changes(client, moderator):
    """How far somebody was told stays: nothing is told twice or skipped."""
    choice = waiting.choice_of(moderator, timezone.now())
    MailChoice.objects.update(newest=7)

    client.post(MAIL, {"when": "never", "newest": "0", "user": "99"})

    choice.refresh_from_db()
    assert (choice.user, choice.when, choice.newest) == (moderator, "never", 7)


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor"])
def test_whose_posts_may_have_comments_chooses_too(client, role):
    client.force_login(make_user("alice", role))

    html = client.get(MAIL).content.decode()
    client.post(MAIL, {"when": "hourly"})

    assert "Of comments on your own posts." in html
    assert (f'href="{QUEUE}"' in html) is (role != "Contributor")
    assert MailChoice.objects.get().when == "hourly"


@pytest.mark.parametrize(("role", "way"), [("Author", "The owner can set one, under Users."), ("Owner", "Set one")])
def test_without_an_address_it_says_who_can_set_one(client, role, way):
    user = make_user("alice", role)
    type(user).objects.update(email="")
    client.force_login(user)

    html = client.get(MAIL).content.decode()

    assert "Your account has no e-mail address" in html and way in html
    assert (reverse("admin:blog_user_change", args=[user.pk]) in html) is (role == "Owner")


def test_who_neither_decides_nor_writes_has_no_choice(client):
    client.force_login(make_user("nobody", is_staff=True))

    assert client.get(MAIL).status_code == 403
    assert client.post(MAIL, {"when": "never"}).status_code == 403
