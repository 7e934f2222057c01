"""Deciding by the link in a moderator's mail: for one moderator and one comment, shown on GET, done once on POST."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from blog.models import Post
from comments import deciding, links, moderation
from comments.links import Purpose
from comments.models import Comment, ModerationEvent, UsedLink
from config.roles import make_roles
from tests.comments.racing import at_once
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

FOREIGN = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]


@pytest.fixture
def mona():
    return make_user("mona", "Moderator")


@pytest.fixture
def comment(post):
    return make_comment(post, status="pending", author_name="Mudlark", body="Surely the wind?", reasons=["links:3/2"])


@pytest.fixture
def link(comment, mona) -> str:
    return link_of(comment, mona)


def link_of(comment, user) -> str:
    return f"/moderate/{deciding.token_for(comment, user)}/"


def decide(client, link, comment, verb: str = "approve", **fields):
    return client.post(link, {"verb": verb, "seen": comment.state} | fields)


def assert_nothing_done(response, status: int, *words: str) -> None:
    html = response.content.decode()
    assert response.status_code == status and not [word for word in words if word not in html], html
    assert not ModerationEvent.objects.exists() and not UsedLink.objects.exists()


def test_it_works(client, comment, link, mona):
    html = client.get(link).content.decode()
    assert "You decide as <b><bdi>Mona</bdi></b>" in html and "Surely the wind?" in html and "Mudlark" in html
    assert "3 links; from 2 on a comment waits" in html and f'value="{comment.state}"' in html

    response = decide(client, link, comment)

    event = ModerationEvent.objects.get()
    assert (response.status_code, response["Location"]) == (303, link)
    assert (event.actor, event.to_status, event.comment_id, bool(event.batch)) == (mona, "approved", comment.pk, True)
    html = client.get(link).content.decode()
    assert "You have decided on it already" in html and "Approved by <bdi>Mona</bdi>" in html


@pytest.mark.parametrize("verb, status", [("approve", "approved"), ("reject", "rejected"), ("spam", "spam")])
def test_each_button_does_what_it_says(client, comment, link, verb, status):
    decide(client, link, comment, verb)
    assert Comment.objects.get().status == status


def test_what_is_told_reaches_the_writer(client, comment, link):
    decide(client, link, comment, "reject", tell="  Not\n here. ")
    note = ModerationEvent.objects.get().note
    assert (note.kind, note.text) == ("told", "Not here.")


@pytest.mark.parametrize("verb", ["approve", "spam"])
def test_only_a_rejection_is_explained(client, comment, link, verb):
    decide(client, link, comment, verb, tell="Not here.")
    assert not hasattr(ModerationEvent.objects.get(), "note")


def test_looking_changes_nothing_however_often(client, comment, link):
    for method in (client.get, client.head) * 5:
        assert method(link).status_code == 200
    assert Comment.objects.get().status == "pending" and not UsedLink.objects.exists()


def test_the_page_is_kept_by_nobody_and_starts_no_session(client, link):
    response = client.get(link)
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin" and not response.cookies


def test_it_acts_as_who_it_was_mailed_to_whoever_is_signed_in(client, comment, link, mona):
    client.force_login(make_user("ben", "Moderator"))
    decide(client, link, comment)
    assert ModerationEvent.objects.get().actor == mona


def test_it_acts_once(client, comment, link):
    decide(client, link, comment, "reject")
    again = decide(client, link, comment, "approve")
    assert again.status_code == 200 and "You have decided on it already" in again.content.decode()
    assert Comment.objects.get().status == "rejected"


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_one_moment_it_acts_once(post):
    make_roles(apps)  # a flush after another test may have taken them away
    comment = make_comment(post, status="pending")
    link = link_of(comment, make_user("mona", "Moderator"))
    verbs = ["approve", "reject", "spam"]
    answers = at_once(*(lambda verb=verb: decide(Client(), link, comment, verb).status_code for verb in verbs))
    assert set(answers) <= {200, 303, 409}, answers
    assert ModerationEvent.objects.count() == UsedLink.objects.count() == 1


def test_once_even_if_the_decision_was_taken_back(client, comment, link, mona):
    decide(client, link, comment)
    batch = ModerationEvent.objects.get().batch
    moderation.undo(batch, actor=mona, among=Comment.objects.all())
    decide(client, link, comment)
    assert Comment.objects.get().status == "pending"


def test_each_moderator_has_one(client, comment, link):
    ben = make_user("ben", "Moderator")
    decide(client, link, comment)
    html = client.get(link_of(comment, ben)).content.decode()
    assert "It waits no more" in html and "Approved by <bdi>Mona</bdi>" in html


def test_two_mails_of_one_comment_are_two_links_and_the_second_finds_it_decided(client, comment, link, mona):
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        second = link_of(comment, mona)
    decide(client, link, comment)
    response = decide(client, second, comment, "reject")
    assert "It waits no more" in response.content.decode() and Comment.objects.get().status == "approved"


@pytest.mark.parametrize("verb", ["", "remove", "restore", "delete", "x"])
def test_another_verb_is_refused(client, comment, link, verb):
    assert_nothing_done(decide(client, link, comment, verb, tell="Kept"), 422, "Choose one of the buttons", "Kept")


def test_too_many_words_are_kept_and_refused(client, comment, link):
    response = decide(client, link, comment, "reject", tell="x" * 501)
    assert_nothing_done(response, 422, "more than 500 characters", "x" * 501)


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_decide(client, comment, link, headers):
    response = client.post(link, {"verb": "approve", "seen": comment.state}, headers=headers)
    assert_nothing_done(response, 403, "another site")


def test_an_expired_link_leads_to_the_queue(client, comment, link):
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        response = decide(client, link, comment)
        assert client.get(link).status_code == 410
    assert_nothing_done(response, 410, "expired", f"/admin/comments/comment/{comment.pk}/change/")


@pytest.mark.parametrize("wrong", ["x", "cut", "user", "comment", "purpose"])
def test_a_link_that_is_not_ours_is_none(client, comment, link, mona, wrong):
    token = link.split("/")[2]
    value, rest = token.split(".", 1)
    pk, user, code = value.split("~")
    other = make_comment(comment.post, status="pending")
    tokens = {
        "x": "x",
        "cut": token[:-1],
        "user": f"{pk}~{make_user('ben', 'Moderator').pk}~{code}.{rest}",
        "comment": f"{other.pk}~{user}~{code}.{rest}",
        "purpose": links.make(Purpose.MINE, pk, user, code),
    }
    assert_nothing_done(decide(client, f"/moderate/{tokens[wrong]}/", comment), 404, "not whole")


class TestWhoMayNoLonger:
    def refused(self, client, comment, link) -> None:
        assert client.get(link).status_code == 410
        assert_nothing_done(decide(client, link, comment), 410, "works no more")

    def test_lost_the_role(self, client, comment, link, mona):
        mona.groups.clear()
        self.refused(client, comment, link)

    def test_has_another_role(self, client, comment, link, mona):
        mona.groups.set([Group.objects.get(name="Author")])
        self.refused(client, comment, link)

    def test_is_no_longer_active(self, client, comment, link, mona):
        mona.is_active = False
        mona.save()
        self.refused(client, comment, link)

    def test_has_another_password(self, client, comment, link, mona):
        mona.set_password("another horse")
        mona.save()
        self.refused(client, comment, link)

    def test_is_gone(self, client, comment, link, mona):
        mona.delete()
        self.refused(client, comment, link)


def test_a_secret_that_was_changed_ends_no_link(client, comment, link, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert "Surely the wind?" in client.get(link).content.decode()


def test_words_that_changed_meanwhile_are_shown_and_nothing_is_done(client, comment, link, mona):
    ben = make_user("ben", "Moderator")
    moderation.edit(comment, "Surely the moon?", actor=ben, seen=comment.state)
    response = decide(client, link, comment, "reject", tell="Not here.")
    html = response.content.decode()
    assert response.status_code == 409 and "Not done" in html and "Ben" in html
    assert "Surely the moon?" in html and "Not here." in html
    assert Comment.objects.get().status == "pending" and not UsedLink.objects.exists()

    assert decide(client, link, Comment.objects.get()).status_code == 303
    assert Comment.objects.get().status == "approved"


def test_what_was_decided_meanwhile_stands_and_the_link_is_not_used_up(client, comment, link):
    ben = make_user("ben", "Moderator")
    batch = moderation.decide([comment], "reject", actor=ben).batch
    response = decide(client, link, comment)
    html = response.content.decode()
    assert response.status_code == 409 and "It waits no more" in html and "Rejected by <bdi>Ben</bdi>" in html
    assert Comment.objects.get().status == "rejected" and not UsedLink.objects.exists()

    moderation.undo(batch, actor=ben, among=Comment.objects.all())
    assert decide(client, link, comment).status_code == 303 and Comment.objects.get().status == "approved"


@pytest.mark.parametrize("seen", ["", "approved", "pending-1.000000", "x" * 90])
def test_without_what_was_seen_nothing_is_done(client, comment, link, seen):
    assert_nothing_done(decide(client, link, comment, seen=seen), 409, "Not done")


def test_a_withdrawn_comment_waits_no_more(client, comment, link):
    moderation.withdraw(comment)
    response = decide(client, link, comment)
    assert response.status_code == 409 and "Withdrawn by its writer" in response.content.decode()
    assert Comment.objects.get().status == "removed" and not UsedLink.objects.exists()


def test_a_deleted_comment_is_said_to_be_gone(client, comment, link):
    moderation.delete(comment, actor=make_user("ben", "Moderator"))
    for response in (client.get(link), decide(client, link, comment)):
        assert response.status_code == 410 and "not there any more" in response.content.decode()


class TestAnAuthor:
    @pytest.fixture
    def ada(self):
        return make_user("ada", "Author")

    def test_decides_under_own_posts(self, client, ada):
        comment = make_comment(make_post(author=ada), status="pending")
        decide(client, link_of(comment, ada), comment)
        assert ModerationEvent.objects.get().actor == ada and Comment.objects.get().status == "approved"

    def test_and_not_under_other_peoples(self, client, comment, ada):
        response = decide(client, link_of(comment, ada), comment)
        assert_nothing_done(response, 410, "works no more")

    def test_nor_once_the_post_is_somebody_elses(self, client, ada):
        post = make_post(author=ada)
        comment = make_comment(post, status="pending")
        link = link_of(comment, ada)
        Post.objects.filter(pk=post.pk).update(author=make_user("bea", "Author"))
        assert_nothing_done(decide(client, link, comment), 410, "no longer Ada’s")

    def test_a_contributor_decides_nowhere(self, client):
        carl = make_user("carl", "Contributor")
        comment = make_comment(make_post(author=carl), status="pending")
        assert_nothing_done(decide(client, link_of(comment, carl), comment), 410, "works no more")


def test_nobody_needs_to_be_signed_in(comment, link):
    client = Client(enforce_csrf_checks=True)
    assert decide(client, link, comment).status_code == 303 and not client.cookies
