"""Answering, editing, reporting, withdrawing and deleting, as comments/moderation does them."""

import pytest

from comments import counts, moderation, search
from comments.models import Comment, CommentSettings, ModerationEvent, ModerationNote, Report
from comments.policy import Verdict
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


def test_a_reply_approves_what_it_answers():
    mod, comment = make_user("mod", "Moderator", display_name="Mo"), make_comment(make_post(), status="pending")

    answer = moderation.reply(comment, "Welcome!", actor=mod, seen=comment.state)

    comment.refresh_from_db()
    assert (comment.status, answer.status) == ("approved", "approved")
    assert (answer.parent, answer.user, answer.author_name) == (comment, mod, "Mo")
    assert answer.path.startswith(comment.path)
    assert len(set(ModerationEvent.objects.values_list("batch", flat=True))) == 1
    assert counts.site()["approved"] == 2


def test_a_reply_to_an_approved_comment_changes_nothing_else():
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post())

    moderation.reply(comment, "Indeed.", actor=mod, seen="approved")

    assert ModerationEvent.objects.get().rule == "staff"


def test_a_reply_to_what_has_changed_is_refused_and_nothing_stored():
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post(), status="spam")

    with pytest.raises(moderation.Stale):
        moderation.reply(comment, "Welcome!", actor=mod, seen="pending")

    assert Comment.objects.count() == 1


def test_an_edit_keeps_the_words_before_and_is_found_by_the_new_ones():
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post(), body="Call 555 now.")

    assert moderation.edit(comment, "Call [number] now.", actor=mod, seen=comment.state)

    comment.refresh_from_db()
    assert (comment.body, comment.status) == ("Call [number] now.", "approved")
    assert "[number]" in comment.body_html
    assert comment.edited_at
    note = ModerationNote.objects.get()
    assert (note.kind, note.text, note.event.reason) == ("before", "Call 555 now.", "edited")
    assert list(search.matching(Comment.objects.all(), "number")) == [comment]
    assert list(search.matching(Comment.objects.all(), "555")) == []


def test_the_same_words_are_no_edit_and_stale_ones_are_refused():
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post(), body="Mine.")
    seen = comment.state

    assert moderation.edit(comment, "Mine.", actor=mod, seen=seen) is False
    moderation.edit(comment, "Yours.", actor=mod, seen=seen)
    with pytest.raises(moderation.Stale):
        moderation.edit(comment, "Ours.", actor=mod, seen=seen)

    assert Comment.objects.get().body == "Yours."
    assert ModerationEvent.objects.count() == 1


def test_a_decision_is_stale_after_an_edit():
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post(), status="pending")
    seen = {comment.pk: comment.state}
    moderation.edit(comment, "Other words.", actor=mod, seen=comment.state)

    assert moderation.decide([comment], "approve", actor=mod, seen=seen).stale == [comment.pk]
    assert moderation.decide([comment], "approve", actor=mod, seen={}).stale == [comment.pk]
    comment.refresh_from_db()
    assert moderation.decide([comment], "approve", actor=mod, seen={comment.pk: comment.state}).changed == [comment.pk]


def test_what_the_writer_is_told_is_kept_beside_the_log():
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post(), status="pending")

    moderation.decide([comment], "reject", actor=mod, tell="Off topic.")

    note = ModerationNote.objects.get()
    assert (note.kind, note.text, note.comment, note.event.to_status) == ("told", "Off topic.", comment, "rejected")


def test_removing_with_replies_is_one_batch():
    mod, post = make_user("mod", "Moderator"), make_post()
    top = make_comment(post)
    reply = make_comment(post, parent=top)
    waiting = make_comment(post, parent=reply, status="pending")
    spam, beside = make_comment(post, parent=top, status="spam"), make_comment(post)

    decision = moderation.decide([top], "remove", actor=mod, seen={top.pk: "approved"}, with_replies=True)

    assert decision.changed == [top.pk, reply.pk, waiting.pk]
    assert Comment.objects.get(pk=spam.pk).status == "spam"
    assert Comment.objects.get(pk=beside.pk).status == "approved"


def test_replies_are_found_however_deep():
    post, chain = make_post(), []
    for _ in range(15):
        chain.append(make_comment(post, parent=chain[-1] if chain else None))
    make_comment(post, parent=chain[9])

    for number, comment in enumerate(chain):
        below = {reply.pk for reply in chain[number + 1 :]}
        assert below <= set(moderation.replies_of(comment).values_list("pk", flat=True)), number
    assert set(moderation.replies_of(chain[12]).values_list("pk", flat=True)) == {c.pk for c in chain[13:]}


def test_keeping_a_reported_comment_settles_its_reports():
    mod, comment = make_user("mod", "Moderator"), make_comment(make_post())
    assert moderation.report(comment, "rude", "Ouch.", "a")
    assert not moderation.report(comment, "rude", "", "a"), "the same network once"

    decision = moderation.decide([comment], "approve", actor=mod)

    assert decision.changed == [comment.pk]
    assert ModerationEvent.objects.get().reason == "kept"
    assert not Report.objects.filter(closed_at=None).exists()
    assert counts.site()["reported"] == 0
    assert moderation.decide([comment], "approve", actor=mod).left == [comment.pk]
    assert moderation.report(comment, "rude", "", "a"), "again, after a decision"


def test_reports_count_from_distinct_networks_and_never_take_down():
    CommentSettings(reports_needed=3).save()
    comment = make_comment(make_post())
    for network in ("a", "b", "b", "a"):
        moderation.report(comment, "spam", "", network)
    assert counts.site()["reported"] == 0

    moderation.report(comment, "spam", "", "c")

    comment.refresh_from_db()
    assert counts.site()["reported"] == 1
    assert comment.status == "approved"
    assert not moderation.report(make_comment(comment.post, status="pending"), "spam", "", "a"), "not shown"


def test_deleting_for_good_leaves_the_replies_and_the_log():
    owner, post = make_user("owner", "Owner"), make_post()
    top = make_comment(post, body="Secret words.")
    reply = make_comment(post, parent=top)
    moderation.edit(top, "Other words.", actor=owner, seen=top.state)

    assert moderation.delete(top, actor=owner)
    assert not moderation.delete(top, actor=owner)

    reply.refresh_from_db()
    assert (reply.parent, reply.path[:10]) == (None, f"{top.pk:010d}")
    assert not ModerationNote.objects.exists()
    assert ModerationEvent.objects.filter(comment_id=top.pk).latest("pk").reason == "deleted"
    assert not Comment.objects.filter(pk=top.pk).exists()
    assert counts.recount() == 0


def test_a_withdrawn_comment_is_down_and_said_once():
    comment = make_comment(make_post())

    assert moderation.withdraw(comment)
    assert not moderation.withdraw(comment)

    assert comment.status == "removed"
    assert ModerationEvent.objects.get().rule == "writer"


def test_a_refused_comment_is_not_received():
    comment = Comment(post=make_post(), author_name="Reader", body="Hello.")

    with pytest.raises(ValueError, match="refused"):
        moderation.receive(comment, Verdict("refused", ["duplicate"], "duplicate"))

    assert not Comment.objects.exists()
