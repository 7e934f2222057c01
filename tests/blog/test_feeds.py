from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from blog.models import SiteSettings
from tests.blog.pictures import in_library
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


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
    make_post(title="", excerpt="As pasted\x0bfrom elsewhere", cover=in_library(alt="A p\x08ier"))
    make_comment(post, author_name="B\x08ob")
    for address in ("/feed.atom", "/feed.rss", "/comments/feed.atom"):
        ElementTree.fromstring(client.get(address).content)
    assert entries(client.get("/feed.atom")) == ["", "Tides"]


def test_an_empty_feed_is_a_feed(client):
    assert entries(client.get("/feed.atom")) == []


def first(client, address: str) -> ElementTree.Element:
    root = ElementTree.fromstring(client.get(address).content)
    return root.find(f"{ATOM}entry") if address.endswith("atom") else root.find("channel/item")


# What an entry says


def test_whole_texts_are_contents_and_first_words_summaries(client):
    make_post(body="<p>High.</p><p>Low &amp; dry.</p>", excerpt="Water")
    atom, rss = first(client, "/feed.atom"), first(client, "/feed.rss")
    assert atom.findtext(f"{ATOM}content") == rss.findtext(f"{CONTENT}encoded")
    assert "<p>Low &amp; dry.</p>" in atom.findtext(f"{ATOM}content")
    assert atom.findtext(f"{ATOM}summary") == rss.findtext("description") == "Water"


def test_first_words_alone_lead_to_the_rest(client):
    SiteSettings(feeds_in_full=False).save()
    post = make_post(body="<p>High.</p>", excerpt="Water")
    atom, rss = first(client, "/feed.atom"), first(client, "/feed.rss")
    assert atom.find(f"{ATOM}content") is None and rss.find(f"{CONTENT}encoded") is None
    assert f'href="http://testserver{post.get_absolute_url()}"' in atom.findtext(f"{ATOM}summary")
    assert "High" not in rss.findtext("description")


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.rss"])
def test_the_cover_comes_along(client, address):
    cover = in_library(alt="A pier & “sea”")
    make_post(cover=cover)
    entry = first(client, address)
    said = entry.find(f"{MEDIA}content")
    assert said.attrib == {
        "url": f"http://testserver{cover.file.url}",
        "medium": "image",
        "type": "image/png",
        "width": "60",
        "height": "40",
    }
    assert said.findtext(f"{MEDIA}description") == "A pier & “sea”"
    whole = entry.findtext(f"{ATOM}content") or entry.findtext(f"{CONTENT}encoded")
    assert f'src="http://testserver{cover.file.url}"' in whole and "<source" not in whole


def test_an_entry_leads_to_its_comments(client):
    post = make_post()
    there = f"http://testserver{post.get_absolute_url()}#comments"
    assert first(client, "/feed.atom").find(f"{ATOM}link[@rel='replies']").get("href") == there
    assert first(client, "/feed.rss").findtext("comments") == there
    make_comment(post)
    post.comments_mode = "hidden"
    post.save()
    assert first(client, "/feed.atom").find(f"{ATOM}link[@rel='replies']") is None
    assert first(client, "/feed.rss").find("comments") is None


def test_an_entry_says_who_wrote_it_and_when(client, time_machine):
    time_machine.move_to("2026-03-20 12:00Z", tick=False)
    make_post(make_user("ada", "Author", slug="ada"), labels=("sea", "دریا"), published_at=timezone.now())
    atom, rss = first(client, "/feed.atom"), first(client, "/feed.rss")
    assert atom.findtext(f"{ATOM}author/{ATOM}uri") == "http://testserver/author/ada/"
    assert atom.findtext(f"{ATOM}updated") == rss.findtext(f"{ATOM}updated") == "2026-03-20T12:00:00+00:00"
    assert rss.findtext(f"{DC}creator") == "Ada"
    assert [one.get("term") for one in atom.iter(f"{ATOM}category")] == [one.text for one in rss.iter("category")]


def test_an_entry_in_another_language_says_so(client):
    SiteSettings(language="fa").save()
    make_post(language="fa", published_at=timezone.now() - timedelta(days=1))
    assert first(client, "/feed.atom").get(LANG) is None and first(client, "/feed.rss").find(f"{DC}language") is None
    make_post(language="de")
    assert first(client, "/feed.atom").get(LANG) == first(client, "/feed.rss").findtext(f"{DC}language") == "de"
    assert ElementTree.fromstring(client.get("/feed.atom").content).get(LANG) == "fa"


def test_a_feed_shows_the_sites_icon(client):
    make_post()
    feed = ElementTree.fromstring(client.get("/feed.atom").content)
    assert feed.findtext(f"{ATOM}icon") == "http://testserver/static/icons/192.png"
    assert feed.find(f"{ATOM}logo") is None
    SiteSettings(logo=in_library()).save()
    feed = ElementTree.fromstring(client.get("/feed.atom").content)
    assert feed.findtext(f"{ATOM}icon").startswith("http://testserver/icon-")
    assert feed.findtext(f"{ATOM}logo").startswith("http://testserver/media/images/")
    rss = ElementTree.fromstring(client.get("/feed.rss").content)
    assert rss.findtext("channel/image/url") == feed.findtext(f"{ATOM}icon")


def test_a_comment_says_what_it_answers(client):
    post = make_post(title="Tides")
    root = make_comment(post, created_at=timezone.now() - timedelta(hours=1))
    make_comment(post, parent=root)
    reply, beginning = ElementTree.fromstring(client.get("/comments/feed.atom").content).iter(f"{ATOM}entry")
    assert reply.find(f"{THREAD}in-reply-to").get("ref") == beginning.findtext(f"{ATOM}id")
    assert beginning.find(f"{THREAD}in-reply-to").get("ref") == post.atom_id
    assert "A comment." in reply.findtext(f"{ATOM}content")
