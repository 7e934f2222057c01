"""What a moderator tells the writer of a rejected comment, on the writer's own page."""

import pytest
from django.urls import reverse

from comments import moderation, tokens
from comments.models import Comment
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment():
    return make_comment(make_post(), status="pending", capability_hash=tokens.capability_hash("abc"))


@pytest.fixture
def mona():
    return make_user("mona", "Moderator")


def page(client) -> str:
    return client.get(reverse("comment_status", args=["abc"])).content.decode()


def test_it_works(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona, tell="Please <b>stay</b> with the subject.")

    html = page(client)

    assert "The moderator says:" in html and "Please &lt;b&gt;stay&lt;/b&gt; with the subject." in html


def test_a_comment_that_is_no_longer_rejected_is_told_nothing(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona, tell="Not here.")
    moderation.decide([comment], "restore", actor=mona)

    assert "Not here." not in page(client)


def test_the_words_of_an_earlier_rejection_are_not_shown_again(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona, tell="Not here.")
    moderation.decide([comment], "restore", actor=mona)
    moderation.decide([comment], "reject", actor=mona)

    assert "The moderator says" not in page(client)


def test_a_decision_taken_back_brings_them_back(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona, tell="Not here.")
    approved = moderation.decide([comment], "approve", actor=mona)
    moderation.undo(approved.batch, actor=mona, among=Comment.objects.all())

    assert "Not here." in page(client)


def test_an_edit_since_changes_nothing(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona, tell="Not here.")
    moderation.edit(comment, "Other words.", actor=mona, seen=Comment.objects.get().state)

    assert "Not here." in page(client)


def test_what_a_rule_took_for_spam_waits_as_far_as_its_writer_sees(client, mona):
    comment = make_comment(make_post(), status="spam", capability_hash=tokens.capability_hash("abc"))
    assert "waiting for a moderator" in page(client)

    moderation.decide([comment], "reject", actor=mona)

    assert "decided not to show" in page(client)


def test_a_withdrawn_comment_is_said_to_be_withdrawn(client, comment):
    moderation.withdraw(comment)

    assert "You have withdrawn this comment." in page(client)
