"""What the clock forgets: each thing when its time has come, and not before."""

from datetime import timedelta

import pytest

from comments import links, moderation, retention
from comments.models import (
    AddressKey,
    BlockHit,
    Comment,
    Commenter,
    CommenterNote,
    CommentSettings,
    ModerationNote,
    Report,
    SpamSample,
    UsedLink,
)
from comments.retention import chores
from tests.comments.forgetting import DIGEST, SECOND, START, After, make_hit, make_report
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after(db, time_machine):
    return After(time_machine)


def told(comment: Comment) -> None:
    moderation.decide([comment], "approve", actor=make_user("mod", "Moderator"), tell="Thank you.")


# What there is, and how one sees that it is there. Approved, unless something else is said: such comments stay.


def a_digest():
    make_comment(make_post(), author_email="", address_digest=DIGEST)
    return Comment.objects.filter(address_digest=DIGEST).exists


def a_digest_of_one_that_waits():
    make_comment(make_post(), author_email="", address_digest=DIGEST, status="pending")
    return Comment.objects.filter(address_digest=DIGEST).exists


def a_digest_on_a_report():
    make_report(make_comment(make_post(), author_email=""))
    return Report.objects.filter(address_digest=DIGEST).exists


def a_key():
    key = AddressKey.objects.create()
    return AddressKey.objects.filter(pk=key.pk).exists


def a_network_in_a_reason():
    make_comment(make_post(), address_digest=DIGEST, reasons=["blocked:network/192.0.2.0/24"])
    return lambda: "192.0.2" in str(Comment.objects.get().reasons)


def a_hit_of_a_network_rule():
    make_hit("network", "192.0.2.0/24", author_email="")
    return BlockHit.objects.exists


def spam():
    make_comment(make_post(), author_email="", status="spam")
    return Comment.objects.exists


def a_rejected_one():
    make_comment(make_post(), author_email="", status="rejected")
    return Comment.objects.exists


def words_of_a_removed_one():
    make_comment(make_post(), author_email="", status="removed", body="My words.", author_name="Nadia")
    return Comment.objects.filter(body="My words.", author_name="Nadia").exists


def a_typed_address():
    make_comment(make_post(), author_email="typed@example.org")
    return Comment.objects.filter(author_email="typed@example.org").exists


def a_hit_of_an_address_rule():
    make_hit("email", "typed@example.org", author_email="")
    return BlockHit.objects.exists


def a_commenter():
    Commenter.objects.create(email="proved@example.org").notes.create(text="Kind.")
    return lambda: Commenter.objects.exists() and CommenterNote.objects.exists()


def words_told():
    told(make_comment(make_post(), author_email="", status="pending"))
    return ModerationNote.objects.exists


def a_settled_report():
    make_report(make_comment(make_post(), author_email=""), created_at=START - timedelta(days=5), closed_at=START)
    return Report.objects.exists


def a_used_link():
    UsedLink.objects.create(digest="d" * 64)
    return UsedLink.objects.exists


KEPT = [
    (a_digest, "keep_address_days", 30),
    (a_digest_of_one_that_waits, "keep_address_days", 30),
    (a_digest_on_a_report, "keep_address_days", 30),
    (a_key, "keep_address_days", 30),
    (a_network_in_a_reason, "keep_address_days", 30),
    (a_hit_of_a_network_rule, "keep_address_days", 30),
    (spam, "keep_spam_days", 30),
    (a_rejected_one, "keep_rejected_days", 180),
    (words_of_a_removed_one, "keep_rejected_days", 180),
    (a_typed_address, "keep_unproved_days", 365),
    (a_hit_of_an_address_rule, "keep_unproved_days", 365),
    (a_commenter, "keep_unproved_days", 365),
    (words_told, "keep_words_days", 365),
    (a_settled_report, "keep_words_days", 365),
]
CASES = pytest.mark.parametrize(("make", "setting", "days"), KEPT, ids=[make.__name__ for make, *_ in KEPT])


@CASES
def test_it_is_kept_as_long_as_the_settings_say_by_default(after, make, setting, days):
    is_there = make()
    after(timedelta(days=days))
    assert is_there()
    after(timedelta(days=days) + SECOND)
    assert not is_there()


@CASES
def test_it_is_kept_as_long_as_the_owner_says(after, make, setting, days):
    CommentSettings(**{setting: 7}).save()
    is_there = make()
    after(timedelta(days=7))
    assert is_there()
    after(timedelta(days=7) + SECOND)
    assert not is_there()


@CASES
def test_zero_keeps_it_for_ever(after, make, setting, days):
    CommentSettings(**{setting: 0}).save()
    is_there = make()
    after(timedelta(days=20 * 365))
    assert is_there()


def test_a_used_link_is_kept_as_long_as_one_could_still_be_good(after):
    is_there = a_used_link()
    after(links.LONGEST)
    assert is_there()
    after(links.LONGEST + SECOND)
    assert not is_there()


def test_what_the_filter_said_of_a_deleted_comment_is_kept_for_a_year(after):
    SpamSample.objects.create(evidence=1, probability=0.7, share=0.1, is_sure=True)
    there = make_comment(make_post(), author_email="")
    SpamSample.objects.create(comment=there, evidence=1, probability=0.7, share=0.1, is_sure=True)
    after(chores.KEEP_SAMPLES)
    assert SpamSample.objects.count() == 2
    after(chores.KEEP_SAMPLES + SECOND)
    assert SpamSample.objects.get().comment == there


def test_with_digests_and_typed_addresses_goes_where_a_sample_came_from(after):
    comment = make_comment(make_post(), author_email="", address_digest="d" * 32)
    SpamSample.objects.create(comment=comment, source="d" * 32, evidence=1, probability=0.7, share=0.1, is_sure=True)
    after(timedelta(days=30) + SECOND)
    assert SpamSample.objects.get().source == ""


def test_every_chore_but_those_of_links_and_samples_has_its_setting_and_its_case():
    keeps = [chore.keep for chore in retention.CHORES]
    others = [chores.KEEP_SAMPLES, links.Purpose.FOLLOW.age, links.LONGEST]
    assert [keep for keep in keeps if not isinstance(keep, str)] == others
    names = {field.name for field in CommentSettings._meta.fields if field.name.startswith("keep_")}
    assert {keep for keep in keeps if isinstance(keep, str)} == names == {setting for _make, setting, _days in KEPT}
