"""Blogger's own addresses lead to what answers them here."""

import pytest
from django.utils import timezone

from blog.models import Label, OldPath
from tests.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/feeds/posts/default", "/feed.atom"),
        ("/feeds/posts/default/", "/feed.atom"),
        ("/feeds/posts/default?alt=rss", "/feed.rss"),
        ("/feeds/posts/summary", "/feed.atom"),
        ("/feeds/comments/default", "/comments/feed.atom"),
        ("/feeds/comments/default?alt=rss", "/comments/feed.atom"),
        ("/2017_06_01_archive.html", "/2017/06/"),
        ("/2017_06_archive.html", "/2017/06/"),
    ],
)
def test_an_address_of_bloggers_leads_to_ours(client, old, new):
    assert_moved(client.get(old), new)


def assert_moved(response, to):
    assert (response.status_code, response.get("Location")) == (301, to)


def make_label(name: str) -> Label:
    """A label that readers may know of: with a published post."""
    label = Label.objects.create(name=name)
    make_post().tags.add(label)
    return label


@pytest.fixture
def label():
    return make_label("Fruit & Veg")


@pytest.mark.parametrize("name", ["Fruit%20%26%20Veg", "fruit%20%26%20veg", "FRUIT%20%26%20VEG"])
def test_a_label_is_found_by_its_name_whatever_its_capitals(client, label, name):
    assert_moved(client.get(f"/search/label/{name}"), f"/label/{label.slug}/")


def test_of_two_labels_the_exact_one_is_meant(client):
    make_label("go")
    exact = make_label("Go")

    assert_moved(client.get("/search/label/Go"), f"/label/{exact.slug}/")


def test_a_label_may_hold_a_slash(client):
    label = make_label("AC/DC")

    assert_moved(client.get("/search/label/AC%2FDC"), f"/label/{label.slug}/")


@pytest.mark.parametrize(("query", "kind"), [("", "atom"), ("?alt=rss", "rss")])
def test_a_labels_feed_leads_to_ours(client, label, query, kind):
    response = client.get(f"/feeds/posts/default/-/Fruit%20%26%20Veg{query}")

    assert_moved(response, f"/label/{label.slug}/feed.{kind}")


@pytest.mark.parametrize("path", ["/search/label/nothing", "/search/label/%00", "/feeds/posts/default/-/nothing"])
def test_an_unknown_label_is_not_found(client, label, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/2017_13_01_archive.html", "/2017_6_archive.html"])
def test_no_month_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_an_old_permalink_leads_to_the_post(client):
    post = make_post(slug="apples", published_at=timezone.now())
    OldPath.objects.create(path="/2017/06/apples.html", post=post)

    assert_moved(client.get("/2017/06/apples.html"), post.get_absolute_url())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/2017/06/apples.html?m=1", "/2017/06/apples.html"),
        ("/?m=0", "/"),
        ("/search/?q=a%26b&m=1&page=2", "/search/?q=a%26b&page=2"),
        ("/label/caf%C3%A9/?m=1", "/label/caf%C3%A9/"),
        ("/%2Fevil.example/?m=1", "/evil.example/"),
    ],
)
def test_the_address_for_telephones_leads_to_the_one_for_all(client, old, new):
    assert_moved(client.get(old), new)


@pytest.mark.parametrize("query", ["m=2", "m=", "n=1", "m=1&m=1"])
def test_other_parameters_stay(client, query):
    assert client.get(f"/robots.txt?{query}").status_code == 200


def test_a_post_with_the_parameter_is_not_sent_on(client):
    assert client.post("/?m=1").status_code == 405
