"""What the clock forgets of people: addresses, who proved one, and words beside comments and the log."""

from datetime import timedelta

import pytest

from comments import addresses, blocking, counts, moderation, search
from comments.models import (
    AddressKey,
    BlockHit,
    BlockRule,
    Comment,
    Commenter,
    FollowRequest,
    ModerationEvent,
    ModerationNote,
    Report,
    Subscription,
)
from tests.comments.forgetting import DIGEST, SECOND, START, After, make_hit, make_report
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after(db, time_machine):
    return After(time_machine)


def test_a_typed_address_is_not_found_any_more_a_name_is(after):
    make_comment(make_post(), author_name="Nadia", author_email="typed@example.org")
    after(timedelta(days=366))
    found = {
        word: search.matching(Comment.objects.all(), word).count() for word in ("nadia", "typed", "typed@example.org")
    }
    assert found == {"nadia": 1, "typed": 0, "typed@example.org": 0}


def test_a_proved_address_and_that_of_an_account_stay_with_the_comment(after):
    proved = Commenter.objects.create(email="proved@example.org")
    make_comment(make_post(), commenter=proved, author_email="proved@example.org")
    make_comment(make_post(), user=make_user("reader"), author_email="reader@example.org")
    after(timedelta(days=2000))
    assert set(Comment.objects.values_list("author_email", flat=True)) == {"proved@example.org", "reader@example.org"}
    assert Commenter.objects.get() == proved


def test_an_address_that_did_not_agree_to_follow_a_post_goes_after_two_days(after):
    FollowRequest.objects.create(post=make_post(), email="typed@example.org")
    after(timedelta(days=2) - SECOND)
    assert FollowRequest.objects.exists()
    after(timedelta(days=2) + SECOND)
    assert not FollowRequest.objects.exists()


def test_where_an_address_rule_had_its_say_the_address_goes(after):
    hit = make_hit("email", "typed@example.org", author_email="typed@example.org")
    after(timedelta(days=366))
    assert Comment.objects.get(pk=hit.comment_id).reasons == ["held_all", "blocked", "links:3/2"]
    assert BlockRule.objects.get().pattern == "typed@example.org"  # the owner's own words


def test_a_hit_stays_while_its_comment_waits(after):
    """It says why, and keeps the comment from being let through when its writer proves an address."""
    hit = make_hit("network", "192.0.2.0/24", status="pending", address_digest=DIGEST)
    after(timedelta(days=31))
    assert BlockHit.objects.get() == hit
    moderation.decide([hit.comment_id], "approve", actor=make_user("mod", "Moderator"))
    assert after(timedelta(days=31)) == {"hits of network rules": 1}


def test_the_key_changes_and_what_was_made_with_the_old_one_says_nothing(after):
    BlockRule.objects.create(match="network", pattern="192.0.2.0/24", action="spam")
    digest, old = addresses.digest("192.0.2.0/24"), AddressKey.objects.get()
    assert blocking.hits(blocking.Texts(network_digest=digest), START)

    after(timedelta(days=30) + SECOND)

    assert AddressKey.objects.get().pk != old.pk and bytes(AddressKey.objects.get().key) != bytes(old.key)
    assert addresses.digest("192.0.2.0/24") != digest
    assert not blocking.hits(blocking.Texts(network_digest=digest), START)
    assert blocking.hits(blocking.Texts(network_digest=addresses.digest("192.0.2.0/24")), START)
    assert blocking.hits(blocking.Texts(address="192.0.2.7"), START)


def test_a_key_that_is_young_enough_is_kept_and_older_ones_go(after):
    AddressKey.objects.create(created_at=START - timedelta(days=31))
    young = AddressKey.objects.create()
    after(timedelta(0))
    assert AddressKey.objects.get() == young


def test_open_reports_on_one_comment_stay_apart(after):
    comment = make_comment(make_post())
    reports = [make_report(comment, digit * 32) for digit in "abc"]
    after(timedelta(days=31))
    digests = list(Report.objects.order_by("pk").values_list("address_digest", flat=True))
    assert digests == [f"-{report.pk}" for report in reports]
    assert after(timedelta(days=32)) == {}


def test_settled_reports_can_be_opened_again_without_their_digests(after):
    post, mod = make_post(), make_user("mod", "Moderator")
    comment = make_comment(post)
    for digit in "ab":
        moderation.report(comment, "rude", "", digit * 32)
    batch = moderation.decide([comment], "remove", actor=mod).batch
    after(timedelta(days=31))
    moderation.undo(batch, actor=mod, among=Comment.objects.all())
    assert Report.objects.filter(closed_at=None).count() == 2
    assert counts.recount() == 0


@pytest.mark.parametrize("reason", ["comment", "subscription", "block", "lately"])
def test_a_commenter_stays_of_whom_there_is_something(after, reason):
    commenter = Commenter.objects.create(email="proved@example.org")
    if reason == "comment":
        make_comment(make_post(), commenter=commenter)
    elif reason == "subscription":
        Subscription.objects.create(commenter=commenter, post=make_post(), thread=1)
    else:
        Commenter.objects.update(
            **({"blocked_at": START} if reason == "block" else {"proved_at": START + timedelta(days=2)})
        )
    after(timedelta(days=366))
    assert Commenter.objects.get() == commenter


def test_a_commenter_goes_after_the_last_comment_has(after):
    commenter = Commenter.objects.create(email="proved@example.org")
    make_comment(make_post(), commenter=commenter, author_email=commenter.email, status="removed")
    done = after(timedelta(days=366))
    assert done == {"words of removed comments": 1, "commenters of whom nothing is left": 1}
    assert Comment.objects.get().commenter is None


@pytest.mark.parametrize("kept", [True, False])
def test_the_row_of_an_account_stays_with_notes_alone(after, kept):
    user = make_user("reader")
    make_comment(make_post(), user=user)
    commenter = Commenter.objects.create(user=user)
    if kept:
        commenter.notes.create(text="Kind.")
    after(timedelta(days=366))
    assert Commenter.objects.exists() is kept
    assert Comment.objects.get().user == user


def test_words_beside_the_log_go_by_the_age_of_their_line(after):
    post, mod = make_post(), make_user("mod", "Moderator")
    for number in range(3):
        after.move(timedelta(days=number))
        moderation.decide([make_comment(post, status="pending")], "approve", actor=mod, tell=f"Note {number}")
    lines = ModerationEvent.objects.count()
    assert after(timedelta(days=366, seconds=1), "words beside the log") == {"words beside the log": 2}
    assert ModerationNote.objects.get().text == "Note 2"
    assert ModerationEvent.objects.count() == lines


def test_a_line_that_came_late_takes_no_younger_words_along(after):
    """The log's numbers and its times need not have one order: two machines write it."""
    comment = make_comment(make_post())
    for days in (10, 0):
        event = ModerationEvent.objects.create(comment_id=comment.pk, at=after.move(timedelta(days=days)))
        ModerationNote.objects.create(event=event, comment=comment, kind="told", text=f"After {days} days.")
    after(timedelta(days=365) + SECOND)
    assert ModerationNote.objects.get().text == "After 10 days."
    after(timedelta(days=375) + SECOND)
    assert not ModerationNote.objects.exists()


def test_an_open_report_keeps_its_words(after):
    make_report(make_comment(make_post()))
    after(timedelta(days=2000))
    assert Report.objects.get().words == "So rude."
