"""What is decided while the counts are made anew: neither lost nor counted twice."""

import pytest
from django.db import transaction

from comments import moderation
from comments.models import Comment, Job, SpamSample
from comments.spam import lessons, retraining, samples, store
from tests.comments.racing import at_once
from tests.comments.spam.retrained import meanwhile, retrain
from tests.comments.spam.teaching import counts, decide, make_decided, make_seen, standing
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


def test_a_decision_made_meanwhile_is_neither_lost_nor_counted_twice(post, mona, job, monkeypatch):
    made = make_decided(post, mona, 8)
    waiting = make_seen(post, "A new one, about boats")

    def decide_some():
        decide(made[0], "spam", mona)
        decide(made[1], "restore", mona)
        decide(waiting, "approve", mona)

    meanwhile(monkeypatch, decide_some)
    retrain(job)

    assert counts() == standing()
    assert counts()[0] == (4, 4)
    assert SpamSample.objects.filter(is_learnt=True).count() == 8


def test_a_decision_on_what_is_being_looked_at_is_neither_lost_nor_counted_twice(post, mona, job, monkeypatch):
    made = make_decided(post, mona, 4, make=make_comment)
    save, did = retraining._save, []

    def after_a_decision(new):
        if not did:
            did.append(decide(made[0], "spam", mona))
        return save(new)

    monkeypatch.setattr(retraining, "_save", after_a_decision)
    retrain(job)

    assert SpamSample.objects.count() == 4
    assert counts() == standing()
    assert counts()[0] == (1, 3)


def test_the_cap_holds_where_a_source_goes_on_meanwhile(post, mona, job, monkeypatch):
    made = make_decided(post, mona, 24, address_digest="a" * 32)

    def go_on():
        decide(made[0], "restore", mona)
        make_decided(post, mona, 4, address_digest="a" * 32)

    meanwhile(monkeypatch, go_on)
    retrain(job)

    assert counts() == standing()
    assert counts()[0] == (10, 10)


def test_words_changed_meanwhile_are_learnt_and_those_before_are_not(post, mona, job, monkeypatch):
    made = make_decided(post, mona, 4)
    meanwhile(monkeypatch, lambda: moderation.edit(made[0], "Quite other words.", actor=mona, seen=_state(made[0])))

    retrain(job)

    assert counts() == standing()
    assert counts()[0] == (2, 2)
    assert not job.problem


def test_words_forgotten_meanwhile_can_no_longer_be_taken_back(post, mona, job, monkeypatch):
    made = make_decided(post, mona, 4)
    meanwhile(monkeypatch, lambda: moderation.delete(made[0], actor=mona))

    retrain(job)

    assert counts()[0] == (2, 2)
    assert SpamSample.objects.get(comment=None).is_learnt is False


def test_who_edits_without_end_is_told(post, mona, job, monkeypatch):
    def changed(*args):
        raise retraining.Changed

    make_decided(post, mona, 2)
    before = counts()
    monkeypatch.setattr(retraining, "_replace", changed)

    retrain(job)

    assert "Too much changed meanwhile" in job.problem
    assert counts() == before


@pytest.mark.django_db(transaction=True)
def test_who_decides_waits_for_the_exchange(post):
    """hold() comes before any sample is read: what is_learnt says is then what it says until the end."""
    made = make_decided(post, make_user("olive", "Owner"), 2)
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "hold", lambda: asked.append(samples))
        lessons.teach({made[0].pk: lessons.Label()})
        with transaction.atomic():
            lessons.forget_words([made[1].pk])
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_many_decide_while_it_is_at_work(monkeypatch):
    olive, post = make_user("olive", "Owner"), make_post()
    job = Job.objects.create(kind=Job.Kind.RETRAIN, user=olive)
    monkeypatch.setattr(retraining, "AT_ONCE", 3)
    made = make_decided(post, olive, 12, make=make_comment, address_digest="a" * 32) + make_decided(post, olive, 12)
    waiting = [make_seen(post, f"Another one, number {number}", address_digest="a" * 32) for number in range(4)]

    def change_minds(comments):
        for comment in comments:
            decide(comment, "restore", olive)
            decide(comment, "approve", olive)

    failed = at_once(
        lambda: retraining.run(job.pk),
        lambda: change_minds(made[::2]),
        lambda: change_minds(made[1::2]),
        lambda: [decide(comment, "spam", olive) for comment in waiting],
    )

    job.refresh_from_db()
    assert not any(isinstance(one, Exception) for one in failed), failed
    assert job.finished_at
    assert not job.problem
    assert counts() == standing()
    assert SpamSample.objects.filter(is_learnt=True).count() == sum(counts()[0])


def _state(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state
