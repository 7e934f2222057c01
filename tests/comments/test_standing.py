"""What a writer's own comments say of them: the levels at their limits, and who has no standing at all."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from comments import moderation
from comments.admin.standings import page_of, standings, steps, writer_of
from comments.models import Comment, Commenter, CommentSettings
from comments.standing import LOOKED_AT, Level, standing, standing_of
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 14, 20, 10, tzinfo=UTC)
HERE = {"approved_needed": 2, "trusted_needed": 4, "trusted_days": 30, "trusted_refused": 20, "probation_needed": 2}


@pytest.fixture(params=["account", "address"])
def commenter(request):
    if request.param == "account":
        return Commenter(user=make_user("rita"))
    return Commenter.objects.create(email="rita@example.org")


def write(post, commenter: Commenter, statuses: str, *, days: int = 40, **fields) -> list[Comment]:
    """A letter for each comment, the oldest first: Approved, Pending, Rejected, Spam, reMoved, Withdrawn."""
    names = {"A": "approved", "P": "pending", "R": "rejected", "S": "spam", "M": "removed", "W": "removed"}
    whose = {"user": commenter.user} if commenter.user_id else {"commenter": commenter}
    return [
        make_comment(
            post,
            **whose | {"author_email": commenter.email or ""} | fields,
            status=names[letter],
            withdrawn_at=NOW if letter == "W" else None,
            created_at=NOW - timedelta(days=days, hours=-number),
        )
        for number, letter in enumerate(statuses)
    ]


def level(commenter: Commenter, **values) -> str:
    return standing(commenter, CommentSettings(**HERE | values), NOW).level


@pytest.mark.parametrize(
    "statuses, expected",
    [
        ("", "new"),
        ("A", "new"),
        ("PPPP", "new"),
        ("AA", "known"),
        ("AAA", "known"),
        ("AAAA", "trusted"),
        ("AAAAP", "trusted"),
        # One taken down: two newer ones end the probation.
        ("AAAAR", "probation"),
        ("AAAAS", "probation"),
        ("AAAAM", "probation"),
        ("AAAARA", "probation"),
        ("R", "probation"),
        ("RA", "probation"),
        ("RAA", "known"),
        ("AARAA", "trusted"),  # one of five
        ("ARAA", "known"),
        ("RRAAAAAA", "known"),  # two of eight
        ("RRAAAAAAAA", "trusted"),  # two of ten
        ("RAARA", "probation"),
        # What the writer withdrew is nobody's verdict.
        ("AAAAW", "trusted"),
        ("WWW", "new"),
    ],
)
def test_levels_at_their_limits(post, commenter, statuses, expected):
    write(post, commenter, statuses)
    assert level(commenter) == expected


def test_trust_takes_time(post, commenter):
    first, *_others = write(post, commenter, "AAAA", days=29)
    assert level(commenter) == "known"
    Comment.objects.filter(pk=first.pk).update(created_at=NOW - timedelta(days=30))
    assert level(commenter) == "trusted"


@pytest.mark.parametrize(
    "statuses, values, expected",
    [
        ("A", {"approved_needed": 0}, "known"),
        ("P", {"approved_needed": 0}, "new"),
        ("AAAA", {"trusted_needed": 0}, "known"),
        ("AAAA", {"trusted_days": 0}, "trusted"),
        ("R", {"probation_needed": 0}, "new"),
        ("AAAAR", {"probation_needed": 0}, "trusted"),
        ("AAAAR", {"probation_needed": 0, "trusted_refused": 19}, "known"),
        ("ARRRA", {"probation_needed": 1, "trusted_refused": 100, "trusted_needed": 2}, "trusted"),
    ],
)
def test_the_numbers_are_the_owners(post, commenter, statuses, values, expected):
    write(post, commenter, statuses)
    assert level(commenter, **values) == expected


def test_a_block_outdoes_everything(post, commenter):
    write(post, commenter, "AAAA")
    commenter.blocked_at = NOW
    commenter.save()
    assert level(commenter) == "blocked"


def test_only_the_newest_comments_count(post, commenter):
    write(post, commenter, "R", days=300)
    write(post, commenter, "A" * (LOOKED_AT - 1))
    assert standing(commenter, CommentSettings(), NOW).refused == 1
    write(post, commenter, "A", days=1)
    found = standing(commenter, CommentSettings(), NOW)
    assert (found.approved, found.refused, found.since_refused) == (LOOKED_AT, 0, LOOKED_AT)


# Of one comment.


def test_a_comment_does_not_vouch_for_itself(post, commenter):
    first, second = write(post, commenter, "AA")
    settings = CommentSettings(**HERE)
    assert [standing_of(comment, settings, now=NOW).approved for comment in (first, second)] == [1, 1]
    assert standing_of(first, settings, needed=1, now=NOW).level == "known"
    assert standing_of(first, settings, now=NOW).level == "new"


def test_nor_does_it_put_itself_on_probation(post, commenter):
    rejected = write(post, commenter, "AAR")[-1]
    assert standing_of(rejected, CommentSettings(**HERE), now=NOW).level == "known"


def test_who_proved_nothing_has_no_standing(post):
    proved = Commenter.objects.create(email="rita@example.org", blocked_at=NOW)
    write(post, proved, "AAAAR")
    make_user("rita")  # of the same address
    typed = make_comment(post, author_email="Rita@Example.org")
    found = standing_of(typed, CommentSettings(**HERE), now=NOW)
    assert (found.level, found.approved, found.refused) == ("new", 0, 0)


def test_what_others_type_changes_nobodys_standing(post, commenter):
    write(post, commenter, "AA")
    for status in ("rejected", "spam", "approved", "approved"):
        make_comment(post, author_name="Rita", author_email="rita@example.org", status=status)
    assert level(commenter) == "known"


@pytest.mark.parametrize("verb", ["reject", "spam", "remove"])
def test_taking_a_decision_back_restores_the_standing(post, commenter, moderator, verb):
    comments = write(post, commenter, "AAAA")
    decision = moderation.decide(comments[-1:], verb, actor=moderator)
    assert level(commenter) == "probation"
    moderation.undo(decision.batch, actor=moderator, among=Comment.objects.all())
    assert level(commenter) == "trusted"


# Of many at once.


class Together(TestCase):
    @given(written=some.lists(some.text("APRSMW", max_size=12), max_size=5), needed=some.integers(0, 3))
    @limits(max_examples=25, deadline=None)
    def test_many_at_once_have_the_standing_that_each_has_alone(self, written, needed):
        post, commenters = make_post(), []
        CommentSettings(**HERE | {"approved_needed": needed}).save()
        for number, statuses in enumerate(written):
            commenters.append(Commenter.objects.create(email=f"reader{number}@example.org"))
            write(post, commenters[-1], statuses)
        settings = CommentSettings.load()
        alone = {commenter.reference: standing(commenter, settings, NOW) for commenter in commenters}
        assert standings(commenters, NOW) == alone


def test_accounts_and_addresses_together_cost_two_queries(post, django_assert_num_queries):
    rita, blocked = make_user("rita"), make_user("rolf")
    proved = Commenter.objects.create(email="rita@example.org")
    known = [Commenter(user=rita), Commenter.objects.create(user=blocked, blocked_at=NOW), proved]
    for commenter in known:
        write(post, commenter, "AAAA")
    with django_assert_num_queries(2):
        found = standings(known, NOW)
    assert {reference: one.level for reference, one in found.items()} == {
        f"user-{rita.pk}": "known",
        f"user-{blocked.pk}": "blocked",
        f"commenter-{proved.pk}": "known",
    }
    with django_assert_num_queries(0):
        assert standings([]) == {}


def test_a_loaded_comment_tells_its_writer_without_a_query(post, commenter, django_assert_num_queries):
    write(post, commenter, "A")
    comment = Comment.objects.select_related("user__commenter", "commenter").get()
    with django_assert_num_queries(0):
        writer = writer_of(comment)
        assert (writer.reference, writer.is_kept) == (commenter.reference, commenter.is_kept)
        assert page_of(writer) == page_of(commenter)


# In words.


def shown_steps(commenter: Commenter, **values) -> list[tuple]:
    settings = CommentSettings(**HERE | values)
    found = steps(standing(commenter, settings, NOW), settings, NOW)
    return [(step.level, step.asked, step.reached, step.is_met) for step in found]


def test_the_steps_say_what_is_asked_and_what_is_reached(post, commenter):
    write(post, commenter, "AAARA")
    assert shown_steps(commenter) == [
        ("known", "2 approved comments", "4", True),
        ("trusted", "4 approved comments", "4", True),
        ("trusted", "the first of them 30 days ago", "2 February 2026", True),
        ("trusted", "at most 20 in 100 taken down", "1 of 5", True),
        ("on probation", "until 2 newer comments than the one taken down are approved", "1", False),
    ]


def test_the_steps_of_who_has_written_nothing(commenter):
    assert shown_steps(commenter, trusted_needed=1, approved_needed=0) == [
        ("known", "1 approved comment", "0", False),
        ("trusted", "1 approved comment", "0", False),
        ("trusted", "the first of them 30 days ago", "–", False),
        ("trusted", "at most 20 in 100 taken down", "–", False),
    ]
    assert shown_steps(commenter, trusted_needed=0) == [("known", "2 approved comments", "0", False)]


def test_every_level_has_words():
    assert all(str(level.label) for level in Level)
