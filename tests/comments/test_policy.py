"""The order of the rules, what becomes of their answers, and what is said of it. Each rule: test_policy_rules.py."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from blog.models import Label
from comments.conditions import Conditions
from comments.models import BlockRule, Comment, CommentSettings, LabelPolicy, PostPolicy
from comments.policy import REASONS, REFUSED, RULES, Facts, judge, promise, reason_text
from tests.comments.judging import seen, verdict_on
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_site():
    """A site on which no rule is in force but the one a test is about."""
    settings = CommentSettings.load()
    settings.hold_all, settings.approved_needed, settings.max_links, settings.flood_seconds = False, 0, 0, 0
    settings.probation_needed = 0
    settings.save()
    return settings


def test_by_default_it_holds_a_strangers_comment():
    verdict = verdict_on(make_post())
    assert (verdict.status, verdict.rule) == ("pending", "hold_all")
    assert verdict.reasons == ["held_all", "first_time:guest/1"]


def test_where_no_rule_has_anything_against_it_it_is_approved(open_site):
    verdict = verdict_on(make_post())
    assert (verdict.status, verdict.reasons, verdict.rule) == ("approved", ["nothing_against"], "no_rule")


@pytest.mark.parametrize("role", ["Moderator", "Owner"])
def test_it_approves_those_who_moderate_everything(role):
    verdict = verdict_on(make_post(), make_user("staff", role))
    assert (verdict.status, verdict.reasons, verdict.rule) == ("approved", ["by_staff"], "staff")


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor"])
def test_it_approves_the_posts_author(role):
    author = make_user("writer", role)
    assert verdict_on(make_post(author), author).status == "approved"


@pytest.mark.parametrize("role", ["", "Contributor", "Author", "Editor"])
def test_it_holds_who_has_no_say_under_this_post(role):
    assert verdict_on(make_post(make_user("other", "Author")), make_user("writer", role)).status == "pending"


def test_a_typed_address_gives_nothing():
    moderator = make_user("mod", "Moderator")
    make_comment(make_post(), user=moderator, author_email=moderator.email)
    verdict = verdict_on(make_post(), author_name=moderator.name, author_email=moderator.email)
    assert verdict.status == "pending"


def test_all_reasons_are_kept_the_strictest_first():
    """Held for everything there is, and spam by one word: spam it is."""
    post = make_post(labels=("boats",), published_at=timezone.now() - timedelta(days=20))
    LabelPolicy.objects.create(label=Label.objects.get(), max_links=3, hold_after_days=14)
    BlockRule.objects.create(pattern="casino", action="spam")
    BlockRule.objects.create(pattern="bonus", action="hold")
    CommentSettings(spam_mode="act").save()
    links = " ".join(f"https://{name}.example" for name in "abcde")
    verdict = verdict_on(post, body=f"Casino bonus: {links}", sample=seen(0.7))
    assert (verdict.status, verdict.rule) == ("spam", "block_rules")
    assert verdict.reasons == [
        "blocked:word/casino",
        "blocked:word/bonus",
        "held_all",
        "old_post:14@boats",
        "links:5/3@boats",
        "first_time:guest/1",
        "spam_score:70",
    ]
    assert set(verdict.hits) == set(BlockRule.objects.values_list("pk", flat=True))


def test_a_refusal_is_final_and_says_nothing_else():
    BlockRule.objects.create(pattern="casino", action="reject")
    verdict = verdict_on(make_post(), body="Casino!")
    assert (verdict.status, verdict.reasons, verdict.rule) == (REFUSED, ["blocked:word/casino"], "block_rules")
    assert verdict.hits == (BlockRule.objects.get().pk,)


@pytest.mark.parametrize("action, status", [("spam", "spam"), ("reject", REFUSED)])
def test_a_block_rule_overrides_standing(open_site, action, status):
    reader, post = make_user("reader"), make_post()
    for _ in range(5):
        make_comment(post, user=reader)
    BlockRule.objects.create(pattern="casino", action=action)
    assert verdict_on(post, reader, body="Casino").status == status
    assert verdict_on(post, reader, body="Harbour").status == "approved"


# What comes before what.


def test_closed_comes_before_staff_and_duplicate():
    owner = make_user("keeper", "Owner")
    post = make_post(comments_mode="closed")
    make_comment(post, user=owner, body="Twice")
    assert verdict_on(post, owner, body="Twice").rule == "closed"


def test_duplicate_comes_before_flood_and_staff():
    owner, post = make_user("keeper", "Owner"), make_post()
    make_comment(post, user=owner, body="Twice")
    make_comment(post, author_email="mud@example.org", body="Twice", author_name="Mudlark")
    assert verdict_on(post, owner, body="Twice").rule == "duplicate"
    assert verdict_on(post, body="Twice").rule == "duplicate"


def test_flood_comes_before_what_holds():
    post = make_post()
    make_comment(post, author_email="mud@example.org")
    assert verdict_on(post).rule == "flood"


def test_staff_come_before_block_rules():
    BlockRule.objects.create(pattern="casino", action="reject")
    assert verdict_on(make_post(), make_user("mod", "Moderator"), body="Casino").status == "approved"


def test_it_costs_a_bounded_number_of_queries(django_assert_num_queries):
    """Settings, policies, duplicate, flood of the writer and of the network, block rules (one to know that they have
    not changed, two of the first time), and for an account its rights (two) and its standing (what is kept of it, its
    newest comments). Of the spam filter: whether it has learnt anew, what came lately, and what came from there."""
    post = make_post(labels=("boats", "tides"))
    reader = make_user("reader")
    for number in range(20):
        make_comment(post, user=reader, body=f"Number {number}", created_at=timezone.now() - timedelta(hours=1))
    BlockRule.objects.create(pattern="casino")
    facts = Facts(AnonymousUser(), network_digest="d" * 32)
    judge(Comment(post=post, author_name="Mudlark", author_email="mud@example.org", body="Hello"), facts)

    with django_assert_num_queries(9):
        judge(Comment(post=post, author_name="Mudlark", author_email="mud@example.org", body="Hello"), facts)
    with django_assert_num_queries(13):
        judge(Comment(post=post, user=reader, author_name="Reader", body="Hello"), Facts(reader, "d" * 32))
    conditions = Conditions.of(post)
    with django_assert_num_queries(8):
        judge(Comment(post=post, author_name="M", author_email="m@example.org", body="Hello"), facts, conditions)


# Words.


@pytest.mark.parametrize(
    "code, words",
    [
        ("held_all", "Every comment is read before it appears"),
        ("held_all:@", "Every comment is read before it appears (set on this post)"),
        ("held_all:@boats: a/b@c", "Every comment is read before it appears (label: boats: a/b@c)"),
        ("links:5/3@boats", "5 links; from 3 on a comment waits (label: boats)"),
        ("links:1/1", "1 link; from 1 on a comment waits"),
        ("old_post:14@", "The post is older than 14 days: from then on comments wait (set on this post)"),
        ("closed:age/1@boats", "Comments close 1 day after a post appears (label: boats)"),
        ("closed:closed@", "Comments are closed (set on this post)"),
        ("closed:hidden", "Comments are hidden here"),
        ("first_time:guest/1", "Written without signing in: nobody proved who it is"),
        ("first_time:1/3", "1 comment of this writer is approved; with 3 it need not wait"),
        ("probation:0/2", "One of this writer was taken down; 0 newer ones are approved, with 2 it need not wait"),
        ("probation:1/2", "One of this writer was taken down; 1 newer one is approved, with 2 it need not wait"),
        ("blocked_writer", "A moderator has blocked this writer"),
        ("appeal", "Its writer asks to look again"),
        ("blocked:phrase/cheap loans", "Block rule, phrase: cheap loans"),
        ("blocked:email/a@b.example", "Block rule, e-mail address: a@b.example"),
        ("flood:1", "Too soon after the comment before: 1 second to wait"),
        ("spam_unsure", "The spam filter has not seen enough like it to be sure"),
        ("spam_score:97", "It looks like spam: 97 in 100"),
        ("hold_links", "Hold many links"),
        ("by_moderator", "Decided by a moderator"),
        # Of another version, or of nobody's:
        ("links:many", "Many links"),
        ("links:1/2/3", "Many links"),
        ("blocked:omen/x", "A block rule"),
        ("of_old", "of_old"),
        ("of_old:5", "of_old:5"),
        ("", ""),
    ],
)
def test_a_code_alone_gives_the_words(code, words):
    assert reason_text(code) == words


def test_every_code_that_it_gives_can_be_read():
    post = make_post()
    for user in (None, make_user("reader"), make_user("mod", "Moderator")):
        verdict = verdict_on(post, user, body="https://a.example https://b.example", sample=seen(0.99))
        assert {reason.partition(":")[0] for reason in verdict.reasons} <= set(REASONS)
        assert verdict.rule in RULES
        assert all(reason_text(reason) != reason for reason in verdict.reasons)


# What the form promises.


@pytest.mark.parametrize(
    "values, of_post, guests, readers",
    [
        ({"hold_all": True, "approved_needed": 0}, {}, "Comments are read", "Comments are read"),
        ({"hold_all": False, "approved_needed": 1}, {}, "Comments are read", "Some comments are read"),
        ({"hold_all": False, "approved_needed": 0}, {}, "Some comments are read", "Some comments are read"),
        ({"hold_all": False, "approved_needed": 0}, {"hold_all": True}, "Comments are read", "Comments are read"),
        ({"hold_all": True, "approved_needed": 0}, {"hold_all": False}, "Some comments", "Some comments"),
        ({"hold_all": False, "approved_needed": 0}, {"hold_after_days": 1}, "Comments are", "Comments are"),
    ],
)
def test_the_form_promises_what_holds(values, of_post, guests, readers):
    post = make_post(published_at=timezone.now() - timedelta(days=3))
    PostPolicy.objects.create(post=post, **of_post)
    conditions = Conditions.of(post, CommentSettings(**values))
    assert promise(conditions, AnonymousUser()).startswith(guests)
    assert promise(conditions, AnonymousUser()).endswith("No account needed.")
    assert promise(conditions, make_user("reader")).startswith(readers)
    assert promise(conditions, make_user("mod", "Moderator")) == "Your comment appears at once."
