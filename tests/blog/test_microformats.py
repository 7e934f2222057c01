"""What a page says by its classes, for those who read pages as data: https://microformats.org/wiki/h-entry"""

from datetime import UTC, datetime

import lxml.html
import pytest
from django.utils.dateparse import parse_datetime

from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 14, 12, tzinfo=UTC)


def roots(client, address: str, root: str) -> list:
    page = lxml.html.fromstring(client.get(address).content.decode(), base_url="http://testserver")
    return page.find_class(root)


def texts(element, name: str) -> list[str]:
    return [one.text_content().strip() for one in element.find_class(name)]


def test_a_post_is_an_entry(client):
    ada = make_user("ada", "Author", slug="ada")
    make_post(ada, title="Tides", slug="tides", body="<p>High.</p>", labels=("sea", "moon"), published_at=AT)
    (entry,) = roots(client, "/2026/03/tides/", "h-entry")
    assert texts(entry, "p-name") == ["Tides"] and texts(entry, "e-content") == ["High."]
    assert [parse_datetime(one.get("datetime")) for one in entry.find_class("dt-published")] == [AT]
    (author,) = entry.find_class("p-author")
    assert "h-card" in author.get("class") and author.text_content() == "Ada" and author.get("href") == "/author/ada/"
    assert texts(entry, "p-category") == ["sea", "moon"]


def test_a_list_is_a_feed_of_entries(client):
    for title in ("Tides", "Moon"):
        make_post(title=title, labels=("sea",), published_at=AT)
    for address in ("/", "/label/sea/", "/author/author/", "/2026/03/"):
        (feed,) = roots(client, address, "h-feed")
        entries = feed.find_class("h-entry")
        assert [texts(entry, "p-name")[0] for entry in entries] == ["Moon", "Tides"], address
        assert all(entry.find_class("u-url")[0].get("href").startswith("/2026/03/") for entry in entries)
        assert all(entry.find_class("dt-published")[0].get("datetime") for entry in entries)


def test_a_comment_is_a_citation_with_its_author(client):
    post = make_post(published_at=AT)
    make_comment(post, author_name="Rita", body="Low.", created_at=AT)
    (entry,) = roots(client, post.get_absolute_url(), "h-entry")
    (comment,) = entry.find_class("h-cite")
    assert "u-comment" in comment.get("class")
    assert "Rita" in texts(comment, "p-author")[0]
    assert parse_datetime(comment.find_class("dt-published")[0].get("datetime")) == AT
