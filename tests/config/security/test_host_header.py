"""What a request says of the site's name is not believed: links name SITE_URL, and other names are refused."""

from datetime import UTC, datetime

import pytest
from django.core import mail as outbox
from django.test import Client

from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
FORGED = {"X-Forwarded-Host": "elsewhere.example", "Forwarded": "host=elsewhere.example", "X-Host": "elsewhere.example"}
PAGES = [
    "/",
    "/2026/03/tides/",
    "/feed.atom",
    "/feed.rss",
    "/feed.json",
    "/sitemap.xml",
    "/robots.txt",
    "/opensearch.xml",
]


@pytest.fixture
def site(settings):
    settings.SITE_URL = "http://blog.example.org"
    settings.ALLOWED_HOSTS = ["blog.example.org", "www.example.org"]
    return make_post(title="Tides", published_at=datetime(2026, 3, 14, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "blog.example.org.elsewhere.example", "blog.example.org@e", "", "a b"]
)
def test_host_header(site, host):
    for path in (*PAGES, "/sign-in/", "/admin/", "/password/"):
        response = Client(raise_request_exception=False).get(path, headers={"Host": host})
        assert response.status_code == 400, path
        assert b"elsewhere" not in response.content


@pytest.mark.parametrize("path", PAGES)
def test_links_name_the_site_whatever_it_was_asked_as(site, path):
    response = Client().get(path, headers={"Host": "www.example.org:8080", **FORGED})
    assert response.status_code == 200
    assert b"www.example.org" not in response.content and b"elsewhere" not in response.content


def test_a_mailed_link_names_the_site(site, django_capture_on_commit_callbacks):
    make_user("ada", "Author")
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/password/", {"who": "ada"}, headers={"Host": "www.example.org", **FORGED})
    assert "http://blog.example.org/password/" in outbox.outbox[0].body
    assert "elsewhere" not in outbox.outbox[0].body and "www." not in outbox.outbox[0].body
