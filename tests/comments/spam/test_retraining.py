"""Counts made anew from all decisions: what they equal, what is decided meanwhile, and what stops it."""

import pytest

from comments import moderation
from comments.models import Comment, SpamChange, SpamCheckpoint, SpamSample
from comments.spam import features, retraining, seed, store
from comments.spam.model import Model
from tests.comments.spam.retrained import meanwhile, retrain
from tests.comments.spam.teaching import counts, decide, learnt, make_decided, standing
from tests.factories import make_comment

pytestmark = pytest.mark.django_db


def test_it_learns_every_decision_that_the_filter_has_not_seen(post, mona, job):
    make_decided(post, mona, 30, make=make_comment)
    assert counts()[0] == (0, 0)

    retrain(job)

    assert counts() == standing()
    assert counts()[0] == (15, 15)
    assert learnt() == [True] * 30
    assert job.finished_at
    assert not job.problem
    assert job.found == {"made": 30, "good": 15, "spam": 15}
    assert job.done == job.total


def test_what_it_says_of_each_it_says_before_it_has_learnt_it(post, mona, job):
    make_decided(post, mona, 60, make=make_comment)

    retrain(job)

    first, last = SpamSample.objects.earliest("decided_at"), SpamSample.objects.latest("decided_at")
    knows_nothing = Model(seed=seed.load())
    assert first.evidence == knows_nothing.evidence(features.unpack(bytes(first.features)))
    assert last.is_spam
    assert last.evidence > 0
    assert last.probability > 0.5
    assert last.comment.spam_score == last.probability


def test_a_sample_that_is_there_keeps_what_it_said(post, mona, job):
    make_decided(post, mona, 6)
    before = list(SpamSample.objects.order_by("pk").values())

    retrain(job)

    assert list(SpamSample.objects.order_by("pk").values()) == before
    assert counts() == standing()


def test_what_was_taken_back_teaches_nothing(post, mona, job):
    one, other = make_decided(post, mona, 2, make=make_comment)
    batch = moderation.decide([one], "reject", actor=mona).batch
    moderation.undo(batch, actor=mona, among=Comment.objects.all())
    batch = moderation.decide([other], "approve", actor=mona).batch
    moderation.undo(batch, actor=mona, among=Comment.objects.all())
    decide(other, "restore", mona)

    retrain(job)

    assert list(SpamSample.objects.values_list("comment", "is_spam")) == [(one.pk, False)]
    assert counts()[0] == (1, 0)


def test_rules_and_writers_teach_nothing(post, mona, job):
    ruled = make_comment(post, status="pending")
    moderation.decide([ruled], "spam", actor=None, rule="block_rules")
    moderation.withdraw(make_comment(post))
    make_comment(post, status="spam")

    retrain(job)

    assert not SpamSample.objects.exists()


def test_words_that_are_gone_teach_nothing(post, mona, job):
    deleted, emptied = make_decided(post, mona, 2, make=make_comment)
    moderation.delete(deleted, actor=mona)
    moderation.empty([emptied.pk])

    retrain(job)

    assert counts()[0] == (0, 0)


def test_of_one_source_only_the_first_of_a_day_are_learnt(post, mona, job):
    make_decided(post, mona, 30, make=make_comment, address_digest="a" * 32)

    retrain(job)

    assert counts()[0] == (10, 10)
    assert counts() == standing()
    assert sum(learnt()) == 20


def test_after_it_decisions_are_followed_as_before(post, mona, job):
    made = make_decided(post, mona, 24, make=make_comment, address_digest="a" * 32)
    retrain(job)

    decide(made[1], "approve", mona)
    decide(made[0], "restore", mona)
    make_decided(post, mona, 2)

    assert counts() == standing()


def test_features_of_another_version_are_made_anew(post, mona, job, monkeypatch):
    make_decided(post, mona, 4)
    said = list(SpamSample.objects.order_by("pk").values_list("evidence", "probability", "why"))
    before = counts()
    monkeypatch.setattr(features, "LINK", "\ue001")
    old = features.pack(features.buckets(features.Told("Other words, in another way")))
    SpamSample.objects.update(features=old)
    SpamCheckpoint.objects.create(number=0, stamp=0, counts=b"marginalia spam 1 0 1 1\n")
    store._copy.place = None

    retrain(job)

    assert counts() == standing()
    assert counts()[0] == before[0]
    assert not SpamSample.objects.filter(features=old).exists()
    assert list(SpamSample.objects.order_by("pk").values_list("evidence", "probability", "why")) == said


def test_counts_that_came_with_an_import_go(post, mona, job):
    made = Model()
    made.learn(features.buckets(features.Told("Somebody else’s words")), is_spam=True)
    store.replace(made)
    make_decided(post, mona, 4)

    retrain(job)

    assert counts() == standing()


def test_stopped_it_replaces_nothing(post, mona, job, monkeypatch):
    make_decided(post, mona, 4, make=make_comment)
    meanwhile(monkeypatch, retraining.stop)

    retrain(job)

    assert counts()[0] == (0, 0)
    assert learnt() == [False] * 4
    assert "stopped" in job.problem
    assert not retraining.underway()


def test_started_again_it_ends_as_if_it_had_never_stopped(post, mona, job, monkeypatch):
    make_decided(post, mona, 12, make=make_comment)
    monkeypatch.setattr(retraining, "AT_ONCE", 5)
    save, calls = retraining._save, []

    def killed(new):
        calls.append(new)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return save(new)

    monkeypatch.setattr(retraining, "_save", killed)
    with pytest.raises(KeyboardInterrupt):
        retraining.run(job.pk)
    assert SpamSample.objects.count() == 5

    retrain(job)

    assert SpamSample.objects.count() == 12
    assert counts() == standing()
    assert job.found["made"] == 7


def test_a_worker_whose_job_another_has_taken_over_ends(post, mona, job, monkeypatch):
    make_decided(post, mona, 4)
    meanwhile(monkeypatch, lambda: retraining.Run(job.pk).begin())
    changes = SpamChange.objects.count()

    retrain(job)

    assert job.finished_at is None
    assert SpamChange.objects.count() == changes


def test_what_fails_is_said(post, mona, job, monkeypatch, caplog):
    make_decided(post, mona, 2)
    monkeypatch.setattr(retraining, "learn", lambda mine: 1 / 0)

    retrain(job)

    assert "Something went wrong" in job.problem
    assert "ZeroDivisionError" in caplog.text


def test_one_at_a_time(post, mona, django_capture_on_commit_callbacks):
    make_decided(post, mona, 4, make=make_comment)
    first = retraining.start(mona)
    assert retraining.start(mona) == first

    with django_capture_on_commit_callbacks(execute=True):
        retraining.stop()
        second = retraining.start(mona)

    second.refresh_from_db()
    assert second.pk != first.pk
    assert second.found["made"] == 4


def test_a_finished_job_is_not_done_again(post, mona, job):
    make_decided(post, mona, 2)
    retrain(job)
    state = store._place()

    retrain(job)

    assert store._place() == state


def test_words_that_their_writer_changed_after_the_decision_are_nobodys(post, mona, job):
    from comments.policy import Facts

    (comment,) = make_decided(post, mona, 1, make=make_comment)
    moderation.rewrite(Comment.objects.get(pk=comment.pk), "Buy pills instead", Facts(user=mona))
    SpamSample.objects.all().delete()

    retrain(job)

    assert not SpamSample.objects.exists()


def test_it_goes_through_many_in_parts(post, mona, job, monkeypatch):
    monkeypatch.setattr(retraining, "AT_ONCE", 4)
    make_decided(post, mona, 11, make=make_comment)

    retrain(job)

    assert counts() == standing()
