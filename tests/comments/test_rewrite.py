"""A writer changes a comment on its own page: how long, and what the policy says of the new words."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comments import counts, moderation
from comments.models import BlockRule, Comment, ModerationEvent, ModerationNote
from comments.policy import Facts
from tests.comments.people import make_commenter, make_own, open_site, own
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

NEW = "The moon, rather."
LINKS = "See https://a.example and https://b.example and https://c.example"


@pytest.fixture
def comment(post):
    """Approved, of a writer who need not wait."""
    open_site()
    commenter = make_commenter()
    make_comment(post, commenter=commenter, created_at=timezone.now() - timedelta(days=1))
    return make_own(post, commenter=commenter, body="Surely the wind?")


def edit(client, comment, text: str = NEW):
    return client.post(own(comment, "edit"), {"text": text})


def assert_kept(response, status: int, words: str, text: str = NEW) -> None:
    """Refused, with what was typed still there, and nothing changed."""
    html = response.content.decode()
    assert response.status_code == status and words in html and text in html
    assert Comment.objects.order_by("pk").last().body == "Surely the wind?"
    assert not ModerationNote.objects.exists()


def test_it_works(client, post, comment):
    html = client.get(own(comment, "edit")).content.decode()
    assert "Surely the wind?" in html and "You can change it until" in html

    response = edit(client, comment)

    comment.refresh_from_db()
    assert response.status_code == 303 and comment.status == "approved"
    assert (comment.body, comment.body_html) == (NEW, f"<p>{NEW}</p>") and comment.edited_at
    assert "Your words are changed." in client.get(response["Location"]).content.decode()
    assert NEW in client.get(post.get_absolute_url()).content.decode()


def test_the_log_says_so_and_the_words_before_stand_beside_it(client, comment):
    edit(client, comment)
    event = ModerationEvent.objects.get()
    assert (event.rule, event.reason, event.from_status, event.to_status) == (
        "writer",
        "rewritten",
        "approved",
        "approved",
    )
    assert (event.note.kind, event.note.text) == ("before", "Surely the wind?")


def test_the_same_words_change_nothing(client, comment):
    response = edit(client, comment, "Surely the wind?")
    comment.refresh_from_db()
    assert "same as before" in client.get(response["Location"]).content.decode()
    assert comment.edited_at is None and not ModerationEvent.objects.exists()


@pytest.mark.parametrize("minutes, works", [(14, True), (16, False)])
def test_it_can_be_changed_for_a_quarter_of_an_hour(client, comment, minutes, works):
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        response = edit(client, comment)
        if works:
            assert response.status_code == 303
        else:
            assert_kept(response, 409, "can no longer be changed")
            assert client.get(own(comment, "edit")).status_code == 409
            assert "Change it" not in client.get(own(comment)).content.decode()


def test_the_time_is_asked_for_again_when_it_is_done(comment):
    facts = Facts(AnonymousUser(), now=comment.created_at + timedelta(minutes=16))
    with pytest.raises(moderation.TooLate):
        moderation.rewrite(comment, NEW, facts)


@pytest.mark.parametrize("status, works", [("pending", False), ("approved", False), ("rejected", True), ("spam", True)])
def test_it_cannot_once_somebody_has_answered(client, post, comment, status, works):
    make_comment(post, parent=comment, status=status, body="Surely the wind?")
    response = edit(client, comment)
    assert response.status_code == (303 if works else 409) and (works or NEW in response.content.decode())


@pytest.mark.parametrize("verb", ["reject", "spam", "remove"])
def test_it_cannot_once_it_was_decided_against(client, comment, verb):
    moderation.decide([comment], verb, actor=make_user("mona", "Moderator"))
    assert_kept(edit(client, comment), 409, "can no longer be changed")


def test_it_cannot_once_it_was_appealed(client, comment):
    moderation.decide([comment], "reject", actor=make_user("mona", "Moderator"))
    moderation.appeal(comment, "Please")
    response = edit(client, comment)
    assert response.status_code == 409 and NEW in response.content.decode()


def test_a_shown_comment_is_judged_again_and_may_wait(client, post, comment):
    response = edit(client, comment, LINKS)
    comment.refresh_from_db()
    assert (comment.status, comment.reasons[0]) == ("pending", "links:3/2")
    last, first = ModerationEvent.objects.all()
    assert (first.reason, first.note.text) == ("rewritten", "Surely the wind?")
    assert (last.rule, last.reason, last.from_status, last.to_status, last.batch) == (
        "hold_links",
        "links",
        "approved",
        "pending",
        None,
    )
    html = client.get(response["Location"]).content.decode()
    assert "a moderator will look at them" in html and "waiting for a moderator" in html
    assert "a.example" not in client.get(post.get_absolute_url()).content.decode()
    assert counts.recount() == 0


def test_where_every_comment_is_held_a_changed_one_is_too(client, comment):
    open_site(hold_all=True)
    edit(client, comment)
    assert Comment.objects.get(pk=comment.pk).status == "pending"


def test_who_was_approved_by_a_moderator_and_is_not_proved_waits_again(client, post):
    open_site()
    comment = make_own(post, body="Surely the wind?")
    edit(client, comment)
    assert Comment.objects.get().status == "pending"


def test_what_a_rule_takes_for_spam_is_no_decision_of_a_moderator(client, post):
    open_site()
    comment = make_own(post, status="pending", body="Surely the wind?")
    moderation.decide([comment], "approve", actor=make_user("mona", "Moderator"))
    BlockRule(pattern="casino", action="spam").save()

    edit(client, comment, "To the casino")

    comment.refresh_from_db()
    html = client.get(own(comment)).content.decode()
    assert comment.status == "spam" and "waiting for a moderator" in html
    assert not moderation.may_appeal(comment) and "Ask to look again" not in html


def test_one_that_waits_goes_on_waiting(client, post):
    open_site(approved_needed=0)
    comment = make_own(post, status="pending")
    edit(client, comment)
    assert Comment.objects.get().status == "pending"


def test_one_that_waits_tells_moderators_what_is_against_the_new_words(client, post):
    open_site()
    BlockRule(pattern="casino").save()
    comment = make_own(post, status="pending", reasons=["first_time:guest/1"])
    edit(client, comment, "To the casino")
    comment.refresh_from_db()
    assert "blocked:word/casino" in comment.reasons and "first_time:guest/1" in comment.reasons
    assert comment.block_hits.exists()


def test_words_that_the_site_does_not_take_are_refused_and_kept(client, comment):
    BlockRule(pattern="casino", action="reject").save()
    response = edit(client, comment, "To the casino")
    assert_kept(response, 422, "does not take a comment like this one", "To the casino")


@pytest.mark.parametrize(
    "text, words",
    [("", "Write your comment"), (" \n", "Write your comment"), ("<b></b>", "no words"), ("x" * 10_001, "too long")],
)
def test_bad_words_are_refused_and_kept(client, comment, text, words):
    typed = text.replace("<", "&lt;").replace(">", "&gt;")
    assert_kept(edit(client, comment, text), 422, words, typed.strip())


def test_markup_is_cleaned(client, comment):
    edit(client, comment, "<script>x</script><b>moon</b>")
    comment.refresh_from_db()
    assert "<script>" not in comment.body_html and "<b>moon</b>" in comment.body_html


def test_too_many_changes_are_told_to_wait(client, post):
    comment = make_own(post, body="Surely the wind?", status="pending")
    with time_machine.travel(timezone.now(), tick=False):
        answers = [edit(client, comment, f"Words {number}").status_code for number in range(10)]
        response = edit(client, comment)
    assert answers == [303] * 10 and response.status_code == 429 and NEW in response.content.decode()
    assert Comment.objects.get().body == "Words 9"


def test_a_moderator_who_saw_the_old_words_has_decided_on_nothing(client, post):
    comment = make_own(post, status="pending")
    seen = {comment.pk: comment.state}
    edit(client, comment)
    decision = moderation.decide([comment], "approve", actor=make_user("mona", "Moderator"), seen=seen)
    assert (decision.stale, Comment.objects.get().status) == ([comment.pk], "pending")


def test_undoing_the_approval_leaves_a_changed_one_alone(client, post):
    open_site()
    mona = make_user("mona", "Moderator")
    comment = make_own(post, status="pending")
    batch = moderation.decide([comment], "approve", actor=mona).batch
    edit(client, comment, LINKS)
    moderation.undo(batch, actor=mona, among=Comment.objects.all())
    assert Comment.objects.get().status == "pending"


def test_an_account_changes_its_own_without_signing_in(client, post):
    """The address of the page is enough; what waits is judged by the account all the same."""
    open_site()
    reader = make_user("reader")
    make_comment(post, user=reader)
    comment = make_own(post, user=reader)
    assert edit(client, comment).status_code == 303
    comment.refresh_from_db()
    assert (comment.body, comment.status) == (NEW, "approved")


def test_the_posts_author_need_not_wait(client):
    author = make_user("author", "Author")
    comment = make_own(make_post(author=author), user=author)
    client.force_login(author)
    edit(client, comment, LINKS)
    assert Comment.objects.get().status == "approved"
