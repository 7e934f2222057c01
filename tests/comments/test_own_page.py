"""The commenter's own page, which only its address opens: what it says, and asking for mail there."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from blog.mail import send_due
from blog.models import Mail
from comments import moderation
from comments.models import Comment, Commenter, ModerationEvent, Subscription
from tests.comments.people import MUD, ask, link_to, make_commenter, make_own, own, prove, write
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

GETS = ["status", "edit", "withdraw", "appeal", "mail", "mine", "forget"]
POSTS = GETS[1:]
FOREIGN = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]


@pytest.fixture
def mona():
    return make_user("mona", "Moderator")


def page(client, comment) -> str:
    return client.get(own(comment)).content.decode()


@pytest.mark.parametrize(
    "status, words",
    [
        ("pending", "waiting for a moderator"),
        ("approved", "Your comment is shown."),
        ("spam", "waiting for a moderator"),
    ],
)
def test_it_says_where_the_comment_is(client, post, status, words):
    html = page(client, make_own(post, status=status, body="Surely the wind?"))
    assert words in html and "Surely the wind?" in html and post.title in html


@pytest.mark.parametrize("verb", ["reject", "spam", "remove"])
def test_it_says_that_a_moderator_decided_against_it(client, post, mona, verb):
    comment = make_own(post)
    moderation.decide([comment], verb, actor=mona)
    html = page(client, comment)
    assert "A moderator decided not to show your comment." in html and "Ask to look again" in html


def test_what_a_rule_made_of_it_is_no_moderators_decision(client, post, mona):
    """Once approved, and its changed words taken for spam by a rule: it waits, for all that its writer sees."""
    comment = make_own(post, status="pending")
    moderation.decide([comment], "approve", actor=mona)
    moderation.decide([comment], "spam", rule="spam_filter")
    assert "waiting for a moderator" in page(client, comment) and "Ask to look again" not in page(client, comment)


def test_a_decision_that_was_taken_back_is_none(client, post, mona):
    comment = make_own(post, status="spam")
    batch = moderation.decide([comment], "reject", actor=mona).batch
    moderation.undo(batch, actor=mona, among=Comment.objects.all())
    assert "waiting for a moderator" in page(client, comment) and "Ask to look again" not in page(client, comment)


@pytest.mark.parametrize("what", GETS)
def test_looking_changes_nothing(client, post, mona, what):
    comment = make_own(post, commenter=make_commenter())
    moderation.decide([comment], "reject", actor=mona)
    before = Comment.objects.values().get(), ModerationEvent.objects.count()
    for method in (client.get, client.head):
        assert method(own(comment, what)).status_code in (200, 303, 409)
    assert (Comment.objects.values().get(), ModerationEvent.objects.count()) == before
    assert not Mail.objects.exists() and not Subscription.objects.exists()


@pytest.mark.parametrize("what", GETS)
def test_it_is_kept_by_nobody_and_told_to_nobody(client, post, what):
    response = client.get(own(make_own(post), what))
    assert "no-store" in response["Cache-Control"] and response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin" and not response.cookies


@pytest.mark.parametrize("what", POSTS)
@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_act(client, post, mona, what, headers):
    comment = make_own(post, commenter=make_commenter())
    moderation.decide([comment], "reject", actor=mona)
    before, browsers = Comment.objects.values().get(), Commenter.objects.get().browsers
    response = client.post(own(comment, what), {"text": "Other words", "words": "Please"}, headers=headers)
    assert response.status_code == 403 and "another site" in response.content.decode()
    assert Comment.objects.values().get() == before and Commenter.objects.get().browsers == browsers
    assert not Mail.objects.exists()


@pytest.mark.parametrize("what", POSTS)
def test_this_site_can(client, post, what):
    headers = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    assert client.post(own(make_own(post), what), {"text": "Other"}, headers=headers).status_code in (303, 409)


@pytest.mark.parametrize("what", GETS)
def test_an_address_that_is_not_whole_says_so(client, post, what):
    address = own(make_own(post), what)
    capability = address.split("/")[3]
    for wrong in (capability[:-1], f"{capability}x", "nothing"):
        for method in (client.get, client.post):
            response = method(address.replace(capability, wrong))
            assert response.status_code == 404 and "no such comment" in response.content.decode()


@pytest.mark.parametrize("what", GETS)
def test_it_knows_no_other_method(client, post, what):
    assert client.put(own(make_own(post), what)).status_code == 405


class TestMail:
    def test_a_proved_comments_wishes_are_saved_at_once(self, client, post):
        comment = make_own(post, commenter=make_commenter())
        response = ask(client, comment, "decision", "replies")
        comment.refresh_from_db()
        assert comment.mail_wanted and Subscription.objects.get().commenter == comment.commenter
        assert not Mail.objects.exists() and "Saved." in client.get(response["Location"]).content.decode()
        assert page(client, comment).count("checked") == 2

    def test_and_taken_back(self, client, post):
        comment = make_own(post, commenter=make_commenter())
        ask(client, comment, "decision", "replies")
        ask(client, comment)
        comment.refresh_from_db()
        assert not comment.mail_wanted and not Subscription.objects.exists()
        assert page(client, comment).count("checked") == 0

    def test_an_accounts_too(self, client, post):
        reader = make_user("reader")
        comment = make_own(post, user=reader)
        assert "Mail goes to <bdi>reader@example.org</bdi>" in page(client, comment)
        ask(client, comment, "decision", "replies")
        comment.refresh_from_db()
        assert comment.mail_wanted and Subscription.objects.get().commenter == Commenter.objects.get(user=reader)
        ask(client, comment)
        assert not Subscription.objects.exists()

    def test_an_account_without_an_address_is_asked_nothing(self, client, post):
        comment = make_own(post, user=make_user("reader"))
        comment.user.email = ""
        comment.user.save()
        assert "By e-mail" not in page(client, comment)
        assert ask(client, comment, "decision").status_code == 409
        assert not Comment.objects.get().mail_wanted

    def test_a_withdrawn_comment_is_asked_nothing(self, client, post):
        comment = make_own(post, commenter=make_commenter())
        moderation.withdraw(comment)
        assert ask(client, comment, "decision").status_code == 409 and not Comment.objects.get().mail_wanted

    def test_who_is_not_proved_is_told_that_a_link_comes_first(self, client, post):
        html = page(client, write(client, post))
        assert f"First a link goes to <bdi>{MUD}</bdi>" in html and "Mail me the link" in html
        assert "All that you wrote here" not in html


class TestTheLinkToEverything:
    def test_it_is_mailed_to_the_proved_address(self, client, post):
        comment = make_own(post, commenter=make_commenter())
        response = client.post(own(comment, "mine"))
        assert "on its way to you" in client.get(response["Location"]).content.decode()
        send_due()
        (message,) = mail.outbox
        assert message.to == [MUD] and link_to(message, "/comment/mine/")

    def test_an_accounts_to_the_accounts_address(self, client, post):
        client.post(own(make_own(post, user=make_user("reader")), "mine"))
        send_due()
        assert mail.outbox[0].to == ["reader@example.org"]

    def test_to_an_address_that_is_not_proved_it_is_not(self, client, post):
        response = client.post(own(make_own(post), "mine"))
        assert response.status_code == 409 and "no proved address" in response.content.decode()
        assert not Mail.objects.exists()

    def test_also_a_moment_after_another_kind_of_link(self, client, post):
        prove(client, make_own(post))
        assert client.post(own(make_own(post, commenter=Commenter.objects.get()), "mine")).status_code == 303

    def test_not_again_and_again(self, client, post):
        comment = make_own(post, commenter=make_commenter())
        with time_machine.travel(timezone.now(), tick=False):
            answers = [client.post(own(comment, "mine")).status_code for _ in range(3)]
        assert answers == [303, 429, 429] and Mail.objects.count() == 1


class TestWithdrawing:
    def test_it_is_asked_first_and_then_done(self, client, post):
        comment = make_own(post, body="Surely the wind?")
        html = client.get(own(comment, "withdraw")).content.decode()
        assert "Withdraw your comment?" in html and "Surely the wind?" in html
        assert Comment.objects.get().status == "approved"

        response = client.post(own(comment, "withdraw"))

        comment.refresh_from_db()
        assert response.status_code == 303 and comment.status == "removed" and comment.withdrawn_at
        event = ModerationEvent.objects.get()
        assert (event.reason, event.rule, event.batch) == ("withdrawn", "writer", None)
        assert "You have withdrawn this comment." in page(client, comment)

    def test_where_it_was_answered_a_place_stays(self, client, post):
        comment = make_own(post, body="Surely the wind?", author_name="Mudlark")
        make_comment(post, parent=comment, body="No, the moon.")
        client.post(own(comment, "withdraw"))
        html = client.get(post.get_absolute_url()).content.decode()
        assert "Comment withdrawn by its writer." in html and "No, the moon." in html
        assert "Surely the wind?" not in html and "Mudlark" not in html

    def test_nobody_brings_it_back(self, client, post, mona):
        comment = make_own(post)
        batch = moderation.decide([comment], "reject", actor=mona).batch
        client.post(own(comment, "withdraw"))
        for verb in moderation.Verb:
            assert moderation.decide([comment], verb, actor=mona).left == [comment.pk]
        assert moderation.undo(batch, actor=mona, among=Comment.objects.all()).left == [comment.pk]
        assert client.post(own(comment, "appeal"), {"words": "Please"}).status_code == 409
        assert client.post(own(comment, "edit"), {"text": "Other words"}).status_code == 409
        assert Comment.objects.get().status == "removed"

    def test_twice_is_once(self, client, post):
        comment = make_own(post)
        for _ in range(2):
            assert client.post(own(comment, "withdraw")).status_code == 303
        assert ModerationEvent.objects.count() == 1
        assert "You have withdrawn this comment." in client.get(own(comment, "withdraw")).content.decode()

    def test_one_that_waits_is_just_gone(self, client, post):
        comment = make_own(post, status="pending", created_at=timezone.now() - timedelta(days=9))
        client.post(own(comment, "withdraw"))
        assert "withdrawn" not in client.get(post.get_absolute_url()).content.decode()

    def test_an_accounts_own_too(self, client, post):
        comment = make_own(post, user=make_user("reader"))
        assert client.post(own(comment, "withdraw")).status_code == 303
        assert Comment.objects.get().withdrawn_at


def test_nothing_of_an_unpublished_post_leads_there(client):
    post = make_post(title="Tides", status="draft")
    html = page(client, make_own(post))
    assert "Your comment is approved" in html and "Back to" not in html and "See it in its place" not in html
