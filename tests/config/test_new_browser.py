"""Who works at the desk is told by mail of a sign-in with a browser that the account was not used with before."""

import re
from datetime import UTC, datetime

import pytest
from django.core import mail as outbox
from django.test import Client

from blog.models import Mail, SiteSettings, User
from config.sessions import browser
from tests.config.test_sign_ins import FIREFOX, PIXEL
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NEW = "sea-kelp-and-14-gulls"


@pytest.fixture
def alice():
    return make_user("alice", "Author")


@pytest.fixture
def enter(django_capture_on_commit_callbacks):
    """Signs in by the form, in a new browser or in the one that is given."""

    def sign_in(client=None, user="alice", agent=FIREFOX, password="correct horse", **extra) -> Client:
        client = client or Client(headers={"user-agent": agent}, **extra)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post("/admin/login/", {"username": user, "password": password})
        assert answer.status_code == 302
        client.signed_in = answer
        return client

    return sign_in


def out(client: Client) -> Client:
    client.post("/admin/logout/")
    return client


def test_it_works(alice, enter, time_machine):
    enter()
    assert outbox.outbox == [], "the first sign-in of an account is its owner's own"
    time_machine.move_to(datetime(2026, 3, 14, 12, 30, tzinfo=UTC), tick=False)
    enter(agent=PIXEL, REMOTE_ADDR="198.51.100.77")
    (message,) = outbox.outbox
    assert (message.to, message.subject) == (["alice@example.org"], "A new browser signed in")
    for said in (message.body, message.alternatives[0].content):
        assert "as alice on" in said and "Chrome on Android" in said and "14 March 2026, 12:30 (UTC)" in said
        assert "http://testserver/password/" in said and "http://testserver/admin/account/" in said
        assert "198.51" not in said and "Pixel" not in said
    assert "198.51" not in str(Mail.objects.values())


def test_a_browser_is_known_from_then_on(alice, enter):
    enter()
    phone = enter(agent=PIXEL)
    assert len(outbox.outbox) == 1
    enter(out(phone))
    assert len(outbox.outbox) == 1


def test_the_cookie_is_signed_and_out_of_reach_of_scripts(alice, enter):
    cookie = enter().signed_in.cookies[browser.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == browser.KEPT.total_seconds()
    assert "alice" not in cookie.value


@pytest.mark.parametrize("value", ["", "nonsense", "a" * 32, "x:y:z"])
def test_a_cookie_that_is_none_of_ours_proves_nothing(alice, enter, value):
    enter()
    other = Client(headers={"user-agent": FIREFOX})
    other.cookies[browser.COOKIE] = value
    enter(other)
    assert len(outbox.outbox) == 1


def test_anothers_browser_is_new_to_oneself_and_known_to_both_afterwards(alice, enter):
    bob = make_user("bob", "Editor")
    enter(user="bob")
    User.objects.filter(pk=alice.pk).update(last_login=bob.date_joined)
    here = out(enter(user="bob"))
    outbox.outbox.clear()
    enter(here)
    assert [message.to for message in outbox.outbox] == [["alice@example.org"]]
    enter(out(here), user="bob")
    enter(out(here))
    assert len(outbox.outbox) == 1


def test_a_new_password_makes_other_browsers_new_and_not_this_one(alice, enter):
    here, phone = enter(), enter(agent=PIXEL)
    outbox.outbox.clear()
    sent = {"old_password": "correct horse", "new_password1": NEW, "new_password2": NEW}
    assert here.post("/admin/password_change/", sent).status_code == 302
    enter(out(here), password=NEW)
    assert outbox.outbox == []
    enter(out(phone), password=NEW)
    assert len(outbox.outbox) == 1


def test_ending_the_sign_in_does_not_keep_the_mail_back(alice, enter, django_capture_on_commit_callbacks):
    enter()
    with django_capture_on_commit_callbacks() as callbacks:
        thief = Client(headers={"user-agent": PIXEL})
        thief.post("/admin/login/", {"username": "alice", "password": "correct horse"})
        out(thief)
    for callback in callbacks:
        callback()
    assert len(outbox.outbox) == 1


def test_it_is_in_the_sites_language_and_the_users_zone(alice, enter, time_machine):
    SiteSettings(language="fa").save()
    User.objects.filter(pk=alice.pk).update(time_zone="Asia/Tehran")
    enter()
    time_machine.move_to(datetime(2026, 3, 14, 12, 30, tzinfo=UTC), tick=False)
    enter(agent=PIXEL)
    html = outbox.outbox[0].alternatives[0].content
    assert 'lang="fa" dir="rtl"' in html and "۱۶:۰۰ (Asia/Tehran)" in html
    assert not re.search("[a-z] [a-z]+ [a-z]", re.sub("<[^>]*>|{[^}]*}", "", html[html.index("<body") :]))


def test_readers_with_an_account_are_not_told(enter):
    make_user("rita")
    for _time in range(2):
        client = Client()
        client.post("/sign-in/", {"username": "rita", "password": "correct horse"})
        assert browser.COOKIE not in client.cookies and client.session["_auth_user_id"]
    assert not Mail.objects.exists()


def test_who_has_no_address_is_not_told(alice, enter):
    User.objects.update(email="")
    enter()
    enter(agent=PIXEL)
    assert not Mail.objects.exists()
