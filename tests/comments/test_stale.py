"""Decisions on what is no longer as the moderator saw it: refused, explained, and nothing typed is lost."""

import pytest
from django.urls import reverse

from comments import moderation
from comments.models import Comment, ModerationEvent
from tests.comments.test_decide import act, said
from tests.comments.test_queue import QUEUE, make_many
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(title="Tides")


@pytest.fixture
def bob():
    return make_user("bob", "Moderator", display_name="<Bob>")


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        ("approve", "approved this comment"),
        ("reject", "rejected this comment"),
        ("spam", "marked this comment as spam"),
        ("remove", "removed this comment"),
    ],
)
def test_it_says_who_did_what(client, moderator, bob, post, verb, what, time_machine):
    time_machine.move_to("2026-11-24 10:05Z", tick=False)
    comment = make_comment(post, status="pending")
    moderation.decide([comment], verb, actor=bob)

    response = act(client, "restore" if verb != "approve" else "spam", comment, place="?status=pending")

    address = reverse("admin:comments_comment_change", args=[comment.pk])
    assert said(response) == [
        "<bdi>Reader</bdi>: Not done: <bdi>&lt;Bob&gt;</bdi> "
        f'{what} at 10:05, while you saw it pending. <a href="{address}">Show it</a>'
    ]
    assert 'role="alert"' in response.content.decode()
    assert ModerationEvent.objects.count() == 1


def test_an_earlier_day_is_named(client, moderator, bob, post, time_machine):
    comment = make_comment(post, status="pending")
    time_machine.move_to("2026-11-23 10:05Z", tick=False)
    moderation.decide([comment], "approve", actor=bob)
    time_machine.move_to("2026-11-24 10:05Z", tick=False)

    assert "on 23 November 2026 at 10:05" in said(act(client, "spam", comment))[0]


def test_an_edit_makes_what_was_seen_stale(client, moderator, bob, post):
    comment = make_comment(post, status="pending")
    moderation.edit(comment, "Other words.", actor=bob, seen=comment.state)

    assert "changed the words of this comment" in said(act(client, "approve", comment))[0]
    assert Comment.objects.get().status == "pending"


def test_the_writer_may_have_withdrawn_it(client, moderator, post):
    comment = make_comment(post)
    moderation.withdraw(Comment.objects.get())

    assert "Not done: the writer withdrew this comment" in said(act(client, "spam", comment))[0]


@pytest.mark.parametrize("seen", ["", "x", "approved-1", "pending" * 20])
def test_without_a_word_of_what_was_seen_nothing_is_done(client, moderator, post, seen):
    comment = make_comment(post, status="pending")

    response = act(client, "approve", comment, **{f"seen-{comment.pk}": seen})

    assert "Not done: " in said(response)[0]
    assert Comment.objects.get().status == "pending"


def test_the_reason_is_kept(client, moderator, bob, post):
    comment = make_comment(post, status="pending")
    moderation.decide([comment], "approve", actor=bob)

    response = act(client, "reject", comment, tell="Please stay with the subject.")

    html = response.content.decode()
    assert response.status_code == 409
    assert "approved this comment" in html and "What you typed is kept below." in html
    assert 'value="Please stay with the subject."' in html and 'data-panel="reject" open' in html
    assert Comment.objects.get().status == "approved"
    # The page shows how it is now: sent from there, it is done.
    act(client, "reject", Comment.objects.get(), tell="Please stay with the subject.")
    assert Comment.objects.get().status == "rejected"


def test_the_reply_is_kept(client, moderator, bob, post):
    comment = make_comment(post, status="pending")
    moderation.decide([comment], "remove", actor=bob)
    moderation.decide([comment], "approve", actor=bob)
    moderation.edit(comment, "Other words.", actor=bob, seen=Comment.objects.get().state)

    response = act(client, "reply", comment, text="Thank you, <Reader>.")

    html = response.content.decode()
    assert response.status_code == 409
    assert "Thank you, &lt;Reader&gt;.</textarea>" in html and 'data-panel="reply" open' in html
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("verb", ["reject", "spam", "remove"])
def test_the_reply_to_what_was_taken_away_is_kept_too(client, moderator, bob, post, verb):
    comment = make_comment(post, status="pending")
    moderation.decide([comment], verb, actor=bob)

    response = act(client, "reply", comment, text="Thank you.")

    assert "Thank you.</textarea>" in response.content.decode()
    act(client, "reply", Comment.objects.get(), text="Thank you.")
    assert list(Comment.objects.values_list("status", flat=True)) == ["approved", "approved"]


@pytest.mark.parametrize(("verb", "field"), [("reply", "text"), ("reject", "tell")])
def test_words_for_what_was_withdrawn_are_given_back(client, moderator, post, verb, field):
    comment = make_comment(post)
    moderation.withdraw(Comment.objects.get())

    html = act(client, verb, comment, **{field: "Words of mine."}).content.decode()

    assert "Words of mine.</textarea>" in html and "What you had written" in html


def test_the_edited_words_are_kept_with_the_difference(client, moderator, bob, post):
    comment = make_comment(post, status="pending", body="One two three.")
    moderation.edit(comment, "One two four.", actor=bob, seen=comment.state)

    response = act(client, "edit", comment, text="One too three.")

    html = response.content.decode()
    assert response.status_code == 409
    assert "One too three.</textarea>" in html
    assert "One <del>two four</del><ins>too three</ins>." in html
    assert Comment.objects.get().body == "One two four."


@pytest.mark.parametrize(("verb", "field"), [("reply", "text"), ("edit", "text"), ("reject", "tell")])
def test_what_was_deleted_meanwhile_gives_the_words_back(client, moderator, post, verb, field):
    comment = make_comment(post, status="pending")
    owner = make_user("owner", "Owner", display_name="The owner")
    moderation.delete(Comment.objects.get(), actor=owner)

    response = act(client, verb, comment, **{field: "Words of mine."})

    html = response.content.decode()
    assert response.status_code == 404
    assert "<bdi>The owner</bdi> deleted this comment for good" in html and "Words of mine.</textarea>" in html


def test_of_several_the_others_are_done_and_the_stale_ones_explained(client, moderator, bob, post):
    comments = make_many(post, 4)
    moderation.decide(comments[:1], "reject", actor=bob)

    response = act(client, "approve", *comments, place="?status=pending")

    assert said(response)[0] == "3 comments approved."
    address = reverse("admin:comments_comment_change", args=[comments[0].pk])
    assert said(response)[1].startswith(
        f'<a href="{address}"><bdi>Reader</bdi></a>: Not done: <bdi>&lt;Bob&gt;</bdi> rej'
    )
    assert response.redirect_chain[-1][0] == f"{QUEUE}?status=pending"


def test_many_stale_ones_are_summed_up(client, moderator, bob, post):
    comments = make_many(post, 9)
    moderation.decide(comments, "reject", actor=bob)

    said_now = said(act(client, "approve", *comments))

    assert len(said_now) == 6
    assert said_now[-1] == "And 4 more had changed since you saw them."
