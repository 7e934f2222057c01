"""What people decide is learnt, and what they take back is forgotten, exactly."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments import moderation
from comments.models import Comment, CommentSettings, ModerationEvent, SpamChange, SpamSample
from comments.policy import Facts
from comments.spam import lessons, store
from comments.spam.features import bucket, unpack
from tests.comments.people import make_own
from tests.comments.spam.lessons import GOOD, SPAM, evidence, same_counts, sample_of, take, taught
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def mona():
    CommentSettings(flood_seconds=0).save()
    return make_user("mona", "Moderator")


def decide(comment, verb, actor):
    return moderation.decide([comment], verb, actor=actor).batch


@pytest.mark.parametrize(("verb", "is_spam"), [("approve", False), ("reject", True), ("spam", True)])
def test_a_decision_is_learnt(post, mona, verb, is_spam):
    comment = take(post)
    before = evidence(store.model(), GOOD)
    decide(comment, verb, mona)
    sample = sample_of(comment)
    assert (sample.is_spam, sample.is_learnt) == (is_spam, True)
    assert sample.decided_at == ModerationEvent.objects.get(comment_id=comment.pk, actor=mona).at
    assert same_counts(store.model(), taught([(sample, is_spam)]))
    assert (evidence(store.model(), GOOD) > before) == is_spam or evidence(store.model(), GOOD) == before


def test_removing_and_restoring_take_the_lesson_back(post, mona):
    comment = take(post)
    decide(comment, "approve", mona)
    decide(comment, "remove", mona)
    assert store.model().lessons == [0, 0] and sample_of(comment).is_spam is None
    decide(comment, "restore", mona)
    decide(comment, "spam", mona)
    assert store.model().lessons == [0, 1]


def test_a_second_decision_takes_the_place_of_the_first(post, mona):
    comment = take(post, SPAM)
    decide(comment, "approve", mona)
    decide(comment, "spam", mona)
    assert same_counts(store.model(), taught([(sample_of(comment), True)]))


def test_undo_brings_the_decision_before_back(post, mona):
    comment, other = take(post, SPAM), take(post)
    decide(comment, "approve", mona)
    decide(other, "approve", mona)
    mistake = decide(comment, "spam", mona)
    moderation.undo(mistake, actor=mona, among=Comment.objects.all())
    assert sample_of(comment).is_spam is False
    assert same_counts(store.model(), taught([(sample_of(comment), False), (sample_of(other), False)]))


def test_undoing_the_only_decision_leaves_nothing(post, mona):
    comment = take(post, SPAM)
    moderation.undo(decide(comment, "spam", mona), actor=mona, among=Comment.objects.all())
    sample = sample_of(comment)
    assert (sample.is_spam, sample.decided_at, sample.is_learnt) == (None, None, False)
    assert same_counts(store.model(), taught([]))


def test_what_a_rule_decides_teaches_nothing(post):
    comment = take(post, SPAM)
    moderation.decide([comment], "spam", rule="spam_filter")
    assert sample_of(comment).is_spam is None and store.model().lessons == [0, 0]


def test_the_filter_that_is_off_sees_nothing(post, mona):
    CommentSettings(spam_mode="off", flood_seconds=0).save()
    comment = take(post)
    decide(comment, "approve", mona)
    assert not SpamSample.objects.exists() and comment.spam_score is None and not SpamChange.objects.exists()


def test_what_nobody_scored_teaches_nothing(post, mona):
    decide(make_comment(post, status="pending"), "approve", mona)
    assert store.model().lessons == [0, 0]


class TestOneSource:
    """Of a flood only the beginning is learnt."""

    def test_no_more_than_a_few_a_day(self, post, mona):
        flood = [take(post, f"{SPAM} {number}", network="flooder") for number in range(lessons.OF_ONE_SOURCE + 5)]
        moderation.decide(flood, "spam", actor=mona)
        learnt = SpamSample.objects.filter(is_learnt=True)
        assert store.model().lessons == [0, lessons.OF_ONE_SOURCE]
        assert [sample.comment_id for sample in learnt.order_by("pk")] == [c.pk for c in flood[: lessons.OF_ONE_SOURCE]]

    def test_the_next_one_moves_up_when_one_is_taken_back(self, post, mona):
        flood = [take(post, f"{SPAM} {number}", network="flooder") for number in range(lessons.OF_ONE_SOURCE + 2)]
        for comment in flood:
            decide(comment, "spam", mona)
        decide(flood[3], "approve", mona)
        kept = [comment for comment in flood if comment != flood[3]][: lessons.OF_ONE_SOURCE]
        expected = [(sample_of(comment), True) for comment in kept] + [(sample_of(flood[3]), False)]
        assert same_counts(store.model(), taught(expected))

    def test_another_day_counts_anew(self, post, mona):
        for day in range(2):
            with time_machine.travel(timezone.now() + timedelta(days=day)):
                for number in range(lessons.OF_ONE_SOURCE + 1):
                    decide(take(post, f"{SPAM} {day} {number}", network="flooder"), "spam", mona)
        assert store.model().lessons == [0, 2 * lessons.OF_ONE_SOURCE]

    def test_many_sources_at_once_ask_no_more_of_the_database(self, post, mona, django_assert_max_num_queries):
        many = [take(post, f"{SPAM} {number}") for number in range(60)]
        with django_assert_max_num_queries(40):
            moderation.decide(many, "spam", actor=mona)
        assert store.model().lessons == [0, 60]


class TestOtherWords:
    def test_a_moderator_s_correction_is_learnt_in_place_of_the_words_before(self, post, mona):
        comment = take(post)
        decide(comment, "approve", mona)
        comment.refresh_from_db()
        moderation.edit(comment, "The wind moves the tide by an hour.", actor=mona, seen=comment.state)
        sample = sample_of(comment)
        assert sample.is_spam is False and same_counts(store.model(), taught([(sample, False)]))
        assert evidence(store.model(), "aunt table") == evidence(taught([(sample, False)]), "aunt table")

    def test_a_writer_s_change_takes_the_lesson_back(self, post, mona):
        comment = take(post)
        decide(comment, "approve", mona)
        comment.refresh_from_db()
        moderation.rewrite(comment, "Buy at http://watches.example", Facts(mona))
        sample = sample_of(comment)
        assert (sample.is_spam, sample.is_learnt) == (None, False) and store.model().lessons == [0, 0]
        assert SpamSample.objects.count() == 1

    def test_words_that_are_gone_stay_learnt_and_leave_nothing_else(self, post, mona):
        comment = take(post, SPAM)
        decide(comment, "spam", mona)
        before = store.model().lessons[:]
        moderation.delete(comment, actor=mona)
        sample = SpamSample.objects.get()
        assert (bytes(sample.features), sample.why, sample.source, sample.likeness) == (b"", [], "", "")
        assert sample.comment_id is None and sample.is_spam and store.model().lessons == before


def test_a_sample_keeps_what_was_said_when_it_came(post, mona):
    comment = take(post)
    said = sample_of(comment).evidence
    decide(comment, "spam", mona)
    assert sample_of(comment).evidence == said and comment.spam_score == sample_of(comment).probability


def test_likes_and_networks_are_features_of_what_follows(mona):
    post = make_post()
    decide(take(post, f"{SPAM} for everybody who reads this today", network="flooder"), "spam", mona)
    alike = take(post, f"{SPAM} for everybody who reads this tonight")
    neighbour = take(post, "Something else entirely, about the moon and boats.", network="flooder")
    known = {"like:spam": alike, "network:spam": neighbour}
    for value, comment in known.items():
        assert bucket("context", value) in unpack(bytes(sample_of(comment).features))


def test_own_page_and_form_work_with_the_filter(client, post, mona):
    comment = make_own(post, status="pending")
    assert moderation.decide([comment], "approve", actor=mona).changed == [comment.pk]
