"""A writer asks, once, to look again at what a moderator decided."""

import pytest

from comments import counts, moderation
from comments.models import Comment, ModerationEvent, ModerationNote
from tests.comments.people import make_own, own
from tests.factories import make_user

pytestmark = pytest.mark.django_db

WORDS = "It was <meant> kindly."


@pytest.fixture
def mona():
    return make_user("mona", "Moderator")


@pytest.fixture
def comment(post):
    return make_own(post, status="pending", reasons=["held_all"])


def appeal(client, comment, words: str = WORDS):
    return client.post(own(comment, "appeal"), {"words": words})


def assert_refused(client, comment) -> None:
    before = Comment.objects.values().get()
    response = appeal(client, comment)
    html = response.content.decode()
    assert response.status_code == 409 and "Nothing was sent" in html
    assert Comment.objects.values().get() == before and not ModerationNote.objects.filter(kind="appeal").exists()


@pytest.mark.parametrize("verb", ["reject", "spam", "remove"])
def test_it_works(client, comment, mona, verb):
    moderation.decide([comment], "approve", actor=mona)
    moderation.decide([comment], verb, actor=mona)
    assert "Ask to look again" in client.get(own(comment)).content.decode()

    response = appeal(client, comment)

    comment.refresh_from_db()
    assert response.status_code == 303 and comment.status == "pending" and comment.appealed_at
    assert comment.reasons == ["appeal", "held_all"]
    event = ModerationEvent.objects.first()
    assert (event.reason, event.rule, event.batch) == ("appeal", "writer", None)
    assert (event.note.kind, event.note.text) == ("appeal", WORDS)
    html = client.get(own(comment)).content.decode()
    assert "You have asked to look at your comment again." in html and "Ask to look again" not in html
    assert counts.recount() == 0


def test_it_needs_no_words(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona)
    assert appeal(client, comment, "  ").status_code == 303
    assert Comment.objects.get().status == "pending" and not ModerationNote.objects.exists()


def test_once_is_all(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona)
    appeal(client, comment)
    moderation.decide([comment], "reject", actor=mona)
    assert "Ask to look again" not in client.get(own(comment)).content.decode()
    assert appeal(client, comment).status_code == 409
    assert Comment.objects.get().status == "rejected" and ModerationNote.objects.count() == 1


def test_what_waits_is_looked_at_anyway(client, comment):
    assert_refused(client, comment)


def test_what_is_shown_too(client, comment, mona):
    moderation.decide([comment], "approve", actor=mona)
    assert_refused(client, comment)


def test_what_a_rule_alone_took_for_spam_waits_and_is_not_appealed(client, post):
    assert_refused(client, make_own(post, status="spam"))


def test_nor_what_a_rule_took_for_spam_later(client, comment, mona):
    moderation.decide([comment], "approve", actor=mona)
    moderation.decide([comment], "spam", rule="spam_filter")
    assert_refused(client, comment)


def test_nor_where_the_decision_was_taken_back(client, post, mona):
    comment = make_own(post, status="spam")
    batch = moderation.decide([comment], "reject", actor=mona).batch
    moderation.undo(batch, actor=mona, among=Comment.objects.all())
    assert_refused(client, comment)


def test_what_was_withdrawn_is_not_appealed(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona)
    moderation.withdraw(comment)
    assert_refused(client, comment)


def test_too_many_words_are_refused_and_kept(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona)
    response = appeal(client, comment, "x" * 1_001)
    html = response.content.decode()
    assert response.status_code == 422 and "x" * 1_001 in html and "at most 1000" in html
    assert Comment.objects.get().status == "rejected"


def test_words_that_come_too_late_are_kept(client, comment):
    html = appeal(client, comment, "It was meant kindly.").content.decode()
    assert "It was meant kindly." in html


def test_undoing_the_rejection_leaves_it_alone(client, comment, mona):
    batch = moderation.decide([comment], "reject", actor=mona).batch
    appeal(client, comment)
    assert moderation.undo(batch, actor=mona, among=Comment.objects.all()).left == [comment.pk]
    comment.refresh_from_db()
    assert comment.status == "pending" and comment.appealed_at


def test_a_decision_on_the_comment_as_it_was_comes_too_late(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona)
    comment.refresh_from_db()
    seen = {comment.pk: comment.state}
    appeal(client, comment)
    assert moderation.decide([comment], "approve", actor=mona, seen=seen).stale == [comment.pk]


def test_a_moderator_may_restore_it_then(client, comment, mona):
    moderation.decide([comment], "reject", actor=mona)
    appeal(client, comment)
    moderation.decide([comment], "approve", actor=mona)
    assert "Your comment is shown." in client.get(own(comment)).content.decode()


def test_an_account_asks_too(client, post, mona):
    comment = make_own(post, user=make_user("reader"))
    moderation.decide([comment], "remove", actor=mona)
    assert appeal(client, comment).status_code == 303 and Comment.objects.get().status == "pending"
