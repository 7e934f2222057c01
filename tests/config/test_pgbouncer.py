"""Behind PgBouncer in transaction mode, whose few connections are shared by all, everything works as without."""

import os
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps
from django.conf import global_settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from blog.models import Post
from comments import counts
from comments.models import BulkDecision, Comment, CommentSettings
from config.pagecache.watch import watch
from config.roles import make_roles
from tests.config import pgbouncer
from tests.config.command import database_url, manage
from tests.config.node import Node, Visitor
from tests.factories import make_comment, make_post, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PgBouncer needs PostgreSQL: DATABASE_URL"),
]
PAGE = "/2026/03/tides/"
PUBLISHED = timezone.datetime(2026, 3, 14, 12, tzinfo=timezone.get_default_timezone())
QUEUE = "/admin/comments/comment/"


@pytest.fixture
def bouncer():
    """With one connection to the database for everybody: whatever one leaves in it, the next one gets."""
    if not pgbouncer.PROGRAM:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(pgbouncer.MISSING)
    bouncer = pgbouncer.PgBouncer(database_url(), pool=1)
    bouncer.start()
    yield bouncer
    bouncer.stop()


@pytest.fixture
def node(bouncer, static_only, settings):
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # those that the node knows
    make_roles(apps)
    node = Node(static_only, DATABASE_URL=bouncer.url)
    node.start()
    try:
        node.wait_until_up()
        yield node
    finally:
        node.stop()


@pytest.fixture
def tides(transactional_db):
    return make_post(title="Tides", slug="tides", published_at=PUBLISHED, labels=("sea",))


@pytest.fixture
def behind(bouncer, settings):
    """This process's own connection goes through it."""
    address, given = urlsplit(bouncer.url), dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"HOST": address.hostname, "PORT": address.port, "PASSWORD": ""}
    yield bouncer
    connection.close()
    connection.settings_dict.clear()
    connection.settings_dict.update(given)


def test_readers_writers_and_moderators_notice_nothing(tides, node):
    make_user("olive", "Owner")
    reader, olive = Visitor(node), Visitor(node)
    reader.comment_under(PAGE, "Surely the wind?")
    comment = Comment.objects.get()
    assert "Surely the wind?" not in reader.get(PAGE)

    olive.sign_in("olive")
    for path in (QUEUE, "/admin/", "/admin/blog/post/", "/admin/blog/user/", "/admin/comments/moderationevent/"):
        olive.get(path)
        assert olive.status == 200, path
    olive.get(QUEUE)
    olive.send(f"seen-{comment.pk}", to=reverse("admin:comments_comment_approve", args=[comment.pk]))
    assert {"Surely the wind?" in reader.get(PAGE) for _ in range(16)} == {True}

    olive.get(reverse("admin:blog_post_change", args=[tides.pk]))
    olive.send("title", title="Spring tides", _publish="1")
    for path in (PAGE, "/", "/label/sea/", "/2026/", "/feed.atom"):
        assert {"Spring tides" in reader.get(path) for _ in range(8)} == {True}, path
    assert PAGE in reader.get("/search/?q=spring")
    assert "Traceback" not in node.log.read_text()


@pytest.mark.slow
def test_of_many_changes_no_answer_is_older_than_the_last(tides, node):
    for number in range(200):
        Post.objects.filter(pk=tides.pk).update(title=f"Tide number {number}")
        for _ in range(8):
            assert f"Tide number {number}" in Visitor(node).get(PAGE), number


def test_commands_and_tasks_run_through_it(tides, bouncer, static_only):
    comments = [make_comment(tides, status="pending", created_at=PUBLISHED) for _ in range(30)]
    mona = make_user("mona", "Owner")
    bulk = BulkDecision.objects.create(actor=mona, verb="spam", place="?status=pending", newest=comments[-1].pk)
    CommentSettings(keep_spam_days=1).save()
    values = {"DATABASE_URL": bouncer.url, "SECRET_KEY": os.environ["SECRET_KEY"]}
    worked = f"from comments.tasks import work_off_bulk; work_off_bulk.call('{bulk.pk}')"
    for words in (["shell", "--no-imports", "-c", worked], ["recount"], ["tick"], ["purge"], ["prepare", "--no-demo"]):
        done = manage(static_only, *words, **values)
        assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    bulk.refresh_from_db()
    assert bulk.changed == 30 and counts.recount() == 0


def test_what_is_read_in_parts_needs_no_connection_of_its_own(behind, tides):
    for _ in range(5):
        make_comment(tides)
    rows = Comment.objects.order_by("pk").iterator(chunk_size=2)
    first = next(rows)
    with psycopg.connect(behind.url, autocommit=True, prepare_threshold=None) as other:
        assert other.execute("SELECT count(*) FROM comments_comment").fetchone() == (5,)
    assert len([first, *rows]) == 5


def test_nothing_of_a_session_is_left_to_the_next(behind, tides):
    fresh = _session(database_url())
    assert _session(behind.url) == fresh
    connection.ensure_connection()
    counts.recount()
    list(Comment.objects.iterator())
    watching = watch()
    assert watching.number() is not None and watching.news(0) is not None
    assert _session(behind.url) == fresh
    watching.close()


def _session(url: str) -> dict:
    """All that a session may hold that outlives a transaction."""
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as session:
        found = dict(session.execute("SELECT name, setting FROM pg_settings WHERE source = 'session'").fetchall())
        for table in ("pg_cursors", "pg_listening_channels()"):
            found[table] = session.execute(f"SELECT count(*) FROM {table}").fetchone()
        # The page cache's own may stay: it is named for its words, and who finds none goes on without.
        prepared = "SELECT count(*) FROM pg_prepared_statements WHERE name NOT LIKE 'marginalia%'"
        found["prepared"] = session.execute(prepared).fetchone()
        locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        return found | {"locks": session.execute(locks).fetchone()}


def test_the_page_cache_goes_on_where_its_statement_is_on_another_connection(behind, tides):
    first, second = watch(), watch()
    assert first.number() == second.number() and first.prepares and second.prepares  # there is one connection
    with psycopg.connect(behind.url, autocommit=True, prepare_threshold=None) as other:
        other.execute("DEALLOCATE ALL")  # as good as another
    tides.title = "Neap tides"
    tides.save()
    (now,) = connection.cursor().execute("SELECT number FROM blog_version WHERE key = ''").fetchone()
    assert first.number() == second.number() == now
    assert not first.prepares and not second.prepares
    first.close(), second.close()


def test_while_it_is_away_the_page_cache_has_no_number(behind, tides):
    watching = watch()
    assert watching.number() is not None
    behind.process.terminate()
    behind.process.wait(15)
    assert watching.number() is None
    assert watching.number() is None
    assert watching.news(0) is None
