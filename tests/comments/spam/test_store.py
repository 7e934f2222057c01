"""One set of counts for all processes: no lesson is lost, none is counted twice."""

import threading
import time

import pytest
from django.db import transaction

from comments import moderation
from comments.models import CommentSettings, SpamChange, SpamCheckpoint, SpamSample, SpamState
from comments.spam import forgotten, store
from comments.spam.model import Model
from tests.comments.racing import at_once
from tests.comments.spam.lessons import NUMBERS, SPAM, same_counts, take, taught
from tests.factories import make_post, make_user


@pytest.fixture
def mona(db):
    CommentSettings(flood_seconds=0).save()
    return make_user("mona", "Moderator")


def learn(post, mona, count: int, verb: str = "spam") -> None:
    comments = [take(post, f"{SPAM} {next(NUMBERS)}") for _ in range(count)]
    moderation.decide(comments, verb, actor=mona)


def standing() -> Model:
    return taught([(sample, sample.is_spam) for sample in SpamSample.objects.filter(is_learnt=True)])


@pytest.mark.django_db
class TestCopies:
    def test_a_process_applies_what_it_lacks_and_asks_once_where_it_lacks_nothing(
        self, post, mona, django_assert_num_queries
    ):
        learn(post, mona, 3)
        mine = store.model()
        assert same_counts(mine, standing())
        with django_assert_num_queries(1):
            assert store.model() is mine
        learn(post, mona, 2, "approve")
        assert store.model() is mine and same_counts(mine, standing())

    def test_folding_changes_no_count_and_leaves_one_change(self, post, mona):
        learn(post, mona, 4)
        mine = store.model()
        assert store.waiting() == 4 and store.fold() == 4 and store.waiting() == 0 and store.fold() == 0
        assert SpamChange.objects.count() == 1
        assert store.model() is mine and same_counts(store.read()[0], standing())
        learn(post, mona, 2, "approve")
        assert store.model() is mine and same_counts(mine, standing())

    def test_a_process_that_slept_while_changes_were_folded_begins_anew(self, post, mona):
        learn(post, mona, 1)
        mine = store.model()
        learn(post, mona, 2)
        store.fold()
        assert store.model() is not mine and same_counts(store.model(), standing())

    def test_what_is_rolled_back_was_never_learnt(self, post, mona):
        learn(post, mona, 1)
        with transaction.atomic():
            learn(post, mona, 2)
            assert store.model().lessons == [0, 3]
            transaction.set_rollback(True)
        assert store.model().lessons == [0, 1]
        learn(post, mona, 2, "approve")  # the same numbers, other lessons
        assert store.model().lessons == [2, 1] and same_counts(store.model(), standing())

    def test_beginning_anew_forgets_and_goes_on(self, post, mona):
        learn(post, mona, 3)
        store.model()
        store.replace(Model())
        assert store.model().lessons == [0, 0] and not SpamSample.objects.filter(is_learnt=True).exists()
        assert SpamSample.objects.filter(is_spam=True).count() == 3
        learn(post, mona, 2)
        assert store.model().lessons == [0, 2] and same_counts(store.model(), standing())
        store.fold()
        assert same_counts(store.read()[0], standing())

    def test_the_calibration_comes_with_folding(self, post, mona):
        learn(post, mona, 30)
        learn(post, mona, 25, "approve")
        store.fold()
        assert len(store.read()[0].calibration.goods) == 25
        assert SpamCheckpoint.objects.get().calibration["goods"]
        mine = store.model()
        learn(post, mona, 1)
        assert len(store.model().calibration.goods) == len(mine.calibration.goods) == 25


@pytest.mark.django_db(transaction=True)
def test_many_learn_at_once_and_no_lesson_is_lost():
    CommentSettings(flood_seconds=0).save()
    mona, ben, post = make_user("mona"), make_user("ben"), make_post()
    for turn in range(6):
        mine = [take(post, f"{SPAM} {turn} {number}") for number in range(4)]
        theirs = [take(post, f"The wind again {turn} {number}") for number in range(4)]
        results = at_once(
            lambda mine=mine: moderation.decide(mine, "spam", actor=mona),
            lambda theirs=theirs: moderation.decide(theirs, "approve", actor=ben),
            store.model,
            store.fold,
        )
        assert [result for result in results if isinstance(result, Exception)] == []
        assert same_counts(store.model(), standing())
    assert store.model().lessons == [24, 24] and SpamState.objects.get().number == 48


@pytest.mark.django_db(transaction=True)
def test_the_first_fold_does_not_undo_a_reset_that_is_being_made(monkeypatch):
    """There is no checkpoint yet that it could see being changed."""
    CommentSettings(flood_seconds=0).save()
    mona, post = make_user("mona"), make_post()
    learn(post, mona, 3)
    replaced, read = threading.Event(), forgotten.read
    begun_anew = Model()
    begun_anew.lessons = [7, 7]

    def begin_anew():
        with transaction.atomic():
            store.replace(begun_anew)
            replaced.set()
            time.sleep(0.5)

    def read_while_somebody_begins_anew():
        if threading.current_thread() is folding:
            replaced.wait(timeout=10)
        return read()

    def fold():
        nonlocal folding
        folding = threading.current_thread()
        return store.fold()

    def begin_later():
        while folding is None:
            time.sleep(0.01)
        time.sleep(0.3)  # it has read what was learnt before
        begin_anew()

    folding = None
    monkeypatch.setattr(forgotten, "read", read_while_somebody_begins_anew)
    results = at_once(fold, begin_later)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert store.read()[0].lessons == [7, 7]
