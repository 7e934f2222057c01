"""Each rule of the policy: that it speaks, and that just below its limit it does not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from comments.addresses import digest
from comments.earlier import COMPARED
from comments.models import BlockRule, Comment, CommentSettings, PostPolicy
from comments.policy import REFUSED
from tests.comments.judging import seen, verdict_on
from tests.factories import make_comment, make_post, make_user
from tests.test_plans import Plans

pytestmark = pytest.mark.django_db
MUDLARK = {"author_name": "Mudlark", "author_email": "mud@example.org"}


@pytest.fixture
def site():
    """All rules off: each test turns its own on."""
    settings = CommentSettings.load()
    settings.hold_all, settings.approved_needed, settings.max_links, settings.flood_seconds = False, 0, 0, 0
    settings.probation_needed = settings.trusted_needed = 0
    settings.save()
    return settings


@pytest.fixture
def post(site):
    return make_post()


def says(site, **values) -> None:
    for name, value in values.items():
        setattr(site, name, value)
    site.save()


def ago(**delta):
    return timezone.now() - timedelta(**delta)


# Closed.


@pytest.mark.parametrize("mode", ["closed", "hidden"])
def test_closed_comments_take_none(post, mode):
    post.comments_mode = mode
    verdict = verdict_on(post)
    assert (verdict.status, verdict.rule, verdict.reasons) == (REFUSED, "closed", [f"closed:{mode}@"])


def test_they_close_with_age_and_not_a_moment_before(site):
    now = timezone.now()
    says(site, close_after_days=1)
    post = make_post(published_at=now - timedelta(days=1))
    assert verdict_on(post, now=now).status == "approved"
    verdict = verdict_on(post, now=now + timedelta(seconds=1))
    assert (verdict.status, verdict.reasons) == (REFUSED, ["closed:age/1"])


# Duplicate.


@pytest.mark.parametrize("status", ["pending", "approved", "spam"])
def test_the_same_words_are_refused(post, status):
    make_comment(post, **MUDLARK, body="Surely the wind?", status=status)
    assert (verdict_on(post).status, verdict_on(post).rule) == (REFUSED, "duplicate")


@pytest.mark.parametrize("status", ["rejected", "removed"])
def test_what_was_taken_away_may_be_said_again(post, status):
    make_comment(post, **MUDLARK, body="Surely the wind?", status=status)
    assert verdict_on(post).status == "approved"


@pytest.mark.parametrize(
    "changes",
    [
        {"author_name": "Keeper"},
        {"author_email": "other@example.org"},
        {"body": "Surely the wind!"},
        {"body": "surely the wind?"},
    ],
)
def test_other_people_and_other_words_are_no_duplicates(post, changes):
    make_comment(post, **{**MUDLARK, "body": "Surely the wind?"} | changes)
    assert verdict_on(post).status == "approved"


def test_elsewhere_and_in_another_place_of_the_thread_it_is_no_duplicate(post):
    parent = make_comment(post)
    make_comment(make_post(), **MUDLARK, body="Surely the wind?")
    make_comment(post, **MUDLARK, body="Surely the wind?", parent=parent)
    assert verdict_on(post).status == "approved"
    assert verdict_on(post, parent=parent).rule == "duplicate"


def test_a_name_and_an_address_in_another_case_are_the_same(post):
    make_comment(post, author_name="mudlark", author_email="MUD@Example.org", body="Surely the wind?")
    assert verdict_on(post).rule == "duplicate"


def test_an_account_repeats_itself_under_any_name(post):
    reader = make_user("reader")
    make_comment(post, user=reader, author_name="Old name", author_email="", body="Surely the wind?")
    assert verdict_on(post, reader).rule == "duplicate"
    assert verdict_on(post, make_user("other")).status == "approved"


def test_a_guest_is_not_taken_for_an_account(post):
    make_comment(post, user=make_user("reader"), **MUDLARK, body="Surely the wind?")
    assert verdict_on(post).status == "approved"


def test_a_writers_last_comments_are_compared_at_a_constant_cost(post):
    first = make_comment(post, **MUDLARK, body="Surely the wind?", created_at=ago(days=2))
    for number in range(COMPARED - 1):
        make_comment(post, **MUDLARK, body=f"Number {number}", created_at=ago(days=1))
    assert verdict_on(post).rule == "duplicate"
    make_comment(post, **MUDLARK, body="One more", created_at=ago(days=1))
    assert verdict_on(post).status == "approved" and first.body == "Surely the wind?"


def test_other_peoples_comments_cost_nothing(post):
    others = (Comment(post=post, author_name=f"Reader {n}", body=f"{n}", path=f"{n:010d}") for n in range(2_500))
    Comment.objects.bulk_create(others)
    plans = Plans()
    with connection.execute_wrapper(plans):
        assert verdict_on(post).status == "approved"
    assert plans.seen and not plans.wrong, plans.wrong[0]


# Flood.


@pytest.mark.parametrize("status", ["pending", "approved", "rejected", "spam", "removed"])
def test_too_soon_is_refused_and_says_how_long_to_wait(site, post, status):
    now = timezone.now()
    says(site, flood_seconds=15)
    make_comment(post, **MUDLARK, created_at=now - timedelta(seconds=14), status=status)
    verdict = verdict_on(post, now=now)
    assert (verdict.status, verdict.rule, verdict.retry_after) == (REFUSED, "flood", 1)
    assert verdict.reasons == ["flood:1"]


def test_after_the_time_it_is_taken(site, post):
    now = timezone.now()
    says(site, flood_seconds=15)
    make_comment(post, **MUDLARK, created_at=now - timedelta(seconds=15))
    assert verdict_on(post, now=now).status == "approved"


def test_the_seconds_are_the_owners(site, post):
    says(site, flood_seconds=60)
    make_comment(post, **MUDLARK, created_at=ago(seconds=20))
    assert verdict_on(post).retry_after in (39, 40)
    says(site, flood_seconds=0)
    assert verdict_on(post).status == "approved"


def test_the_last_of_several_counts(site, post):
    now = timezone.now()
    says(site, flood_seconds=15)
    make_comment(post, **MUDLARK, created_at=now - timedelta(seconds=10))
    make_comment(post, address_digest="d" * 32, created_at=now - timedelta(seconds=2))
    assert verdict_on(post, network="d" * 32, now=now).retry_after == 13


@pytest.mark.parametrize(
    "fields, refused",
    [
        ({"author_email": "MUD@example.org"}, True),
        ({"author_email": "other@example.org"}, False),
        ({"author_email": "other@example.org", "address_digest": "d" * 32}, True),
        ({"author_email": "other@example.org", "address_digest": "e" * 32}, False),
    ],
)
def test_it_is_per_typed_address_and_per_network(site, post, fields, refused):
    says(site, flood_seconds=15)
    make_comment(make_post(), **fields)
    assert (verdict_on(post, network="d" * 32).rule == "flood") is refused


def test_an_account_is_known_by_itself(site, post):
    says(site, flood_seconds=15)
    reader = make_user("reader")
    make_comment(make_post(), user=reader)
    assert verdict_on(post, reader).rule == "flood"
    assert verdict_on(post, make_user("other")).status == "approved"
    assert verdict_on(post, author_email="reader@example.org").status == "approved"


@pytest.mark.parametrize("who", ["Moderator", "Owner", "author"])
def test_who_decides_here_may_be_quick(site, post, who):
    says(site, flood_seconds=15)
    user = post.author if who == "author" else make_user("staff", who)
    make_comment(post, user=user, address_digest="d" * 32)
    assert verdict_on(post, user, network="d" * 32).status == "approved"


# Holding.


def test_hold_all(site, post):
    says(site, hold_all=True)
    assert (verdict_on(post).status, verdict_on(post).reasons) == ("pending", ["held_all"])


def test_hold_all_of_a_post(post):
    PostPolicy.objects.create(post=post, hold_all=True)
    assert verdict_on(post).reasons == ["held_all:@"]


def test_older_posts_wait_and_not_a_moment_before(site):
    now = timezone.now()
    says(site, hold_after_days=14)
    post = make_post(published_at=now - timedelta(days=14))
    assert verdict_on(post, now=now).status == "approved"
    verdict = verdict_on(post, now=now + timedelta(seconds=1))
    assert (verdict.status, verdict.reasons, verdict.rule) == ("pending", ["old_post:14"], "hold_after")


LINKS = [
    ("No links at all", 0),
    ("https://a.example and http://b.example", 2),
    ('<a href="https://a.example">a</a> https://b.example', 2),
    ('<a name="x">no address</a> https://a.example', 1),
    ("<code>https://a.example</code> mail me@a.example", 0),
    ('<a href="javascript:alert(1)">a</a>', 0),
    ('<a href="mailto:me@a.example">a</a>', 1),
]


@pytest.mark.parametrize("body, count", LINKS)
def test_links_count_as_readers_would_see_them(site, post, body, count):
    says(site, max_links=count + 1)
    assert verdict_on(post, body=body, author_url="https://mine.example").status == "approved"
    if count:
        says(site, max_links=count)
        verdict = verdict_on(post, body=body, author_url="https://mine.example")
        assert (verdict.status, verdict.reasons) == ("pending", [f"links:{count}/{count}"])


def test_any_number_of_links_where_the_rule_is_off(post):
    assert verdict_on(post, body="https://a.example " * 50).status == "approved"


@pytest.mark.parametrize("action, status", [("hold", "pending"), ("spam", "spam"), ("reject", REFUSED)])
def test_block_rules_do_what_they_say(post, action, status):
    rule = BlockRule.objects.create(pattern="casino", action=action)
    verdict = verdict_on(post, body="To the Casino!")
    assert (verdict.status, verdict.rule, verdict.hits) == (status, "block_rules", (rule.pk,))
    assert verdict_on(post, body="To the casinos!").status == "approved"


@pytest.mark.parametrize(
    "rule, given",
    [
        ({"pattern": "casino", "field": "name"}, {"author_name": "Casino Joe"}),
        ({"match": "email", "pattern": "joe@casino.example"}, {"author_email": "joe@casino.example"}),
        ({"match": "domain", "pattern": "casino.example"}, {"author_url": "https://www.casino.example/"}),
        ({"match": "fragment", "pattern": "curl/", "field": "browser"}, {"browser": "curl/8.0"}),
        ({"match": "network", "pattern": "192.0.0.0/16"}, {"address": "192.0.2.7"}),
    ],
)
def test_block_rules_see_all_that_is_known(post, rule, given):
    BlockRule.objects.create(**rule)
    assert verdict_on(post, **given).rule == "block_rules"
    assert verdict_on(post).status == "approved"


def test_a_network_is_known_by_its_digest(post):
    BlockRule.objects.create(match="network", pattern="192.0.2.0/24")
    assert verdict_on(post, network=digest("192.0.2.0/24")).rule == "block_rules"
    assert verdict_on(post, network=digest("198.51.100.0/24")).status == "approved"


def test_no_more_than_a_few_rules_are_named(post):
    words = [f"word{number}" for number in range(9)]
    BlockRule.objects.bulk_create(BlockRule(pattern=word) for word in words)
    verdict = verdict_on(post, body=" ".join(words))
    assert len(verdict.reasons) == 5 and len(verdict.hits) == 9


def test_the_first_comments_of_an_account_wait(site, post):
    says(site, approved_needed=2)
    reader = make_user("reader")
    make_comment(post, user=reader, body="One")
    for status in ("pending", "rejected", "spam", "removed"):
        make_comment(post, user=reader, body=status, status=status)
    verdict = verdict_on(post, reader)
    assert (verdict.status, verdict.reasons, verdict.rule) == ("pending", ["first_time:1/2"], "hold_first")
    make_comment(post, user=reader, body="Two")
    assert verdict_on(post, reader).status == "approved"


def test_a_guests_comment_is_always_a_first_one(site, post):
    says(site, approved_needed=1)
    for number in range(3):
        make_comment(post, **MUDLARK, body=f"Number {number}")
    assert verdict_on(post).reasons == ["first_time:guest/1"]


# At most 2 in 100 good comments held, and 0.5 taken for spam.
SAMPLES = [
    (seen(0.99, 0.004), "spam", "spam_score:99"),
    (seen(0.99, 0.006), "pending", "spam_score:99"),
    (seen(0.89, 0.001), "pending", "spam_score:89"),  # rare among good ones, but not so likely spam
    (seen(0.6, 0.02), "pending", "spam_score:60"),
    (seen(0.6, 0.021), "approved", "nothing_against"),
    (seen(0.49, 0.0), "approved", "nothing_against"),
    (seen(0.99, 0.0, is_sure=False), "pending", "spam_unsure"),
    (seen(0.01, 1.0, is_sure=False), "pending", "spam_unsure"),
]


@pytest.mark.parametrize("sample, status, reason", SAMPLES)
def test_the_filter_acts_as_far_as_the_owner_lets_good_comments_wait(site, post, sample, status, reason):
    says(site, spam_mode="act")
    verdict = verdict_on(post, sample=sample)
    assert (verdict.status, verdict.reasons, verdict.sample) == (status, [reason], sample)


@pytest.mark.parametrize("mode", ["observe", "off"])
def test_a_filter_that_may_not_act_holds_nothing(site, post, mode):
    says(site, spam_mode=mode)
    verdict = verdict_on(post, sample=seen(0.99))
    assert verdict.status == "approved" and (verdict.sample is None) == (mode == "off")


def test_the_filter_does_not_look_at_what_staff_write(site, post):
    says(site, spam_mode="act")
    assert verdict_on(post, make_user("mod", "Moderator"), sample=seen(0.99)).sample is None
