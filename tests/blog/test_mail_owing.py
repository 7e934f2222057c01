"""What is owed is owed once, within the transaction that gives cause for it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from blog import tasks
from blog.mail import owe, owe_many
from blog.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def enqueued(monkeypatch):
    """How often the sending was asked for."""
    calls = []
    monkeypatch.setattr(type(tasks.send_mails), "enqueue", lambda task, *args, **kwargs: calls.append(task))
    return calls


def test_it_works(enqueued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        owe("password", "password:1", {"user": 1})
        assert enqueued == []
    mail = Mail.objects.get()
    assert (mail.kind, mail.key, mail.data, mail.status) == ("password", "password:1", {"user": 1}, "waiting")
    assert mail.send_after <= timezone.now()
    assert enqueued == [tasks.send_mails]


def test_the_same_key_is_owed_once():
    owe("password", "password:1", {"user": 1})
    owe("password", "password:1", {"user": 2})
    assert [mail.data for mail in Mail.objects.all()] == [{"user": 1}]


def test_what_was_sent_is_not_owed_again():
    owe("password", "password:1", {"user": 1})
    Mail.objects.update(status="sent", data={})
    owe("password", "password:1", {"user": 1})
    assert [mail.status for mail in Mail.objects.all()] == ["sent"]


def test_nothing_is_owed_if_the_cause_is_undone(enqueued, django_capture_on_commit_callbacks):
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        owe("password", "password:1", {"user": 1})
        raise IntegrityError
    assert not Mail.objects.exists()
    assert enqueued == []


def test_a_delayed_one_is_left_to_the_tick(enqueued, django_capture_on_commit_callbacks):
    before = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        owe("password", "password:1", {"user": 1}, delay=timedelta(minutes=5))
    assert Mail.objects.get().send_after >= before + timedelta(minutes=5)
    assert enqueued == []


def test_many_are_owed_with_few_queries(enqueued, django_capture_on_commit_callbacks, django_assert_num_queries):
    owe("password", "password:3", {"user": 3})
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(1):
        owe_many("password", {f"password:{number}": {"user": number} for number in range(50)})
    assert Mail.objects.count() == 50
    assert enqueued == [tasks.send_mails]


def test_while_the_server_is_away_the_tick_alone_tries(enqueued, django_capture_on_commit_callbacks):
    owe("password", "password:1", {"user": 1}, delay=timedelta(minutes=5))
    Mail.objects.update(unreached_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        owe("password", "password:2", {"user": 1})
    assert enqueued == []


def test_a_queue_in_trouble_fails_nobodys_request(monkeypatch, django_capture_on_commit_callbacks):
    def broken(*args):
        raise RuntimeError("of a broken queue")

    monkeypatch.setattr(type(tasks.send_mails), "enqueue", broken)
    with django_capture_on_commit_callbacks(execute=True):
        owe("password", "password:1", {"user": 1})
    assert Mail.objects.exists()
