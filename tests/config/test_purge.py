"""`manage.py purge`, posts that were long in the bin, and the tick that does it daily."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from blog.models import Image, Label, OldPath, Post, Preview, ReviewNote
from comments import counts, retention
from comments.models import (
    AddressKey,
    Comment,
    CommentSettings,
    ModerationEvent,
    PostCount,
    PostPolicy,
    Report,
    Subscription,
)
from comments.models.commenter import Commenter
from config import tick
from config.bin import CHORES
from tests.config.test_tick import make_result
from tests.factories import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _clock(db, time_machine):
    AddressKey.objects.all().delete()  # the migrations made one, by another clock
    time_machine.move_to(START, tick=False)


@pytest.fixture
def old_site():
    """What is due of each kind: enough for every line of the command."""
    old, post = START - timedelta(days=500), make_post()
    for status in ("spam", "rejected", "removed", "approved", "approved"):
        make_comment(post, status=status, created_at=old, address_digest="ab" * 16)
    Report.objects.create(comment=Comment.objects.last(), kind="rude", address_digest="ab" * 16, created_at=old)
    binned = make_post(title="Binned")
    make_comment(binned)
    put_in_bin(binned, old)


def put_in_bin(post: Post, when: datetime) -> None:
    post.status = Post.Status.BINNED
    post.save()
    Post.objects.filter(pk=post.pk).update(binned_at=when)


def run(capsys, *arguments: str) -> dict[str, str]:
    call_command("purge", *arguments)
    out = capsys.readouterr().out
    return {name: figure.strip() for name, _colon, figure in (line.partition(":") for line in out.splitlines())}


def dump() -> dict[str, list]:
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
        return found


DUE = {
    "digests of addresses": "5",
    "digests on reports": "1",
    "spam": "1",
    "rejected comments": "1",
    "words of removed comments": "1",
    "comments under posts in the bin": "1",
    "posts in the bin": "1",
}


def test_it_says_how_many_of_each(old_site, capsys):
    said = run(capsys)
    assert list(said) == [chore.name for chore in CHORES]
    assert {name: figure for name, figure in said.items() if figure != "0"} == DUE | {"unproved e-mail addresses": "2"}
    assert CommentSettings.load().purged_at == START
    assert set(run(capsys).values()) == {"0"}


def test_a_dry_run_says_it_and_changes_nothing(old_site, capsys):
    before = dump()
    said = run(capsys, "--dry-run")
    assert said.pop("Nothing was changed.") == ""
    # The addresses of the three whose words go are counted too.
    assert {name: figure for name, figure in said.items() if figure != "0"} == DUE | {"unproved e-mail addresses": "5"}
    assert dump() == before


def test_one_that_fails_is_named_and_the_rest_is_done(old_site, capsys, monkeypatch, caplog):
    monkeypatch.setattr("config.bin.search.remove", lambda pk: 1 / 0)
    with pytest.raises(CommandError, match=f"1 of {len(CHORES)} failed"):
        call_command("purge")
    out = capsys.readouterr().out
    assert ["posts", "in", "the", "bin:", "failed"] in [line.split() for line in out.splitlines()]
    assert "Forgetting failed (posts in the bin): ZeroDivisionError" in caplog.text
    assert Post.objects.filter(status="binned").exists() and not Comment.objects.filter(status="spam").exists()


def test_it_can_be_stopped(old_site, monkeypatch):
    def stop(*told):
        raise KeyboardInterrupt

    monkeypatch.setattr("config.management.commands.purge.Bars.show", stop)
    with pytest.raises(CommandError, match="Stopped") as stopped:
        call_command("purge")
    assert stopped.value.returncode == 130
    assert CommentSettings.load().purged_at is None


# The bin.


def empty_bin(past: timedelta) -> dict[str, int]:
    chores = [chore for chore in CHORES if chore not in retention.CHORES]
    return retention.purge(START + past, chores=chores)


def test_a_post_stays_in_the_bin_for_a_month(time_machine):
    put_in_bin(make_post(), START)
    empty_bin(MONTH)
    assert Post.objects.exists()
    empty_bin(MONTH + SECOND)
    assert not Post.objects.exists()


def test_only_what_is_in_the_bin_goes():
    for status in ("draft", "in_review", "published"):
        make_comment(make_post(status=status))
    restored = make_post()
    make_comment(restored)
    put_in_bin(restored, START)
    restored.status = Post.Status.DRAFT
    restored.save()
    assert set(empty_bin(10 * MONTH).values()) == {0}
    assert (Post.objects.count(), Comment.objects.count()) == (4, 4)


def test_all_that_belongs_to_it_goes_with_it():
    kept, post = make_post(labels=("sea",)), make_post(labels=("sea", "moon"), body="<p>lighthouse</p>")
    other, root = make_comment(kept), make_comment(post)
    make_comment(post, parent=root, status="pending")
    make_comment(post, status="spam")
    PostPolicy.objects.create(post=post, max_links=3)
    Subscription.objects.create(
        post=root.post, thread=root.pk, commenter=Commenter.objects.create(email="proved@example.org")
    )
    put_in_bin(post, START)

    emptied = empty_bin(MONTH + SECOND)
    assert (emptied["comments under posts in the bin"], emptied["posts in the bin"]) == (3, 1)

    assert (Post.objects.get(), Comment.objects.get()) == (kept, other)
    assert not PostPolicy.objects.exists() and not Subscription.objects.exists()
    assert set(PostCount.objects.values_list("post", flat=True)) == {kept.pk}
    assert counts.site()["approved"] == 1 and counts.recount() == 0
    assert set(Label.objects.values_list("name", flat=True)) == {"sea", "moon"}
    lines = ModerationEvent.objects.order_by("pk").values_list("from_status", "to_status", "rule", "reason", "actor")
    assert list(lines) == [(status, "", "clock", "expired", None) for status in ("approved", "pending", "spam")]
    with connection.cursor() as cursor:
        for table in ("blog_search", "comments_search"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (1,)


def test_its_pictures_stay_in_the_library():
    image = Image.objects.create(file="a.webp", width=1, height=1)
    put_in_bin(make_post(cover=image), START)
    empty_bin(MONTH + SECOND)
    assert Image.objects.get() == image and not Post.objects.exists()


def test_its_addresses_answer_that_it_is_gone_for_good(client):
    post = make_post(slug="tides")
    address = post.get_absolute_url()
    OldPath.objects.create(path="/older/", post=post)
    post.slug = "tides-and-creeks"
    post.save()
    addresses = [address, "/older/", post.get_absolute_url()]
    put_in_bin(post, START)
    assert {client.get(path).status_code for path in addresses} == {404}
    empty_bin(MONTH + SECOND)
    assert {client.get(path).status_code for path in addresses} == {410}


def test_of_what_was_never_published_no_address_is_kept():
    put_in_bin(make_post(status="draft"), START)
    put_in_bin(make_page(status="draft", title="About"), START)
    empty_bin(MONTH + SECOND)
    assert not OldPath.objects.exists() and not Post.objects.exists()


def test_a_page_goes_too_and_its_address_can_be_used_anew(client):
    put_in_bin(make_page(title="About"), START)
    empty_bin(MONTH + SECOND)
    assert client.get("/p/about/").status_code == 410
    make_page(title="About")
    assert client.get("/p/about/").status_code == 200


# Once a day, by itself.


def due_tick(past: timedelta, time_machine) -> None:
    time_machine.move_to(START + past, tick=False)
    tick.tick(timezone.now())


def test_the_tick_does_it_once_a_day(time_machine):
    post = make_post()
    due_tick(timedelta(0), time_machine)  # never done before
    assert CommentSettings.load().purged_at == START
    make_comment(post, status="spam", created_at=START - MONTH - SECOND)
    due_tick(timedelta(hours=23, minutes=59), time_machine)
    assert Comment.objects.exists()
    due_tick(timedelta(hours=24), time_machine)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("status", ["READY", "RUNNING"])
def test_it_is_not_started_twice(status):
    make_comment(make_post(), status="spam", created_at=START - MONTH - SECOND)
    make_result(status, task_path="config.tasks.purge", started_at=START if status == "RUNNING" else None)
    tick.forget(START)
    assert Comment.objects.exists()


def test_what_ended_does_not_stop_the_next(caplog):
    make_comment(make_post(), status="spam", created_at=START - MONTH - SECOND)
    make_result("FAILED", task_path="config.tasks.purge", finished_at=START)
    with caplog.at_level(logging.ERROR):
        tick.forget(START)
    assert not Comment.objects.exists() and not caplog.records


def test_what_guests_left_at_a_preview_goes_in_the_end():
    post = make_post(status="draft")
    guest = {"post": post, "created_by": post.author, "expires_at": START}
    link = Preview.objects.create(key_hash="a", **guest)
    note = ReviewNote.objects.create(post=post, preview=link, name="Gast", text="Good.", settled_at=START)
    by_author = ReviewNote.objects.create(post=post, author=post.author, text="Thanks.", settled_at=START)
    for days, left in ((89, {note, by_author}), (91, {note, by_author}), (366, {by_author})):
        retention.purge(START + timedelta(days=days), chores=CHORES)
        assert Preview.objects.exists() is (days < 90)
        assert set(ReviewNote.objects.all()) == left
