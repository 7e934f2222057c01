"""What becomes by the clock of comments that were decided against, and what stays."""

from datetime import timedelta

import pytest

from comments import counts, moderation, search
from comments.models import (
    BlockHit,
    Comment,
    ModerationEvent,
    ModerationNote,
    Report,
)
from comments.retention import purging
from tests.comments.forgetting import DIGEST, SECOND, START, After, make_hit, make_report
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after(db, time_machine):
    return After(time_machine)


@pytest.mark.parametrize(("verb", "days"), [("spam", 30), ("reject", 180), ("remove", 180)])
def test_what_was_decided_lately_can_still_be_undone(after, verb, days):
    comment = make_comment(make_post(), created_at=START - timedelta(days=1000), author_email="")
    moderation.decide([comment], verb, actor=make_user("mod", "Moderator"))
    after(timedelta(days=days))
    assert Comment.objects.get().body == "A comment."
    after(timedelta(days=days) + SECOND)
    assert not Comment.objects.exclude(body="").exists()


def test_a_decision_that_was_undone_and_taken_again_counts_from_its_last(after):
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post(), status="pending")
    batch = moderation.decide([comment], "spam", actor=mod).batch
    after.move(timedelta(days=20))
    moderation.undo(batch, actor=mod, among=Comment.objects.all())
    moderation.decide([comment], "spam", actor=mod)
    assert after(timedelta(days=50)) == {}
    assert after(timedelta(days=50) + SECOND) == {"spam": 1}


def test_other_words_are_no_decision(after):
    """An edit changes no status, and so gives spam no longer life."""
    comment = make_comment(make_post(), status="spam", created_at=START - timedelta(days=40))
    moderation.edit(comment, "Other words.", actor=make_user("mod", "Moderator"), seen=comment.state)
    assert after(timedelta(0)) == {"spam": 1}


def test_of_what_is_deleted_the_log_keeps_a_line_without_words(after):
    comment = make_comment(make_post(), status="spam", author_email="")
    after(timedelta(days=31))
    event = ModerationEvent.objects.get()
    assert (event.comment_id, event.actor, event.rule, event.reason) == (comment.pk, None, "clock", "expired")
    assert (event.from_status, event.to_status, event.batch, event.undoes) == ("spam", "", None, None)


def test_counts_and_the_search_follow(after):
    post = make_post()
    for status in ("spam", "spam", "rejected", "removed", "approved", "pending"):
        make_comment(post, status=status, body="lighthouse")
    after(timedelta(days=200))
    assert (counts.site()["spam"], counts.site()["rejected"], counts.site()["removed"]) == (0, 0, 1)
    assert counts.recount() == 0
    found = search.matching(Comment.objects.all(), "lighthouse")
    assert set(found.values_list("status", flat=True)) == {"approved", "pending"}


def test_replies_to_what_is_deleted_stay(after):
    post = make_post()
    spam_ = make_comment(post, status="spam")
    reply = make_comment(post, parent=spam_, body="Really?")
    after(timedelta(days=31))
    reply.refresh_from_db()
    assert (reply.parent, reply.body, reply.path) == (None, "Really?", f"{spam_.pk:010d}{reply.pk:010d}")


def test_a_removed_comment_keeps_its_place_and_nothing_else(after):
    comment = make_hit("word", "casino", author_url="https://nadia.example", address_digest=DIGEST).comment
    make_report(comment)
    mod, other = make_user("mod", "Moderator"), make_comment(comment.post, status="pending")
    moderation.decide([other], "approve", actor=mod, tell="Thank you.")
    moderation.decide([comment], "remove", actor=mod, tell="No casinos.")
    user = make_user("reader")
    Comment.objects.filter(pk=comment.pk).update(user=user, author_email="nadia@example.org")

    after(timedelta(days=181))

    comment.refresh_from_db()
    assert (comment.status, comment.in_thread, comment.reasons) == (
        "removed",
        True,
        ["held_all", "blocked", "links:3/2"],
    )
    kept = (
        comment.author_name,
        comment.author_email,
        comment.author_url,
        comment.user,
        comment.body,
        comment.body_html,
    )
    assert kept == ("—", "", "", None, "", "")
    assert not BlockHit.objects.exists()
    assert [note.text for note in ModerationNote.objects.all()] == ["Thank you."]
    assert Report.objects.get().words == ""


def test_what_its_writer_withdrew_is_emptied_too(after):
    comment = make_comment(make_post(), author_email="")
    moderation.withdraw(comment)
    assert after(timedelta(days=180)) == {}
    assert after(timedelta(days=180) + SECOND) == {"words of removed comments": 1}
    assert after(timedelta(days=182)) == {}  # what is empty is not looked at again


def test_approved_and_waiting_comments_stay_also_those_asked_about_again(after):
    post, mod = make_post(), make_user("mod", "Moderator")
    approved, pending = make_comment(post), make_comment(post, status="pending")
    appealed = make_comment(post, status="pending")
    moderation.decide([appealed], "reject", actor=mod)
    assert moderation.appeal(appealed, "Please look again.")
    before = list(Comment.objects.order_by("pk").values_list("pk", "body", "body_html", "author_name", "status"))

    after(timedelta(days=10 * 365))

    assert [row[0] for row in before] == [approved.pk, pending.pk, appealed.pk]
    assert (
        list(Comment.objects.order_by("pk").values_list("pk", "body", "body_html", "author_name", "status")) == before
    )


def test_what_is_decided_on_at_the_last_moment_stays(after, monkeypatch):
    """Between finding a comment and holding it, a moderator puts it back."""
    comment, parts = make_comment(make_post(), status="spam"), purging._parts

    def slow(due, key):
        for ids in parts(due, key):
            moderation.decide([comment], "restore", actor=make_user("mod", "Moderator"))
            yield ids

    monkeypatch.setattr(purging, "_parts", slow)
    assert after(timedelta(days=31), "spam") == {}
    assert Comment.objects.get().status == "pending"
