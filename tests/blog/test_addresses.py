import pytest

from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def test_the_sitemap_names_all_that_is_public(client):
    make_post(title="Tides", labels=("sea",))
    make_post(title="Draft", status="draft", labels=("hidden",))
    make_page(title="About")
    index = client.get("/sitemap.xml").content.decode()
    for section in ("lists", "posts", "pages", "labels"):
        assert f"/sitemap-{section}.xml" in index
    assert "tides" in client.get("/sitemap-posts.xml").content.decode()
    assert "draft" not in client.get("/sitemap-posts.xml").content.decode()
    assert "/p/about/" in client.get("/sitemap-pages.xml").content.decode()
    labels = client.get("/sitemap-labels.xml").content.decode()
    assert "/label/sea/" in labels and "hidden" not in labels


def test_the_index_of_maps_reads_no_post(client, django_assert_num_queries):
    for number in range(3):
        make_post(title=f"Post {number}")
    with django_assert_num_queries(6) as queries:
        client.get("/sitemap.xml")
    assert not [query["sql"] for query in queries if '"blog_post"."title"' in query["sql"]]


def test_an_unknown_sitemap_answers_404(client):
    assert client.get("/sitemap-x.xml").status_code == 404


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
