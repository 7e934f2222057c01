import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from blog import sanitize, totals
from blog import search as blog_search
from blog.models import Label, Page, Post, PostTag, User, Version
from comments import counts, search, standing
from comments.models import (
    Comment,
    Commenter,
    CommentReason,
    CommentSettings,
    ModerationEvent,
    ModerationNote,
    PostCount,
    Report,
)
from comments.moderation import undoable
from config import generate
from config.generate import comments as talk
from config.generate import drafts, tables, words
from config.roles import make_roles
from tests.config.command import ROOT, environment, manage, only_line

# The database's own settings are changed meanwhile, which no transaction allows.
pytestmark = pytest.mark.django_db(transaction=True)

Status = Comment.Status
SEED = 3  # of its eight posts one is Persian


def fill(posts, comments, seed=1, show=lambda what, done, total: None):
    make_roles(apps)
    generate.fill(posts, comments, seed, show)


@pytest.fixture
def site():
    fill(8, 600, seed=SEED)


def documents() -> dict[int, str]:
    column = "rowid" if connection.vendor == "sqlite" else "comment_id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}, CAST(words AS text) FROM comments_search")
        return dict(cursor.fetchall())


def indexed_posts() -> dict[int, tuple]:
    """In whatever order a post's labels are read."""
    columns = "rowid, title, body, labels" if connection.vendor == "sqlite" else "post_id, CAST(vector AS text)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM blog_search")
        return {pk: (*words, sorted(re.sub(r"\d+B", "B", last).split())) for pk, *words, last in cursor.fetchall()}


def structure() -> set[tuple]:
    """All indexes and foreign keys, by name and what they are."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'")
        else:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
                " UNION ALL SELECT conname, conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint"
            )
        return set(cursor.fetchall())


def test_it_makes_so_many(site):
    assert Post.objects.published().count() == 8
    assert Comment.objects.count() == 600
    assert set(Comment.objects.values_list("status", flat=True)) == set(Status.values)
    assert not Comment.objects.filter(created_at__gt=timezone.now()).exists()
    assert all(comment.created_at >= comment.post.published_at for comment in Comment.objects.select_related("post"))


def test_posts_are_as_saving_makes_them(site, client):
    found = indexed_posts()
    for post in Post.objects.filter(kind=Post.Kind.POST).prefetch_related("tags"):
        columns = ("body_html", "body_text", "summary", "toc", "reading_minutes", "slug", "year", "month", "atom_id")
        before = [getattr(post, name) for name in columns]
        dates = set(PostTag.objects.filter(content_object=post).values_list("published_at", flat=True))
        assert dates == {post.published_at} and 1 <= len(post.tags.all()) <= 4
        assert client.get(post.get_absolute_url()).status_code == 200
        post.save()
        assert [getattr(post, name) for name in columns] == before
    assert indexed_posts() == found
    assert blog_search.search(post.title).total >= 1


def test_comments_are_as_saving_makes_them(site):
    found = documents()
    for comment in Comment.objects.select_related("parent"):
        assert comment.body_html == sanitize.clean_comment(comment.body)
        known = search.document(search.indexed(comment))
        assert set(found[comment.pk].split()) == set(known.split())
        above = comment.parent.path[:100] if comment.parent else ""
        assert comment.path == f"{above}{comment.pk:010d}"
        if comment.parent:
            assert comment.parent.post_id == comment.post_id and comment.parent.shown_at <= comment.created_at
        assert (comment.shown_at is not None) or comment.status != Status.APPROVED
        comment.full_clean(exclude=["author_email"] if comment.user_id else [])


def test_counts_and_reasons_agree(site):
    assert counts.site()[counts.REPORTED] == Report.objects.count() > 0
    rows = set(CommentReason.objects.values_list("comment", "code", "status", "created_at"))
    assert rows == {
        (comment.pk, reason.partition(":")[0], comment.status, comment.created_at)
        for comment in Comment.objects.all()
        for reason in comment.reasons
    }
    assert counts.recount() == totals.recount() == 0


def test_the_log_tells_how_each_came_to_be_what_it_is(site):
    stands: dict[int, str] = {}
    before = None
    for event in ModerationEvent.objects.order_by("pk"):
        assert event.from_status == stands.get(event.comment_id, "")
        assert (event.actor is None) == bool(event.rule)
        assert before is None or before.at <= event.at <= timezone.now()
        stands[event.comment_id] = event.to_status
        before = event
    assert stands == dict(Comment.objects.values_list("pk", "status"))
    undone = ModerationEvent.objects.exclude(undoes=None)
    for event in undone:
        assert undoable(ModerationEvent.objects.get(pk=event.undoes).batch).exists()
    assert undone.exists() and ModerationNote.objects.exists()


def test_it_is_believable(site):
    """Bursts after publication, threads, few writers with many comments, several languages."""
    all_of_them = list(Comment.objects.select_related("post"))
    soon = sum(one.created_at - one.post.published_at < timedelta(days=7) for one in all_of_them)
    writers = Counter(one.author_email for one in all_of_them if one.author_email)
    assert soon > len(all_of_them) / 2
    assert max(one.depth for one in all_of_them) >= 3
    assert max(writers.values()) > 10 and min(writers.values()) <= 2
    assert any("‌" in one.body or "ی" in one.body for one in all_of_them)
    assert Counter(one.status for one in all_of_them).most_common(1)[0][0] == Status.APPROVED


def test_some_writers_have_proved_their_address(site):
    proved = Comment.objects.exclude(commenter=None)
    assert 600 / 20 < proved.count() < 600 / 3
    for commenter in Commenter.objects.all():
        theirs = commenter.comments().order_by("pk")
        assert {one.author_email.lower() for one in theirs} == {commenter.email}
        assert theirs[0].created_at == commenter.proved_at
        assert standing.standing(commenter, CommentSettings.load()).level in standing.Level.values
    at_once = [one for one in Comment.objects.all() if one.reasons == ["nothing_against"]]
    assert at_once and all(one.is_proved for one in at_once)


def test_the_accounts_cannot_be_signed_in_to(site):
    accounts = User.objects.filter(username__startswith="generated-")
    assert accounts.exists() and not any(user.has_usable_password() for user in accounts)
    assert not accounts.filter(is_superuser=True).exists()


def test_one_seed_says_the_same_words(transactional_db):
    fill(2, 30, seed=7)
    fill(2, 30, seed=7)
    bodies = list(Comment.objects.order_by("pk").values_list("body", flat=True))
    assert bodies[:30] == bodies[30:]


def test_again_adds_more(site):
    fill(4, 100)
    assert (Post.objects.filter(kind=Post.Kind.POST).count(), Comment.objects.count()) == (12, 700)
    assert counts.recount() == totals.recount() == 0


def test_few_that_come_to_many_are_added_as_the_tables_are(site, monkeypatch):
    monkeypatch.setattr(tables, "_stripped", None)
    fill(1, 10)
    assert Comment.objects.count() == len(documents()) == 610
    assert counts.recount() == totals.recount() == 0


def test_indexes_and_keys_are_as_before(transactional_db):
    before = structure()
    fill(8, 50)
    assert structure() == before


@pytest.mark.parametrize("where", ["Posts", "Comments", "Indexes, comments"])
def test_a_run_that_is_stopped_leaves_nothing(where, monkeypatch):
    fill(3, 50)
    before = structure(), Post.objects.count(), User.objects.count()
    monkeypatch.setattr(talk, "AT_ONCE", 50)
    stop_at = Stop(where)

    with pytest.raises(KeyboardInterrupt):
        fill(30, 400, show=stop_at)

    assert (structure(), Post.objects.count(), User.objects.count()) == before
    assert Comment.objects.count() == len(documents()) == 50
    assert counts.recount() == totals.recount() == 0
    fill(1, 10)
    assert Comment.objects.count() == 60


class Stop:
    """Shows nothing, and is Ctrl-C at the second moment of one phase."""

    def __init__(self, where: str) -> None:
        self.where, self.times = where, 0

    def __call__(self, what: str, done: int, total: int) -> None:
        self.times += what == self.where
        if self.times == (1 if self.where == "Posts" else 2):
            raise KeyboardInterrupt


def test_a_part_that_fails_is_not_there(monkeypatch):
    def fail(first):
        raise RuntimeError

    monkeypatch.setattr(drafts, "count", fail)
    with pytest.raises(RuntimeError):
        fill(1, 10)
    assert Comment.objects.count() == len(documents()) == CommentReason.objects.count() == Post.objects.count() == 0
    assert counts.recount() == totals.recount() == 0


def test_all_pages_are_out_of_date_afterwards(site):
    before = Version.objects.get(key="site").number
    fill(1, 1)
    assert Version.objects.get(key="site").number > before


def test_what_measurements_rely_on(transactional_db):
    fill(300, 1_000)
    posts = Post.objects.filter(kind=Post.Kind.POST)
    assert posts.filter(pinned=True).count() == 3
    assert posts.filter(published_at__gt=timezone.now()).count() == 5
    assert Page.objects.published().count() == len(words.PAGES)
    assert posts.filter(body_text__contains=words.RARE).count() == 80 == blog_search.search(words.RARE).total
    assert 60 < posts.filter(body_text__contains=words.COMMON).count() < 150
    assert Label.objects.count() == 300
    assert 60 < PostTag.objects.filter(tag__name="sea").count() < 150
    assert PostCount.objects.filter(status=Status.APPROVED, count=50).exists()
    assert (posts.last().published_at - posts.first().published_at).days > 365


@pytest.mark.parametrize(
    ("posts", "comments", "said"),
    [(-1, 0, "--posts: use a number"), (1, -1, "--comments: use"), (1, 10**9, "--comments: use"), (0, 5, "--posts")],
)
def test_nonsense_is_refused(posts, comments, said):
    with pytest.raises(CommandError, match=said):
        call_command("generate_content", posts=posts, comments=comments)
    assert not Post.objects.exists()


def test_the_command(static_only):
    assert manage(static_only, "migrate", "-v0").returncode == 0
    done = manage(static_only, "generate_content", "--posts", "3", "--comments", "20", "--seed", "5")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Added 3 posts and 20 comments in ")
    assert "There are 3 posts and 20 comments now." in done.stdout


def test_an_interrupt_is_one_line(static_only):
    assert manage(static_only, "migrate", "-v0").returncode == 0
    command = [sys.executable, "manage.py", "generate_content", "--posts", "200", "--comments", "100000"]
    terminal, its_end = pty.openpty()
    # What runs in the background has Ctrl-C ignored, and so have its children.
    listens = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    running = subprocess.Popen(command, cwd=ROOT, env=environment(static_only), stderr=its_end, preexec_fn=listens)
    os.close(its_end)
    said = b""
    while b"Comments" not in said:
        said += os.read(terminal, 1000)
    running.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # how a terminal says that nobody writes to it any more
        while True:
            said += os.read(terminal, 1000)
    os.close(terminal)
    assert running.wait() == 130, said
    assert said.decode().rpartition("\x1b[K")[2].strip() == "CommandError: Stopped. Nothing of this run was kept."


def test_without_a_database_it_says_so(static_only):
    assert "manage.py prepare" in only_line(manage(static_only, "generate_content", "--posts", "3", "--comments", "20"))
