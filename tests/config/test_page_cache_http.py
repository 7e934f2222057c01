"""The page cache answers as HTTP has it, in either encoding, and keeps no more than it may."""

import gzip
import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from blog.models import Post
from config.pagecache import pages
from tests.factories import make_post

POST = "/2026/03/tides/"


@pytest.fixture
def tides(transactional_db):
    return make_post(title="Tides", labels=("sea",), published_at=datetime(2026, 3, 14, tzinfo=UTC))


@pytest.fixture
def moon(tides):
    return make_post(title="Moon", labels=("sky",), published_at=datetime(2026, 3, 2, tzinfo=UTC))


# Conditional


def test_an_etag_is_answered_304_in_either_encoding(reader, tides):
    for accepted in ("", "gzip, br"):
        whole = reader.get(POST, HTTP_ACCEPT_ENCODING=accepted)
        again = reader.get(POST, HTTP_ACCEPT_ENCODING=accepted, HTTP_IF_NONE_MATCH=f'"x", W/{whole.headers["etag"]}')
        assert (again.status, again.body) == (304, b"")
        assert again.headers == {name: whole.headers[name] for name in ("cache-control", "vary", "etag")}


def test_each_encoding_has_its_own_etag(reader, tides):
    plain, packed = reader.get(POST), reader.get(POST, HTTP_ACCEPT_ENCODING="gzip")
    assert packed.headers["content-encoding"] == "gzip" and gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert reader.get(POST, HTTP_ACCEPT_ENCODING="gzip;q=0").body == plain.body
    assert reader.get(POST, HTTP_IF_NONE_MATCH=packed.headers["etag"]).status == 200


def test_a_changed_page_has_another_etag(reader, tides):
    before = reader.get(POST).headers["etag"]
    Post.objects.filter(pk=tides.pk).update(title="Tidez")  # as long as before
    assert reader.get(POST, HTTP_IF_NONE_MATCH=before).status == 200


def test_a_date_counts_once_the_page_has_stood_for_two_seconds(reader, tides, time_machine):
    time_machine.move_to("2026-04-01 12:00:00.5Z", tick=False)
    assert "last-modified" not in reader.get(POST).headers
    date = "Wed, 01 Apr 2026 12:00:00 GMT"
    assert reader.get(POST, HTTP_IF_MODIFIED_SINCE=date).status == 200
    time_machine.move_to("2026-04-01 12:00:03Z", tick=False)
    assert reader.get(POST).headers["last-modified"] == date
    assert reader.get(POST, HTTP_IF_MODIFIED_SINCE=date).status == 304
    assert reader.get(POST, HTTP_IF_MODIFIED_SINCE="Wed, 01 Apr 2026 11:59:59 GMT").status == 200
    assert reader.get(POST, HTTP_IF_MODIFIED_SINCE="yesterday").status == 200


def test_head_has_the_headers_alone(reader, tides):
    head, whole = reader.get(POST, method="HEAD"), reader.get(POST)
    assert (head.body, head.headers) == (b"", whole.headers)
    assert reader.get("/2026/03/none/", method="HEAD").body == b""
    assert reader.made == [POST, "/2026/03/none/"]


# Bounded


@pytest.mark.parametrize(
    "address",
    ["/?utm_source=mail&fbclid=x", "/?before=", "/?x", "/?thread=0000000001", "/?q=a&page=2"],
)
def test_what_a_page_does_not_read_makes_no_page_of_its_own(reader, tides, address):
    reader.get("/")
    assert reader.is_ready(address)


def test_parameters_in_another_order_are_the_same_page(reader, tides):
    reader.get(f"{POST}?order=newest&thread=0000000001")
    assert reader.is_ready(f"{POST}?thread=0000000001&order=newest&m2=1")


@pytest.mark.parametrize("address", ["//", "/2026//03/tides/", "/2026/03/TIDES/", "/Archive/"])
def test_other_spellings_of_an_address_fill_nothing(reader, tides, address):
    assert reader.get(address).status in (301, 404)
    assert not reader.cache.pages.pages


def test_bloggers_parameter_is_still_redirected(reader, tides):
    assert reader.get("/?m=1").status == 301


def test_a_host_that_is_not_ours_is_refused_and_not_kept(reader, tides):
    assert reader.get("/", host="evil.example").status == 400
    assert reader.get("/").status == 200
    assert len(reader.cache.pages.pages) == 1


def test_memory_has_a_bound_and_the_least_asked_for_goes_first(reader, tides, moon, monkeypatch):
    for address in ("/", POST, moon.get_absolute_url(), f"{POST}?order=newest"):
        reader.get(address)
    sizes = {key[2]: page.size for key, page in reader.cache.pages.pages.items()}
    monkeypatch.setattr(pages, "MOST_BYTES", sizes["/"] + sizes[POST] + sizes[moon.get_absolute_url()] + 100)
    reader.get("/")
    reader.get("/archive/")
    left = {key[2:] for key in reader.cache.pages.pages}
    assert ("/archive/", "") in left and (POST, "") not in left
    assert (POST, "order=newest") in left  # in a room of their own
    held = reader.cache.pages
    assert held.bytes[False] == sum(page.size for key, page in held.pages.items() if not key[3])
    reader.get("/", host="localhost:1")
    reader.get("/", host="localhost:2")
    assert held.bytes[False] == sum(page.size for key, page in held.pages.items() if not pages.is_aside(key))
    assert set().union(*held.showing.values()) == set(held.pages)


def test_a_cold_page_that_many_ask_for_is_made_once(reader, tides):
    begun, go_on, answers = threading.Event(), threading.Event(), []

    def slow(environ, start_response):
        begun.set()
        assert go_on.wait(20)
        return reader._django(environ, start_response)

    def ask():
        answers.append(reader.get(POST))
        reader.close()  # this thread's connection
        connection.close()

    reader.cache.django = slow
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(20)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert [answer.status for answer in answers] == [200] * 4
    assert reader.made == [POST]
    assert not reader.cache.being_made


def test_a_page_that_fails_leaves_nobody_waiting(reader, tides):
    def fail(environ, start_response):
        raise RuntimeError

    reader.cache.django = fail
    with pytest.raises(RuntimeError):
        reader.get(POST)
    reader.cache.django = reader._django
    assert reader.get(POST).status == 200


# https


def test_plain_http_is_sent_to_https_and_not_kept(reader, tides, settings):
    settings.SECURE_SSL_REDIRECT = True
    reader.cache.django = type(reader.django)()  # its middleware reads the setting once
    assert reader.get("/?utm_source=x").status == 301
    assert reader.get("/?utm_source=x").headers["location"].endswith("?utm_source=x")
    assert not reader.cache.pages.pages


# Feeds, and what else machines ask for again and again


@pytest.mark.parametrize(
    "address", ["/feed.atom", "/feed.rss", "/feed.json", "/comments/feed.atom", "/sitemap.xml", "/manifest.webmanifest"]
)
def test_what_has_not_changed_is_not_sent_again(reader, tides, time_machine, address):
    time_machine.move_to("2026-04-01 12:00:00Z", tick=False)
    reader.get(address)
    time_machine.move_to("2026-04-01 12:00:03Z", tick=False)
    whole = reader.get(address)
    assert whole.status == 200 and whole.body
    assert reader.get(address, HTTP_IF_NONE_MATCH=whole.headers["etag"]).status == 304
    again = reader.get(address, HTTP_IF_MODIFIED_SINCE=whole.headers["last-modified"])
    assert (again.status, again.body) == (304, b"")
    assert reader.made == [address]


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.rss", "/feed.json", "/sitemap.xml"])
def test_what_has_changed_is_sent(reader, tides, time_machine, address):
    time_machine.move_to("2026-04-01 12:00:00Z", tick=False)
    reader.get(address)
    time_machine.move_to("2026-04-01 12:00:03Z", tick=False)
    before = reader.get(address).headers
    make_post(title="Ebb", published_at=datetime(2025, 3, 2, tzinfo=UTC))
    time_machine.move_to("2026-04-01 12:00:06Z", tick=False)
    assert reader.get(address, HTTP_IF_NONE_MATCH=before["etag"]).status == 200
    assert reader.get(address, HTTP_IF_MODIFIED_SINCE=before["last-modified"]).status == 200
