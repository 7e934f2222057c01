import pytest

from tests.factories import make_post

pytestmark = pytest.mark.django_db


def test_robots_names_the_sitemap(client):
    response = client.get("/robots.txt")
    assert "Sitemap: http://testserver/sitemap.xml" in response.content.decode()
    assert response["Content-Type"].startswith("text/plain")


def test_the_favicon_is_found(client):
    assert client.get("/favicon.ico")["Location"].endswith("favicon.svg")


def test_a_missing_page_looks_like_the_site(client):
    response = client.get("/nothing/here/")
    html = response.content.decode()
    assert response.status_code == 404 and "There is nothing at this address" in html and "masthead" in html


def test_a_broken_page_looks_like_the_site(client, monkeypatch):
    monkeypatch.setattr("blog.views.months", lambda: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/archive/")
    assert response.status_code == 500 and "Something broke here" in response.content.decode()


def test_a_slash_is_added(client):
    post = make_post(title="Tides")
    assert client.get(post.get_absolute_url().rstrip("/"))["Location"] == post.get_absolute_url()
