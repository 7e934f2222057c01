from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(response) -> list[str]:
    root = ElementTree.fromstring(response.content)
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")] or [
        item.findtext("title") for item in root.iter("item")
    ]


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.rss", "/label/sea/feed.atom", "/author/alice/feed.rss"])
def test_it_lists_published_posts(client, address):
    alice = make_user("alice", "Author")
    make_post(alice, title="Tides", labels=("sea",))
    make_post(alice, title="Draft", labels=("sea",), status="draft")
    make_post(alice, title="Later", labels=("sea",), published_at=timezone.now() + timedelta(days=1))
    assert entries(client.get(address)) == ["Tides"]


@pytest.mark.parametrize("address", ["/label/none/feed.atom", "/author/nobody/feed.rss"])
def test_an_unknown_owner_answers_404(client, address):
    assert client.get(address).status_code == 404


def test_a_post_keeps_its_id_when_it_moves(client):
    post = make_post(title="Tides")
    before = ElementTree.fromstring(client.get("/feed.atom").content).find(f"{ATOM}entry/{ATOM}id").text
    post.slug = "other"
    post.save()
    assert ElementTree.fromstring(client.get("/feed.atom").content).find(f"{ATOM}entry/{ATOM}id").text == before


def test_its_own_addresses_are_whole(client):
    make_post(body='<p><a href="/p/about/">About</a></p>')
    assert "http://testserver/p/about/" in client.get("/feed.atom").content.decode()


def test_words_that_look_like_addresses_stay(client):
    make_post(body='<p><code>a="/b"</code> <a href="//cdn.example/x">x</a></p>')
    feed = client.get("/feed.atom").content.decode()
    assert '="http://testserver/b"' not in feed and "testserver//cdn" not in feed


def test_control_characters_never_reach_a_feed(client):
    post = make_post(make_user("alice", "Author", display_name="Al\x08ice"), title="Ti\x08des", labels=("s\x01ea",))
    make_comment(post, author_name="B\x08ob")
    for address in ("/feed.atom", "/feed.rss", "/comments/feed.atom"):
        ElementTree.fromstring(client.get(address).content)
    assert entries(client.get("/feed.atom")) == ["Tides"]


def test_an_empty_feed_is_a_feed(client):
    assert entries(client.get("/feed.atom")) == []
