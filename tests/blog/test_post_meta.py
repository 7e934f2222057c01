"""What a post's page says of itself to search engines and to those who share a link."""

import re
from datetime import UTC, datetime

import pytest

from tests.factories import make_post

pytestmark = pytest.mark.django_db
ADDRESS = "http://testserver/2026/03/tides/"


def head(client, post, query: str = "") -> str:
    return client.get(f"{post.get_absolute_url()}{query}").content.decode().partition("</head>")[0]


def meta(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html))


@pytest.fixture
def post():
    return make_post(
        title="Tides & “moons”",
        slug="tides",
        body="<p>Low <b>water</b>.</p>",
        published_at=datetime(2026, 3, 14, tzinfo=UTC),
    )


def test_it_names_the_post_and_its_address(client, post):
    html = head(client, post)
    said = meta(html)
    assert said["description"] == said["og:description"] == "Low water."
    assert (said["og:title"], said["og:url"], said["og:type"]) == ("Tides &amp; “moons”", ADDRESS, "article")
    assert f'<link rel="canonical" href="{ADDRESS}">' in html
    assert "robots" not in said and "og:image" not in said


def test_what_the_author_says_for_search_engines_comes_first(client, post):
    head(client, post)  # what was made once is not kept when its values change
    post.seo_description, post.canonical_url = 'When to "go"', "https://example.org/tides/"
    post.save()
    html = head(client, post)
    assert meta(html)["description"] == "When to &quot;go&quot;"
    assert '<link rel="canonical" href="https://example.org/tides/">' in html
    assert meta(html)["og:url"] == ADDRESS


def test_a_later_page_of_comments_and_a_preview_are_not_for_search_engines(client, admin_client, post):
    assert meta(head(client, post, "?thread=0000000001"))["robots"] == "noindex"
    preview = admin_client.get(f"/admin/preview/{post.pk}/").content.decode()
    assert meta(preview)["robots"] == "noindex"
    assert "robots" not in meta(head(client, post))
