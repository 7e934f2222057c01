"""What was learnt of words that are gone, and of sources that are no longer known, comes back with retraining."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments import moderation
from comments.models import SpamChange, SpamSample
from comments.retention import purge
from comments.spam import forgotten, lessons, retraining, store
from comments.spam.features import bucket, unpack
from comments.spam.model import Model
from tests.comments.spam.retrained import meanwhile, retrain
from tests.comments.spam.teaching import SPAM, counts, decide, make_decided, make_seen

pytestmark = pytest.mark.django_db
LATER = timedelta(days=40)


def live() -> tuple:
    """The counts alone, whatever the lessons are of."""
    return tuple(store.model().lessons), store.model().counts[:]


def test_spam_that_has_expired_is_not_lost_by_retraining(post, mona, job):
    made = make_decided(post, mona, 12)
    before = live()
    with time_machine.travel(timezone.now() + LATER):
        purge(timezone.now())
    assert set(SpamSample.objects.filter(is_spam=True).values_list("comment", "features")) == {(None, b"")}
    assert len(made) == 12

    retrain(job)

    assert live() == before
    assert before[0] == (6, 6)


def test_what_expired_before_a_fold_and_after_it_is_kept_once(post, mona, job):
    made = make_decided(post, mona, 12)
    before = live()
    moderation.delete(made[0], actor=mona)
    store.fold()
    moderation.delete(made[1], actor=mona)
    store.fold()
    moderation.delete(made[2], actor=mona)

    retrain(job)

    assert live() == before == live()
    assert sum(forgotten.read().model.lessons) == 3
    assert not SpamChange.objects.filter(sign=forgotten.KEPT).exists()


def test_what_expires_after_a_reset_is_not_lost_either(post, mona, job):
    made = make_decided(post, mona, 6)
    before = live()
    store.replace(Model(seed=store.model().seed))
    for comment in made[:3]:
        moderation.delete(comment, actor=mona)
    assert store.model().lessons == [0, 0]

    retrain(job)

    assert live() == before


def test_a_decision_that_was_taken_back_teaches_nothing_when_it_is_forgotten(post, mona, job):
    made = make_decided(post, mona, 4)
    decide(made[0], "remove", mona)
    moderation.delete(made[0], actor=mona)

    retrain(job)

    assert counts()[0] == (1, 2)


def test_its_features_are_gone_with_the_next_fold(post, mona):
    made = make_decided(post, mona, 2)
    moderation.delete(made[0], actor=mona)
    assert SpamChange.objects.filter(sign=forgotten.KEPT).count() == 1

    store.fold()
    decide(made[1], "approve", mona)
    store.fold()

    assert not SpamChange.objects.filter(sign=forgotten.KEPT).exists()
    assert forgotten.read().model.lessons == [1, 0]


def test_words_that_are_forgotten_while_it_learns_are_learnt_once(post, mona, job, monkeypatch):
    made = make_decided(post, mona, 8)
    before, monkey = live(), iter(range(9))
    monkeypatch.setattr(retraining, "AT_ONCE", 3)
    step = retraining.Run.step

    def and_delete(mine, count):
        step(mine, count)
        number = next(monkey, None)
        if number is not None and mine.done > 8 and number < 8:
            moderation.delete(made[7 - number % 8], actor=mona)

    monkeypatch.setattr(retraining.Run, "step", and_delete)
    meanwhile(monkeypatch, lambda: moderation.delete(made[0], actor=mona))

    retrain(job)

    assert not job.problem
    assert live() == before


class TestOneSource:
    """The cap outlives the source."""

    def trifles(self, post, mona, count: int = 30, verb: str = "approve") -> list:
        made = [make_seen(post, f"Nice number {number}", address_digest="a" * 32) for number in range(count)]
        moderation.decide(made, verb, actor=mona)
        return made

    def test_when_it_is_forgotten_retraining_learns_no_more(self, post, mona, job):
        self.trifles(post, mona)
        before = live()
        with time_machine.travel(timezone.now() + LATER):
            purge(timezone.now())
        assert not SpamSample.objects.exclude(source="").exists()

        retrain(job)

        assert live() == before
        assert before[0] == (lessons.OF_ONE_SOURCE, 0)

    def test_part_by_part(self, post, mona, job):
        made = self.trifles(post, mona)
        before = live()
        lessons.forget_sources([comment.pk for comment in made[:15]])
        lessons.forget_sources([comment.pk for comment in made[15:]])

        retrain(job)

        assert live() == before

    def test_with_the_words(self, post, mona, job):
        made = self.trifles(post, mona, verb="spam")
        before = live()
        for comment in made[:12]:
            moderation.delete(comment, actor=mona)

        retrain(job)

        assert live() == before
        assert before[0] == (0, lessons.OF_ONE_SOURCE)

    def test_deciding_otherwise_teaches_no_more(self, post, mona):
        made = self.trifles(post, mona)
        lessons.forget_sources([comment.pk for comment in made])

        moderation.decide(made, "spam", actor=mona)

        assert counts()[0] == (0, lessons.OF_ONE_SOURCE)

    def test_nor_does_deciding_late(self, post, mona):
        made = [make_seen(post, f"Nice number {number}", address_digest="a" * 32) for number in range(30)]
        lessons.forget_sources([comment.pk for comment in made])

        moderation.decide(made, "approve", actor=mona)

        assert counts()[0] == (lessons.OF_ONE_SOURCE, 0)

    def test_another_source_is_another(self, post, mona):
        made = self.trifles(post, mona, 8)
        others = [make_seen(post, f"Nice number {number}", address_digest="b" * 32) for number in range(8)]
        moderation.decide(others, "approve", actor=mona)
        lessons.forget_sources([comment.pk for comment in made + others])

        assert not SpamSample.objects.filter(is_capped=True).exists()


class TestEdited:
    """What a moderator corrects after deciding does not correct what the filter had said."""

    def test_it_keeps_what_it_said_and_learns_the_new_words(self, post, mona):
        comment = make_seen(post, SPAM[1].format(1))
        SpamSample.objects.update(evidence=5, probability=0.97, share=0.001, is_sure=True, why=[["word", "pills", 2]])
        decide(comment, "approve", mona)
        said = ("evidence", "probability", "share", "is_sure", "why", "is_spam", "decided_at", "is_learnt")
        before, features = SpamSample.objects.values(*said).get(), SpamSample.objects.get().features
        comment.refresh_from_db()

        moderation.edit(comment, "Cheap pillows at https://pills1.example/", actor=mona, seen=comment.state)

        after = SpamSample.objects.get()
        assert SpamSample.objects.values(*said).get() == before
        assert bytes(after.features) != bytes(features)
        comment.refresh_from_db()
        assert comment.spam_score == 0.97
        assert counts()[0] == (1, 0)

    def test_undecided_it_is_judged_by_the_words_it_has(self, post, mona):
        comment = make_seen(post, SPAM[1].format(1))
        SpamSample.objects.update(probability=0.123)

        moderation.edit(comment, "About the wind.", actor=mona, seen=comment.state)

        assert SpamSample.objects.get().probability != 0.123


def test_a_comment_is_not_compared_with_itself(post, mona):
    words = "The harbour wall was mended by six men and a horse in the spring of that year."
    comment = make_seen(post, words, address_digest="a" * 32)
    decide(comment, "approve", mona)
    comment.refresh_from_db()

    moderation.edit(comment, f"{words} Indeed.", actor=mona, seen=comment.state)

    mine = unpack(bytes(SpamSample.objects.get().features))
    assert bucket("context", "like:good") not in mine
    assert bucket("context", "network:good") not in mine
    again = make_seen(post, words, address_digest="a" * 32)
    others = unpack(bytes(SpamSample.objects.get(comment=again).features))
    assert {bucket("context", "like:good"), bucket("context", "network:good")} <= set(others)
