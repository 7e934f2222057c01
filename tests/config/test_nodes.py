"""Several machines on one PostgreSQL: as strict as one, and a person is the same at each."""

import shutil

import pytest
from django.apps import apps
from django.conf import global_settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from blog.models import Post, SiteSettings
from comments.models import Comment
from config.roles import make_roles
from tests.config.node import READER, Node, Visitor
from tests.factories import make_comment, make_post, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="several machines need PostgreSQL: DATABASE_URL"),
]
PAGE = "/2026/03/tides/"
PUBLISHED = timezone.datetime(2026, 3, 14, 12, tzinfo=timezone.get_default_timezone())
OFTEN = 16  # requests, each by a connection of its own: enough that all workers of a node have had some
SETTINGS = "/admin/blog/sitesettings/1/change/"


@pytest.fixture
def nodes(static_only, settings):
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # those that the nodes know
    make_roles(apps)
    folders = [static_only, shutil.copytree(static_only, static_only.parent / "other")]
    nodes = [Node(folder) for folder in folders]
    for node in nodes:
        node.start()
    try:
        for node in nodes:
            node.wait_until_up()
        yield nodes
    finally:
        for node in nodes:
            node.stop()


@pytest.fixture
def tides(transactional_db):
    return make_post(title="Tides", slug="tides", published_at=PUBLISHED, labels=("sea",))


def shows(nodes: list[Node], path: str, words: str) -> set[bool]:
    """Whether the page has these words: of every worker of every node."""
    return {words in Visitor(node).get(path) for node in nodes for _ in range(OFTEN)}


def test_what_is_changed_at_one_shows_at_once_at_all(tides, nodes):
    here, _there = nodes
    make_user("olive", "Owner")
    comment = make_comment(tides, status="pending", body="Surely the wind?")
    SiteSettings().save()
    assert shows(nodes, PAGE, "Surely the wind?") == shows(nodes, "/", "Spring tides") == {False}

    olive = Visitor(here)
    olive.sign_in("olive")
    olive.get("/admin/comments/comment/?status=pending")
    olive.send(f"seen-{comment.pk}", to=reverse("admin:comments_comment_approve", args=[comment.pk]))
    assert shows(nodes, PAGE, "Surely the wind?") == {True}

    olive.get(reverse("admin:blog_post_change", args=[tides.pk]))
    olive.send("title", title="Spring tides", _publish="1")
    assert Post.objects.get().title == "Spring tides", olive.text
    for path in (PAGE, "/", "/label/sea/", "/feed.atom"):
        assert shows(nodes, path, "Spring tides") == {True}, path

    olive.get(SETTINGS)
    olive.send("title", title="Notes of a shoreline")
    assert SiteSettings.load().title == "Notes of a shoreline", olive.text
    assert shows(nodes, PAGE, "Notes of a shoreline") == {True}


@pytest.mark.slow
def test_of_many_changes_no_answer_is_older_than_the_last(tides, nodes):
    for number in range(200):
        Post.objects.filter(pk=tides.pk).update(title=f"Tide number {number}")
        for node in nodes:
            for _ in range(4):
                assert f"Tide number {number}" in Visitor(node).get(PAGE), number


def test_a_person_is_signed_in_and_out_at_all(tides, nodes):
    here, there = nodes
    make_user("mona", "Moderator")
    mona, other = Visitor(here), Visitor(there)
    mona.sign_in("mona")
    other.cookies = mona.cookies
    assert "You write as" in other.get(PAGE)
    assert other.headers["Cache-Control"] == "private, no-cache"
    other.send("csrfmiddlewaretoken", to="/sign-out/")
    mona.cookies["sessionid"] = other.cookies["sessionid"]
    assert "You write as" not in mona.get(PAGE)


def test_a_form_got_from_one_is_taken_by_the_other(tides, nodes):
    here, there = nodes
    reader = Visitor(here)
    reader.get(PAGE)
    reader.node = there
    reader.send("text", text="Surely the wind?", **READER)
    assert "Is this as you meant it?" in reader.text
    reader.node = here
    reader.comment_under(PAGE, "Surely the wind?")
    reader.node = there
    assert "Surely the wind?" in reader.get(reader.path)
    assert Comment.objects.count() == 1
