"""JSON Feed 1.1, by the words of its specification: https://www.jsonfeed.org/version/1.1/"""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from blog.models import Series, SiteSettings
from tests.blog.pictures import in_library
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 14, 12, tzinfo=UTC)
OF_FEED = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "icon": str,
    "language": str,
    "items": list,
}
OF_ITEM = {
    "id": str,
    "url": str,
    "title": str,
    "content_html": str,
    "summary": str,
    "image": str,
    "date_published": str,
    "date_modified": str,
    "authors": list,
    "tags": list,
    "language": str,
    "_comments": dict,
}
ADDRESSES = {"home_page_url", "feed_url", "icon", "url", "image"}


def feed_of(client, address: str = "/feed.json") -> dict:
    """The feed, whose every name and value is as the specification has it."""
    response = client.get(address)
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content.decode())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {"title", "items"} <= feed.keys()
    _check(feed, OF_FEED)
    for item in feed["items"]:
        assert {"id", "content_html"} <= item.keys()  # an item must have an id, and one of its two contents
        _check(item, OF_ITEM)
        assert all(isinstance(tag, str) and tag for tag in item.get("tags", []))
        for author in item["authors"]:
            assert author.keys() <= {"name", "url", "avatar"} and author
        if comments := item.get("_comments"):  # an extension: its name begins so, and `about` says what it is
            assert comments.keys() == {"about", "url"} and comments["url"].startswith("http://testserver/")
        for name in ("date_published", "date_modified"):
            assert parse_datetime(item[name]).tzinfo is not None
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed


def _check(values: dict, kinds: dict) -> None:
    for name, value in values.items():
        assert isinstance(value, kinds[name]), name
        assert value or name in ("items", "content_html"), name  # what is empty is left out
        assert name not in ADDRESSES or value.startswith("http://testserver/"), name


def test_it_says_what_the_site_and_its_posts_are(client):
    SiteSettings(title="جزر و مد", tagline="Of the “sea”", language="fa").save()
    ada = make_user("ada", "Author", slug="ada", display_name="Ada L.")
    cover = in_library(alt="A pier")
    post = make_post(
        ada, title="Tides <b>&", slug="tides", body="<p>High & dry</p>", labels=("sea",), published_at=AT, cover=cover
    )
    feed = feed_of(client)
    assert (feed["title"], feed["description"], feed["language"]) == ("جزر و مد", "Of the “sea”", "fa")
    assert (feed["home_page_url"], feed["feed_url"]) == ("http://testserver/", "http://testserver/feed.json")
    (item,) = feed["items"]
    assert (item["title"], item["url"], item["id"]) == (
        "Tides <b>&",
        "http://testserver/2026/03/tides/",
        post.atom_id,
    )
    assert "<p>High &amp; dry</p>" in item["content_html"]
    assert item["image"] == f"http://testserver{cover.file.url}" and f'src="{item["image"]}"' in item["content_html"]
    assert item["authors"] == [{"name": "Ada L.", "url": "http://testserver/author/ada/"}]
    assert item["tags"] == ["sea"]
    assert parse_datetime(item["date_published"]) == AT
    assert "language" not in item


def test_first_words_alone_where_the_settings_say_so(client):
    SiteSettings(feeds_in_full=False).save()
    make_post(title="Tides", body="<p>First.</p><p>And <b>last</b>.</p>", excerpt="Only < this.")
    (item,) = feed_of(client)["items"]
    assert item["summary"] == "Only < this."
    assert "Only &lt; this." in item["content_html"] and "last" not in item["content_html"]


def test_an_item_in_another_language_says_so(client):
    make_post(title="Gezeiten", language="de")
    make_post(title="Tides", language="en")
    assert [item.get("language") for item in feed_of(client)["items"]] == [None, "de"]


def test_an_item_says_where_its_comments_are(client):
    make_post(title="Tides", slug="tides", published_at=AT)
    make_post(title="Hidden", comments_mode="hidden")
    hidden, tides = feed_of(client)["items"]
    assert tides["_comments"]["url"] == "http://testserver/2026/03/tides/#comments"
    assert "_comments" not in hidden


def test_a_post_without_words_is_an_item(client):
    make_post(title="Silence", body="")
    (item,) = feed_of(client)["items"]
    assert item["content_html"] == ""


def test_labels_authors_and_series_have_their_own(client):
    ada, creek = make_user("ada", "Author", slug="ada"), Series.objects.create(title="Creek")
    make_post(ada, title="Tides", labels=("sea",))
    make_post(title="Ebb", series=creek)
    make_post(title="Later", labels=("sea",), published_at=timezone.now() + timedelta(days=1))
    found = {
        address: [item["title"] for item in feed_of(client, address)["items"]]
        for address in ("/feed.json", "/label/sea/feed.json", "/author/ada/feed.json", "/series/creek/feed.json")
    }
    assert list(found.values()) == [["Ebb", "Tides"], ["Tides"], ["Tides"], ["Ebb"]]


def test_an_empty_feed_is_a_feed(client):
    assert feed_of(client)["items"] == []


@pytest.mark.parametrize("address", ["/label/none/feed.json", "/author/nobody/feed.json", "/series/none/feed.json"])
def test_an_unknown_owner_answers_404(client, address):
    assert client.get(address).status_code == 404
