"""What pages say of themselves in the terms of schema.org: data that a browser reads as data, whatever is in it."""

import json
from datetime import UTC, datetime

import lxml.html
import pytest

from blog.models import Series, SiteSettings
from tests.blog.pictures import in_library
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 14, 12, tzinfo=UTC)
NASTY = "</script><script>alert(1)</script> \"quoted\" 'so' & <!-- \u2028 \\u003C"


def data_of(client, address: str) -> list[dict]:
    """Each block of the page, as a browser finds it: parsed as HTML first."""
    page = lxml.html.fromstring(client.get(address).content.decode())
    blocks = page.xpath("//script[@type='application/ld+json']")
    assert not page.xpath("//script[not(@src) and not(@type='application/ld+json')]")  # nothing broke out of one
    return [json.loads(block.text) for block in blocks]


def nodes_of(client, address: str) -> dict[str, dict]:
    """By type, all that the page says."""
    said = data_of(client, address)
    assert all(block["@context"] == "https://schema.org" for block in said)
    nodes = [node for block in said for node in block.get("@graph", [block])]
    return {node.get("@type", "more"): node for node in nodes}


def test_a_post_says_what_it_is(client, time_machine):
    time_machine.move_to("2026-03-20 12:00Z", tick=False)
    SiteSettings(title="جزر و مد", language="fa").save()
    ada = make_user("ada", "Author", slug="ada", display_name="آدا")
    creek, cover = Series.objects.create(title="Creek"), in_library(alt="اسکله")
    make_post(ada, title="ماه", slug="moon", labels=("دریا", "sky"), published_at=AT, cover=cover, series=creek)
    node = nodes_of(client, "/2026/03/moon/")["BlogPosting"]
    assert node["headline"] == "ماه"
    assert node["url"] == node["mainEntityOfPage"] == node["@id"] == "http://testserver/2026/03/moon/"
    assert (node["datePublished"], node["dateModified"]) == (AT.isoformat(), "2026-03-20T12:00:00+00:00")
    assert node["author"] == {"@type": "Person", "name": "آدا", "url": "http://testserver/author/ada/"}
    assert node["publisher"]["name"] == "جزر و مد" and node["publisher"]["logo"]["url"].startswith("http://testserver/")
    assert node["image"]["url"] == f"http://testserver{cover.file.url}" and node["image"]["caption"] == "اسکله"
    assert (node["image"]["width"], node["image"]["height"]) == (cover.width, cover.height)
    assert node["inLanguage"] == "fa" and node["keywords"] == ["دریا", "sky"]
    assert [part["name"] for part in node["isPartOf"]] == ["جزر و مد", "Creek"]
    assert node["isPartOf"][1]["url"] == "http://testserver/series/creek/"


def test_it_says_the_way_to_a_post(client):
    make_post(title="Tides", slug="tides", labels=("sea", "moon"), published_at=AT)
    way = nodes_of(client, "/2026/03/tides/")["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in way] == [
        (1, "Marginalia", "http://testserver/"),
        (2, "sea", "http://testserver/label/sea/"),
        (3, "Tides", "http://testserver/2026/03/tides/"),
    ]


def test_nothing_that_people_write_ends_it(client):
    SiteSettings(title=NASTY[:100], tagline=NASTY).save()
    user = make_user("eve", "Author", slug="eve", display_name=NASTY)
    post = make_post(user, title=NASTY, excerpt=NASTY, labels=(NASTY[:60],), published_at=AT)
    make_comment(post, author_name=NASTY, body=NASTY)
    found = nodes_of(client, post.get_absolute_url())
    assert found["BlogPosting"]["headline"] == " ".join(NASTY.split())  # a title is one line
    assert found["BlogPosting"]["description"] == NASTY
    assert "alert(1)" in found["more"]["comment"][0]["text"]
    for address in ("/", "/author/eve/", post.tags.get().get_absolute_url()):
        assert data_of(client, address)


def test_comments_are_those_of_the_page_and_at_most_ten(client):
    post = make_post(title="Tides", slug="tides", published_at=AT)
    for number in range(12):
        make_comment(post, author_name=f"Reader {number}", body=f"One & two <3\n\nNumber {number}", created_at=AT)
    make_comment(post, author_name="Pia", status="pending")
    node = nodes_of(client, "/2026/03/tides/")["more"]
    assert node["@id"] == "http://testserver/2026/03/tides/" and node["commentCount"] == 12
    assert [one["author"]["name"] for one in node["comment"]] == [f"Reader {number}" for number in range(10)]
    first = node["comment"][0]
    assert first["@type"] == "Comment" and first["text"] == "One & two <3 Number 0"
    assert first["datePublished"] == AT.isoformat()
    assert first["@id"].startswith("http://testserver/2026/03/tides/#comment-")


def test_a_comment_that_was_taken_down_is_not_among_them(client):
    post = make_post(published_at=AT)
    root = make_comment(post, status="removed", author_name="Gone", body="unseen")
    make_comment(post, parent=root, author_name="Here")
    node = nodes_of(client, post.get_absolute_url())["more"]
    assert [one["author"]["name"] for one in node["comment"]] == ["Here"]


def test_a_post_without_comments_has_none(client):
    assert "more" not in nodes_of(client, make_post(published_at=AT).get_absolute_url())


def test_a_preview_says_nothing_of_the_kind(client, admin_client):
    post = make_post(title="Draft", status="draft")
    assert data_of(admin_client, f"/admin/preview/{post.pk}/?framed=1") == []


def test_a_page_is_a_page_of_the_site(client):
    make_page(title="About")
    found = nodes_of(client, "/p/about/")
    assert found["WebPage"]["name"] == "About" and found["WebPage"]["isPartOf"][0]["@type"] == "WebSite"


def test_home_says_what_the_site_is(client):
    SiteSettings(title="Tidewater", tagline="Of the sea").save()
    found = nodes_of(client, "/")
    assert found["WebSite"]["name"] == found["Blog"]["name"] == "Tidewater"
    assert found["Blog"]["url"] == "http://testserver/" and found["Blog"]["description"] == "Of the sea"


@pytest.mark.parametrize("address", ["/label/sea/", "/2026/03/", "/archive/"])
def test_a_list_is_a_collection(client, address):
    make_post(title="Tides", labels=("sea",), published_at=AT)
    found = nodes_of(client, address)
    assert found["CollectionPage"]["url"] == f"http://testserver{address}"
    assert found["BreadcrumbList"]["itemListElement"][0]["item"] == "http://testserver/"
