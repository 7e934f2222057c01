"""Mails about decisions and replies: five minutes later, if it still is so, and to who asked."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from blog.mail import send_due
from blog.models import Mail
from comments import letters, moderation
from comments.models import Comment, Commenter, Subscription
from tests.comments.people import MUD, ask, link_to, make_commenter, make_own, open_site, own, write
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

ALL = Comment.objects.all


@pytest.fixture
def mona():
    return make_user("mona", "Moderator")


def send_later(minutes: float = 6) -> list:
    """What is sent so many minutes from now."""
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(minutes=minutes))
    return mail.outbox


class TestADecision:
    @pytest.fixture
    def comment(self, post):
        return make_own(post, commenter=make_commenter(), status="pending", mail_wanted=True, body="Surely the wind?")

    def test_it_works(self, comment, mona):
        moderation.decide([comment], "approve", actor=mona)
        assert not send_later(4)
        (message,) = send_later()
        assert message.to == [MUD]
        assert message.subject == "Your comment on “What the tide table leaves out” is shown"
        assert link_to(message, "/comment/status/") == own(comment)
        assert link_to(message, f"/comment/{comment.pk}/") and not send_later(600)

    @pytest.mark.parametrize("verb", ["reject", "spam", "remove"])
    def test_it_says_what_was_decided_and_offers_to_look_again(self, comment, mona, verb):
        moderation.decide([comment], verb, actor=mona)
        (message,) = send_later()
        for part in (message.body, message.alternatives[0][0]):
            assert "A moderator decided not to show your comment" in part and "ask once to look again" in part
            assert "says:" not in part

    def test_what_the_moderator_told_stands_in_it(self, comment, mona):
        moderation.decide([comment], "reject", actor=mona, tell="Not <b>here</b>.")
        (message,) = send_later()
        assert "Not <b>here</b>." in message.body
        assert "Not &lt;b&gt;here&lt;/b&gt;." in message.alternatives[0][0]

    def test_once_it_was_appealed_it_offers_no_more(self, comment, mona):
        moderation.decide([comment], "reject", actor=mona)
        moderation.appeal(comment, "Please")
        moderation.decide([comment], "reject", actor=mona)
        (message,) = send_later()
        assert "look again" not in message.body and link_to(message, "/comment/status/")

    def test_one_taken_back_within_five_minutes_is_not_told(self, comment, mona):
        batch = moderation.decide([comment], "reject", actor=mona).batch
        moderation.undo(batch, actor=mona, among=ALL())
        assert not send_later()

    def test_one_taken_back_and_decided_again_is_told_once(self, comment, mona):
        batch = moderation.decide([comment], "approve", actor=mona).batch
        moderation.undo(batch, actor=mona, among=ALL())
        moderation.decide([comment], "approve", actor=mona)
        assert len(send_later()) == 1

    def test_of_two_decisions_the_last_is_told(self, comment, mona):
        moderation.decide([comment], "approve", actor=mona)
        moderation.decide([comment], "remove", actor=mona)
        (message,) = send_later()
        assert message.subject.endswith("is not shown")

    def test_one_taken_back_after_it_was_told_is_told_too(self, post, comment, mona):
        moderation.decide([comment], "approve", actor=mona)
        batch = moderation.decide([comment], "reject", actor=mona).batch
        send_later()
        moderation.undo(batch, actor=mona, among=ALL())
        (message,) = send_later()
        assert message.subject.endswith("is shown")

    def test_one_that_was_reported_and_kept_is_told_all_the_same(self, comment, mona):
        moderation.decide([comment], "approve", actor=mona)
        moderation.report(comment, "rude", "", "a" * 32)
        moderation.decide([comment], "approve", actor=mona)
        assert len(send_later()) == 1

    def test_words_changed_meanwhile_do_not_matter(self, comment, mona):
        moderation.decide([comment], "approve", actor=mona)
        comment.refresh_from_db()
        moderation.edit(comment, "Surely the moon?", actor=mona, seen=comment.state)
        assert len(send_later()) == 1

    def test_who_withdrew_the_comment_is_told_nothing(self, comment, mona):
        moderation.decide([comment], "approve", actor=mona)
        moderation.withdraw(comment)
        assert not send_later() and Mail.objects.get().status == "dropped"

    def test_who_ended_it_meanwhile_is_told_nothing(self, client, comment, mona):
        moderation.decide([comment], "approve", actor=mona)
        ask(client, comment)
        assert not send_later()

    def test_who_erased_everything_meanwhile_is_told_nothing(self, comment, mona):
        moderation.decide([comment], "approve", actor=mona)
        moderation.erase(comment.commenter)
        assert not send_later()

    def test_a_comment_deleted_meanwhile_is_told_of_to_nobody(self, comment, mona):
        moderation.decide([comment], "reject", actor=mona)
        moderation.delete(comment, actor=mona)
        assert not send_later()

    def test_putting_it_back_in_the_queue_is_told_to_nobody(self, comment, mona):
        moderation.decide([comment], "reject", actor=mona)
        send_later()
        moderation.decide([comment], "restore", actor=mona)
        assert not send_later()

    def test_what_the_writer_did_is_told_to_nobody(self, client, post):
        open_site()
        comment = make_own(post, commenter=make_commenter(), mail_wanted=True)
        client.post(own(comment, "edit"), {"text": "https://a.example https://b.example"})
        client.post(own(comment, "withdraw"))
        assert not Mail.objects.exists()

    def test_what_a_rule_did_is_no_decision_of_a_moderator(self, comment):
        moderation.decide([comment], "spam", rule="spam_filter")
        assert not Mail.objects.exists()

    def test_who_did_not_ask_is_told_nothing(self, post, mona):
        moderation.decide([make_own(post, commenter=make_commenter(), status="pending")], "approve", actor=mona)
        assert not Mail.objects.exists()

    def test_a_typed_address_is_told_nothing_even_if_it_were_asked_for(self, post, mona):
        moderation.decide([make_own(post, status="pending", mail_wanted=True)], "approve", actor=mona)
        assert not send_later()

    @pytest.mark.parametrize("field, value", [("status", "draft"), ("comments_mode", "hidden")])
    def test_what_readers_do_not_see_is_not_said_to_be_shown(self, comment, mona, field, value):
        moderation.decide([comment], "approve", actor=mona)
        setattr(comment.post, field, value)
        comment.post.save()
        assert not send_later()

    def test_an_account_is_told_at_its_address(self, post, mona):
        comment = make_own(post, user=make_user("reader"), status="pending", mail_wanted=True)
        moderation.decide([comment], "approve", actor=mona)
        (message,) = send_later()
        assert message.to == ["reader@example.org"]

    def test_many_at_once_are_told_each(self, post, mona):
        gull = make_commenter("gull@example.org")
        comments = [make_own(post, commenter=gull, status="pending", mail_wanted=True) for _ in range(3)]
        moderation.decide(comments, "approve", actor=mona)
        assert len(send_later()) == 3


class TestAReply:
    @pytest.fixture
    def root(self, post):
        return make_comment(post)

    @pytest.fixture
    def gull(self, root):
        """Follows the thread."""
        gull = make_commenter("gull@example.org")
        moderation.follow(root, gull)
        return gull

    def answer(self, root, mona, **fields) -> Comment:
        fields = {"author_name": "Mudlark", "body": "No, the <b>moon</b>.", "status": "pending"} | fields
        comment = make_comment(root.post, parent=root, **fields)
        moderation.decide([comment], "approve", actor=mona)
        return comment

    def test_it_works(self, root, gull, mona):
        comment = self.answer(root, mona)
        assert not send_later(4)
        (message,) = send_later()
        assert message.to == [gull.email]
        assert message.subject == "Mudlark on “What the tide table leaves out”"
        assert "No, the moon." in message.body and "No, the moon." in message.alternatives[0][0]
        assert link_to(message, f"/comment/{comment.pk}/") and not send_later(600)

    def test_it_can_be_ended_by_one_click(self, root, gull, mona):
        self.answer(root, mona)
        (message,) = send_later()
        link = link_to(message, "/unsubscribe/")
        assert message.extra_headers["List-Unsubscribe"] == f"<http://testserver{link}>"
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link in message.body and link in message.alternatives[0][0]

    def test_each_who_follows_is_mailed_once(self, root, gull, mona):
        reader = make_user("reader")
        moderation.follow(root, Commenter(user=reader))
        self.answer(root, mona)
        assert sorted(message.to[0] for message in send_later()) == ["gull@example.org", "reader@example.org"]

    def test_a_comment_deep_in_the_thread_too(self, root, gull, mona):
        self.answer(self.answer(root, mona), mona)
        assert len(send_later()) == 2

    def test_one_of_another_thread_is_not_mailed(self, root, gull, mona):
        self.answer(make_comment(root.post), mona)
        assert not send_later()

    def test_its_own_writer_is_not_mailed(self, root, gull, mona):
        self.answer(root, mona, commenter=gull, author_email=gull.email)
        assert not send_later()

    def test_nor_an_account_its_own(self, root, mona):
        reader = make_user("reader")
        moderation.follow(root, Commenter(user=reader))
        self.answer(root, mona, user=reader)
        assert not send_later()

    def test_one_approved_as_it_came_is_mailed(self, root, gull):
        open_site(approved_needed=0)
        write(Client(), root.post, parent=str(root.pk))
        (message,) = send_later()
        assert "Surely the wind?" in message.body

    def test_a_moderators_answer_too(self, root, gull, mona):
        moderation.reply(root, "Thank you.", actor=mona, seen=root.state)
        (message,) = send_later()
        assert message.subject.startswith("Mona on")

    def test_one_taken_down_within_five_minutes_is_not_mailed(self, root, gull, mona):
        moderation.decide([self.answer(root, mona)], "spam", actor=mona)
        assert not send_later()

    def test_nor_one_that_is_taken_down_before_its_own_mail_goes(self, root, gull, mona):
        comment = self.answer(root, mona)
        announce()
        moderation.decide([comment], "remove", actor=mona)
        assert not send_later(7)

    def test_one_approved_again_is_not_mailed_again(self, root, gull, mona):
        comment = self.answer(root, mona)
        assert len(send_later()) == 1
        moderation.decide([comment], "remove", actor=mona)
        moderation.decide([comment], "approve", actor=mona)
        assert not send_later(60)

    def test_who_stopped_meanwhile_is_not_mailed(self, root, gull, mona):
        self.answer(root, mona)
        Subscription.objects.all().delete()
        assert not send_later()

    def test_who_is_blocked_is_not_mailed(self, root, gull, mona):
        gull.blocked_at = timezone.now()
        gull.save()
        self.answer(root, mona)
        assert not send_later()

    @pytest.mark.parametrize("field, value", [("status", "draft"), ("comments_mode", "hidden")])
    def test_nothing_that_readers_do_not_see_is_mailed(self, root, gull, mona, field, value):
        self.answer(root, mona)
        setattr(root.post, field, value)
        root.post.save()
        assert not send_later()

    def test_where_nobody_follows_nothing_is_owed(self, post, mona):
        self.answer(make_comment(post), mona)
        assert not Mail.objects.exists()

    def test_very_long_words_are_cut(self, root, gull, mona):
        self.answer(root, mona, body="tide " * 1_000)
        (message,) = send_later()
        assert len(message.body) < 2_500 and "…" in message.body

    def test_what_somebody_typed_is_no_markup_and_no_header(self, root, gull, mona):
        self.answer(root, mona, author_name="<i>Mud</i>\r\nBcc: all@example.org", body="&lt;script&gt; <i>x</i>")
        (message,) = send_later()
        assert message.to == [gull.email] and "\n" not in message.subject
        assert "Bcc" not in dict(message.message().items())
        assert "<i>" not in message.alternatives[0][0] and "<script>" not in message.alternatives[0][0]


def announce() -> None:
    """Finds who is to be mailed, and mails nobody yet."""
    for owed in Mail.objects.filter(kind="announce"):
        letters.announce(owed.data, owed)
        Mail.objects.filter(pk=owed.pk).update(status="dropped")
    assert Mail.objects.filter(kind="reply").count() == 1


def test_titles_are_no_markup_in_the_text_and_none_in_the_html(mona):
    post = make_post(title="Tides & <b>moons</b>")
    comment = make_own(post, commenter=make_commenter(), status="pending", mail_wanted=True)
    moderation.decide([comment], "approve", actor=mona)
    (message,) = send_later()
    assert "Tides & <b>moons</b>" in message.subject and "Tides & <b>moons</b>" in message.body
    assert "Tides &amp; &lt;b&gt;moons&lt;/b&gt;" in message.alternatives[0][0]
