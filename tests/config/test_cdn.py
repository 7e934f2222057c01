"""What a CDN may hold, and how it is told what is out of date."""

import logging
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from blog import versions
from blog.models import Post, SiteSettings
from comments import moderation
from comments.models import Comment
from config import cdn
from config.models import CdnPurge
from config.ready.keeping import name_of
from tests.comments.racing import at_once
from tests.config.command import ROOT, database_url, environment, manage, only_line
from tests.config.hook import Cdn, Hook
from tests.factories import make_comment, make_page, make_post, make_user

PAGE = "/2026/03/tides/"
TOKEN = "a-token-that-nobody-may-see"


@pytest.fixture
def tides(transactional_db, settings):
    settings.CDN_MAX_AGE = 600
    return make_post(title="Tides", labels=("sea",), published_at=datetime(2026, 3, 14, tzinfo=UTC))


@pytest.fixture
def hook(settings):
    hook = Hook()
    settings.CDN_PURGE_URL, settings.CDN_PURGE_TOKEN = hook.url, TOKEN
    yield hook
    hook.stop()


@pytest.fixture
def told(tides, hook):
    """The hook of a CDN that has been told everything so far."""
    cdn.tell(timezone.now())
    hook.purged.clear()
    return hook


def tell_in(seconds: float = 0) -> None:
    cdn.tell(timezone.now() + timedelta(seconds=seconds))


# What it may hold


def test_a_page_says_how_long_and_by_which_keys(reader, tides):
    for answer in (reader.get(PAGE), reader.get(PAGE), reader.get(PAGE, method="HEAD")):
        assert answer.headers["cache-control"] == "max-age=0, must-revalidate, s-maxage=600"
        assert answer.headers["surrogate-key"] == f"post:{tides.pk} site"
        assert answer.headers["cache-tag"] == f"post:{tides.pk},site"
    assert reader.get("/").headers["surrogate-key"] == f"comments lists post:{tides.pk} site"


def test_what_has_not_changed_may_be_held_on(reader, tides):
    known = reader.get(PAGE).headers["etag"]
    answer = reader.get(PAGE, HTTP_IF_NONE_MATCH=known)
    assert answer.status == 304
    assert answer.headers["cache-control"].endswith("s-maxage=600") and "surrogate-key" in answer.headers


def test_without_a_cdn_nothing_is_said_of_it(reader, tides, settings):
    settings.CDN_MAX_AGE = 0
    headers = reader.get(PAGE).headers
    assert headers["cache-control"] == "no-cache"
    assert "surrogate-key" not in headers and "cache-tag" not in headers


@pytest.mark.parametrize(
    "address",
    ["/search/?q=words", "/nothing/", f"{PAGE}comment/", "/sign-in/", "/admin/", "/comment/status/none/", "/2026/03"],
)
def test_what_is_not_for_everybody_is_not_to_be_held(reader, tides, address):
    headers = reader.get(address).headers
    assert "s-maxage" not in headers.get("cache-control", "") and "surrogate-key" not in headers


def test_nor_is_the_page_of_who_is_signed_in(reader, tides):
    headers = reader.get(PAGE, HTTP_COOKIE="sessionid=abc").headers
    assert headers["cache-control"] == "private, no-cache" and "surrogate-key" not in headers


def test_nor_one_that_was_made_during_a_change_of_what_it_shows(reader, tides):
    def change_meanwhile(environ, start_response):
        response = reader.django(environ, start_response)
        Post.objects.filter(pk=tides.pk).update(title="Changed")
        return response

    reader.cache.django = change_meanwhile
    assert reader.get(PAGE).headers["cache-control"] == "no-cache"
    reader.cache.django = reader._django
    assert "s-maxage" in reader.get(PAGE).headers["cache-control"]


def test_nor_one_that_shows_anything_or_more_than_headers_can_say(settings):
    settings.CDN_MAX_AGE = 600
    assert cdn.tags({versions.SITE, versions.ALL}) == []
    assert cdn.tags({versions.post_key(number) for number in range(10_000)}) == []


def test_it_holds_no_page_past_the_moment_at_which_time_changes_it(reader, tides, time_machine):
    time_machine.move_to("2026-04-01 12:00Z", tick=False)
    make_post(title="Ahead", published_at=timezone.now() + timedelta(seconds=400))
    assert reader.get("/").headers["cache-control"].endswith("s-maxage=400")
    time_machine.move_to("2026-04-01 12:06:39.5Z", tick=False)
    assert reader.get("/").headers["cache-control"] == "no-cache"
    time_machine.move_to("2026-04-01 12:06:40Z", tick=False)
    assert "Ahead" in reader.get("/").text
    assert reader.get("/").headers["cache-control"].endswith("s-maxage=600")


def test_pages_that_a_cdn_holds_are_no_files_for_nginx(reader, tides, settings):
    settings.SITE_URL = "http://testserver"
    reader.get(PAGE)
    ((key, page),) = reader.cache.pages.pages.items()
    assert name_of(key, page) is None
    page.tags = []
    assert name_of(key, page)


# Telling it


def test_it_is_told_once_what_a_change_makes_out_of_date(tides, told):
    Post.objects.filter(pk=tides.pk).update(title="Changed")
    tell_in()
    tell_in()
    assert told.purged == [["comments", f"link:{tides.pk}", "lists", f"post:{tides.pk}"]]
    assert set(told.authorizations) == {f"Bearer {TOKEN}"}


def test_a_change_that_is_rolled_back_is_not_told(tides, told):
    with transaction.atomic():
        Post.objects.filter(pk=tides.pk).update(title="Never")
        transaction.set_rollback(True)
    tell_in()
    assert told.purged == []


def test_many_changes_are_told_together(tides, told):
    moon = make_post(title="Moon")
    for number in range(20):
        Post.objects.filter(pk__in=[tides.pk, moon.pk]).update(title=f"Changed {number}")
    tell_in()
    (keys,) = told.purged
    of_posts = {f"{kind}:{post.pk}" for kind in ("link", "post") for post in (tides, moon)}
    assert set(keys) == {"comments", "lists"} | of_posts


def test_of_everything_one_key_is_told(tides, told, monkeypatch):
    SiteSettings().save()
    tell_in()
    monkeypatch.setattr(cdn, "MOST_KEYS", 2)
    Post.objects.filter(pk=tides.pk).update(title="Changed")
    tell_in()
    assert told.purged == [["site"], ["site"]]


def test_a_backup_in_place_of_the_database_makes_everything_out_of_date(tides, told):
    CdnPurge.objects.update(number=10_000)
    tell_in()
    tell_in()
    assert told.purged == [["site"]]


def test_what_it_does_not_take_is_told_later(tides, told):
    told.answers = [500, 404, 302]
    for number in range(3):
        Post.objects.filter(pk=tides.pk).update(title=f"Changed {number}")
        with pytest.raises(cdn.NotTold, match="it answers"):
            tell_in()
    tell_in()
    assert told.purged == [["comments", f"link:{tides.pk}", "lists", f"post:{tides.pk}"]]
    assert len(told.authorizations) == 5  # nor was it asked elsewhere


def test_while_it_cannot_be_reached_nothing_is_lost(tides, told, settings):
    port = told.port
    told.stop()
    Post.objects.filter(pk=tides.pk).update(title="Changed")
    with pytest.raises(cdn.NotTold, match="Connection refused"):
        tell_in()
    again = Hook(port)
    try:
        tell_in()
        assert again.purged == [["comments", f"link:{tides.pk}", "lists", f"post:{tides.pk}"]]
    finally:
        again.stop()
    told.stop = lambda: None


def test_one_that_does_not_answer_is_not_waited_for(tides, told, monkeypatch):
    monkeypatch.setattr(cdn, "PATIENCE", 0.2)
    go_on = threading.Event()
    told.listeners.append(lambda keys: go_on.wait(20))
    Post.objects.filter(pk=tides.pk).update(title="Changed")
    with pytest.raises(cdn.NotTold):
        tell_in()
    go_on.set()


def test_a_worker_that_was_killed_while_telling_leaves_it_to_the_next(tides, told, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(keys):
        raise Killed

    Post.objects.filter(pk=tides.pk).update(title="Changed")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(cdn, "_post", killed)
        tell_in()
    tell_in(cdn.LEASE.total_seconds() - 1)
    assert told.purged == []
    tell_in(cdn.LEASE.total_seconds() + 1)
    assert len(told.purged) == 1


def test_of_several_workers_one_tells(tides, told):
    for number in range(5):
        Post.objects.filter(pk=tides.pk).update(title=f"Changed {number}")
        results = at_once(*[lambda: cdn.tell(timezone.now())] * 4)
        assert results == [None] * 4
    tell_in()
    assert told.purged == [["comments", f"link:{tides.pk}", "lists", f"post:{tides.pk}"]] * 5


def test_what_it_holds_is_right_once_it_has_been_told(reader, tides, told):
    moon = make_post(title="Moon", labels=("sea",), published_at=datetime(2026, 3, 2, tzinfo=UTC))
    comment, mona = make_comment(tides, status=Comment.Status.PENDING), make_user("mona", "Owner")
    held = Cdn(reader, told)
    addresses = ["/", PAGE, f"{PAGE}feed.atom", moon.get_absolute_url(), "/label/sea/", "/author/author/", "/2026/"]
    addresses += ["/archive/", "/feed.atom", "/comments/feed.atom", "/sitemap.xml"]
    changes = [
        lambda: moderation.decide([comment], "approve", actor=mona),
        lambda: Post.objects.filter(pk=moon.pk).update(title="New moon"),
        lambda: make_post(title="Third", labels=("sea",)),
        lambda: moderation.decide([comment], "remove", actor=mona),
        lambda: make_page(title="About", author=tides.author),
        lambda: SiteSettings(title="Another").save(),
        lambda: moon.delete(),
    ]
    for change in changes:
        before = {address: held.get(address) for address in addresses}
        assert before == {address: held.get(address) for address in addresses} and len(held.held) > 8
        change()
        tell_in()
        for address in addresses:
            assert held.get(address) == reader.get(address).text, address


def test_the_worker_tells_it_and_goes_on_trying(tides, hook, caplog, monkeypatch, tmp_path):
    values = {"DATABASE_URL": database_url(), "SECRET_KEY": os.environ["SECRET_KEY"], "CDN_MAX_AGE": "600"}
    values |= {"CDN_PURGE_URL": hook.url, "CDN_PURGE_TOKEN": TOKEN}
    hook.answers = [500]
    log = tmp_path / "log"
    with log.open("w") as file:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT,
            env=environment(tmp_path, **values),
            stdout=file,
            stderr=file,
        )
    try:
        for _ in range(600):
            if hook.purged and "again" in log.read_text():
                break
            time.sleep(0.1)
        assert len(hook.purged) == 1, log.read_text()
    finally:
        worker.terminate()
        worker.wait(15)
    said = log.read_text()
    assert "it is tried again: it answers 500" in said and "is told of changes again" in said
    assert TOKEN not in said and "secret-zone" not in said and "Traceback" not in said


def test_it_waits_longer_each_time_and_says_so_once(tides, monkeypatch, caplog):
    waits: list[float] = []

    class Stopping:
        def wait(self, seconds: float) -> bool:
            waits.append(seconds)
            return len(waits) > 9

    def fail(now):
        raise cdn.NotTold("it answers 500")

    monkeypatch.setattr(cdn, "tell", fail)
    # The connection is the test's own.
    monkeypatch.setattr(cdn, "close_old_connections", lambda: None)
    with caplog.at_level(logging.INFO):
        cdn.keep_telling(Stopping())
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert caplog.text.count("could not be told") == 1


# Its settings


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"CDN_MAX_AGE": "1h"}, "from 0 to 86400"),
        ({"CDN_MAX_AGE": "86401"}, "from 0 to 86400"),
        ({"CDN_PURGE_URL": "https://cdn.example.org/purge"}, "CDN_MAX_AGE is not"),
        ({"CDN_MAX_AGE": "60", "CDN_PURGE_URL": "cdn.example.org"}, "CDN_PURGE_URL"),
        ({"CDN_MAX_AGE": "60", "CDN_PURGE_URL": "https://me:hidden@cdn.example.org/"}, "CDN_PURGE_URL"),
        ({"CDN_MAX_AGE": "60", "CDN_PURGE_URL": "https://cdn.example.org:x/hidden"}, "CDN_PURGE_URL"),
        ({"CDN_PURGE_TOKEN": "hidden\nX: y"}, "CDN_PURGE_TOKEN"),
    ],
)
def test_a_wrong_setting_stops_the_start_in_one_line(tmp_path, values, words):
    line = only_line(manage(tmp_path, "check", **values))
    assert words in line and "hidden" not in line
