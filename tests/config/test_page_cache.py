"""The page cache: strict, fine, timely, private."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from blog import versions
from blog.models import Post, Version
from comments import moderation
from comments.models import Comment, CommentSettings
from tests.factories import make_comment, make_page, make_post, make_user

POST = "/2026/03/tides/"


@pytest.fixture
def tides(transactional_db):
    return make_post(title="Tides", labels=("sea",), published_at=datetime(2026, 3, 14, tzinfo=UTC))


@pytest.fixture
def moon(tides):
    return make_post(title="Moon", labels=("sky",), published_at=datetime(2026, 3, 2, tzinfo=UTC))


PAGES = [
    "/",
    POST,
    f"{POST}?order=newest",
    f"{POST}feed.atom",
    "/label/sea/",
    "/label/sea/feed.atom",
    "/author/author/",
    "/author/author/feed.rss",
    "/2026/",
    "/2026/03/",
    "/archive/",
    "/feed.atom",
    "/feed.rss",
    "/comments/feed.atom",
    "/robots.txt",
    "/p/about/",
    "/sitemap.xml",
]


@pytest.mark.parametrize("address", PAGES)
def test_the_second_answer_needs_neither_django_nor_a_query(reader, tides, address, django_assert_num_queries):
    make_page(title="About", author=tides.author)
    first = reader.get(address)
    with django_assert_num_queries(0):
        second = reader.get(address)
    assert (first.status, second.status) == (200, 200)
    assert (first.body, first.headers["etag"]) == (second.body, second.headers["etag"])
    assert len(reader.made) == 1
    assert first.headers["cache-control"] == "no-cache"
    assert "set-cookie" not in first.headers and first.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "address",
    ["/search/?q=words", "/search/", "/nothing/", "/2026/03/none/", "/?before=none", f"{POST}comment/", "/sign-in/"]
    + ["/admin/", "/favicon.ico", "/media/images/none.png", "/comment/status/none/", "/unsubscribe/none/"],
)
def test_what_is_not_for_everybody_or_not_there_is_not_kept(reader, tides, address):
    assert reader.get(address).status == reader.get(address).status
    assert len(reader.made) == 2
    assert not reader.cache.pages.pages


# Strict


def test_a_change_that_is_committed_shows_at_once(reader, tides):
    assert reader.is_ready(POST) is False and reader.is_ready(POST) is True
    tides.title = "Tide tables"
    tides.save()
    assert "Tide tables" in reader.get(POST).text


def test_a_change_that_is_rolled_back_makes_nothing_old(reader, tides):
    reader.get(POST)
    with pytest.raises(RuntimeError), transaction.atomic():
        tides.title = "Never"
        tides.save()
        raise RuntimeError
    assert reader.is_ready(POST)
    assert not connection.touched


def test_a_page_made_during_a_change_is_not_kept(reader, tides):
    def change_meanwhile(environ, start_response):
        response = reader.django(environ, start_response)
        Post.objects.filter(pk=tides.pk).update(title="Changed")
        return response

    reader.cache.django = change_meanwhile
    assert "Tides" in reader.get(POST).text
    reader.cache.django = reader._django
    assert "Changed" in reader.get(POST).text


def test_a_page_made_during_another_change_is_kept(reader, tides, moon):
    far = make_post(title="Far", published_at=datetime(2025, 3, 2, tzinfo=UTC))  # not beside it

    def change_meanwhile(environ, start_response):
        Post.objects.filter(pk=far.pk).update(title="Changed")
        return reader.django(environ, start_response)

    reader.cache.django = change_meanwhile
    reader.get(POST)
    reader.cache.django = reader._django
    assert reader.is_ready(POST)


def test_a_view_that_does_not_say_what_it_shows_is_old_after_every_change(reader, tides):
    reader.get("/robots.txt")
    (page,) = reader.cache.pages.pages.values()
    assert page.keys == {versions.SITE}
    page.keys = frozenset({versions.SITE, versions.ALL})
    reader.cache.pages.showing[versions.ALL].update(reader.cache.pages.pages)
    tides.save()
    assert not reader.is_ready("/robots.txt")


def test_a_backup_in_place_of_the_database_makes_everything_old(reader, tides):
    tides.save()
    reader.get(POST)
    Version.objects.update(number=0)
    assert not reader.is_ready(POST)
    assert reader.is_ready(POST)


def test_without_a_database_what_is_ready_is_shown_and_django_says_why_there_is_no_more(reader, tides, monkeypatch):
    reader.get(POST)
    monkeypatch.setattr(reader.cache.pages.watch, "number", lambda: None)
    reader.get(POST)
    assert len(reader.made) == 1
    reader.get("/archive/")
    assert len(reader.made) == 2


# Fine


def test_approving_a_comment_leaves_other_posts_in_place(reader, tides, moon):
    comment = make_comment(tides, status=Comment.Status.PENDING)
    feed, other_feed = f"{POST}feed.atom", f"{moon.get_absolute_url()}feed.atom"
    others = [moon.get_absolute_url(), other_feed, "/archive/", "/label/sky/", "/feed.atom?x=1"]
    shown = ["/", POST, feed, "/label/sea/", "/comments/feed.atom", "/2026/03/"]
    for address in [*others, *shown]:
        reader.get(address)
    moderation.decide([comment], "approve", actor=make_user("mona", "Owner"))
    assert [address for address in others[:4] if not reader.is_ready(address)] == []
    assert [address for address in shown if reader.is_ready(address)] == []


def test_rejecting_one_that_nobody_saw_leaves_everything_in_place(reader, tides):
    comment, mona = make_comment(tides, status=Comment.Status.PENDING), make_user("mona", "Owner")
    reader.get(POST)
    moderation.decide([comment], "reject", actor=mona)
    assert reader.is_ready(POST)


def test_publishing_leaves_other_posts_in_place(reader, tides, moon):
    beside = POST  # which leads to the newer one from now on
    for address in ("/", beside, moon.get_absolute_url(), "/label/sky/", "/feed.atom"):
        reader.get(address)
    make_post(title="Third", labels=("new",))
    assert reader.is_ready(moon.get_absolute_url())
    assert not any(reader.is_ready(address) for address in ("/", beside, "/label/sky/", "/feed.atom"))


def test_writing_a_draft_signing_in_and_uploading_leave_everything_in_place(reader, tides):
    user = make_user("mona", "Owner")
    reader.get("/")
    make_post(title="Later", status=Post.Status.DRAFT)
    assert Client().login(username="mona", password="correct horse")
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])
    assert reader.is_ready("/")


# Timely


def test_a_scheduled_post_shows_on_the_first_request_after_its_time(reader, tides, time_machine):
    time_machine.move_to("2026-04-01 12:00Z", tick=False)
    make_post(title="Ahead", labels=("sea",), published_at=timezone.now() + timedelta(minutes=5))
    lists = ["/", "/label/sea/", "/2026/", "/2026/04/", "/author/author/", "/feed.atom", "/feed.rss"]
    for address in lists:
        assert "Ahead" not in reader.get(address).text
    time_machine.move_to("2026-04-01 12:04:59Z", tick=False)
    assert reader.is_ready("/")
    time_machine.move_to("2026-04-01 12:05Z", tick=False)
    for address in lists:
        assert "Ahead" in reader.get(address).text, address


def test_a_post_that_ends_is_gone_on_the_first_request_after_its_time(reader, tides, time_machine):
    time_machine.move_to("2026-04-01 12:00Z", tick=False)
    fair = make_post(title="The fair", labels=("sea",), expires_at=timezone.now() + timedelta(minutes=5))
    lists = ["/", "/label/sea/", "/2026/", "/2026/04/", "/author/author/", "/feed.atom", "/feed.rss"]
    for address in lists:
        assert "The fair" in reader.get(address).text, address
    reader.get(fair.get_absolute_url())
    time_machine.move_to("2026-04-01 12:04:59Z", tick=False)
    assert reader.is_ready("/")
    assert reader.is_ready(fair.get_absolute_url())
    time_machine.move_to("2026-04-01 12:05Z", tick=False)
    for address in lists:
        assert "The fair" not in reader.get(address).text, address
    assert reader.get(fair.get_absolute_url()).status == 404


def test_comments_close_on_time(reader, tides, time_machine):
    time_machine.move_to("2026-03-15 12:00Z", tick=False)
    CommentSettings(close_after_days=2).save()
    assert "are closed" not in reader.get(POST).text
    time_machine.move_to("2026-03-16 00:00:01Z", tick=False)
    assert "are closed" in reader.get(POST).text


def test_the_forms_token_is_always_good_for_a_day_more(reader, tides, time_machine):
    time_machine.move_to("2026-03-15 12:00Z", tick=False)
    reader.get(POST)
    time_machine.move_to("2026-03-21 23:59Z", tick=False)
    assert reader.is_ready(POST)
    time_machine.move_to("2026-03-22 00:00Z", tick=False)
    assert not reader.is_ready(POST)


# Private


def test_who_is_signed_in_gets_a_page_of_their_own_that_is_not_kept(reader, tides):
    client = Client()
    client.force_login(make_user("mona", "Owner"))
    cookie = f"x=1; sessionid={client.cookies['sessionid'].value}"
    anonymous = reader.get(POST)
    own = reader.get(POST, HTTP_COOKIE=cookie)
    assert "You write as" in own.text and "You write as" not in anonymous.text
    assert own.headers["cache-control"] == "private, no-cache"
    assert reader.get(POST).body == anonymous.body
    assert reader.made == [POST, POST]


def test_any_other_cookie_changes_nothing(reader, tides):
    reader.get(POST)
    assert reader.get(POST, HTTP_COOKIE="commenter=1-2; csrftoken=3").body == reader.get(POST).body
    assert reader.made == [POST]
