"""The clock's work may be stopped, may fail in part, and is told of beforehand."""

from datetime import timedelta

import pytest

from comments import counts, retention
from comments.models import (
    Comment,
    CommentSettings,
    ModerationEvent,
)
from comments.retention import purging
from tests.comments.forgetting import DIGEST, START, After
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after(db, time_machine):
    return After(time_machine)


def test_a_pass_that_was_stopped_goes_on_where_it_was(after, monkeypatch):
    monkeypatch.setattr(purging, "AT_ONCE", 2)
    post = make_post()
    for _ in range(5):
        make_comment(post, status="spam")

    def stop(name, done, total):
        assert (name, total) == ("spam", 5)
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        after(timedelta(days=31), show=stop)
    assert (Comment.objects.count(), counts.site()["spam"], ModerationEvent.objects.count()) == (1, 1, 4)
    assert CommentSettings.load().purged_at is None

    assert after(timedelta(days=31)) == {"spam": 1}
    assert after(timedelta(days=31)) == {}
    assert ModerationEvent.objects.count() == 5
    assert counts.recount() == 0


def test_many_of_one_moment_are_all_found_and_none_twice(after, monkeypatch):
    monkeypatch.setattr(purging, "AT_ONCE", 3)
    post = make_post()
    for status in ("rejected", "spam") * 4:
        make_comment(post, status=status)
    assert after(timedelta(days=200)) == {"spam": 4, "rejected comments": 4}


def test_one_that_fails_is_logged_without_words_and_the_others_are_done(caplog):
    def broken(ids):
        raise ValueError(f"Key (author_email)=({Comment.objects.get().author_email}) already exists.")

    chores = [retention.Chore("broken", "keep_spam_days", lambda before: Comment.objects.all(), broken)]
    make_comment(make_post(), status="spam", author_email="typed@example.org")
    now = START + timedelta(days=31)
    assert "broken" not in retention.purge(now, chores=[*chores, *retention.CHORES])
    assert not Comment.objects.exists()
    assert "Forgetting failed (broken): ValueError" in caplog.text and "in broken" in caplog.text
    assert "typed@example.org" not in caplog.text
    assert CommentSettings.load().purged_at == now


def test_when_it_was_done_is_kept_and_no_setting_is_touched():
    CommentSettings(message="Be kind.", keep_spam_days=9).save()
    retention.purge(START)
    stored = CommentSettings.objects.get()
    assert (stored.purged_at, stored.message, stored.keep_spam_days) == (START, "Be kind.", 9)


def test_counting_says_what_is_due_and_changes_nothing():
    post, old = make_post(), START - timedelta(days=400)
    for status in ("spam", "rejected", "removed", "approved"):
        make_comment(post, status=status, created_at=old, address_digest=DIGEST)
    before = list(Comment.objects.order_by("pk").values())
    assert {name: number for name, number in retention.count(START).items() if number} == {
        "digests of addresses": 4,
        "spam": 1,
        "rejected comments": 1,
        "words of removed comments": 1,
        "unproved e-mail addresses": 4,
    }
    assert list(Comment.objects.order_by("pk").values()) == before
    assert not CommentSettings.objects.exists()
