import pytest
from lxml import etree

from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def content():
    author = make_user("alice", "Author")
    post = make_post(author, title="Tides & <moons>", body="<p>High\u2028 &amp; dry</p>", labels=("sea", "جزر"))
    make_comment(post, author_name="ساحل", body="5 < 6 & so on")
    make_page(author=author, title="About")
    return post


@pytest.mark.parametrize("name", ["lists", "posts-{0.year}-{0.month:02d}", "pages", "labels"])
def test_sitemaps_follow_their_schema(client, content, corpus, name):
    schema = etree.XMLSchema(etree.parse(corpus / "feeds/schemas/sitemap.xsd"))
    schema.assertValid(etree.fromstring(client.get(f"/sitemap-{name.format(content)}.xml").content))


@pytest.mark.parametrize("address", ["/feed.rss", "/label/sea/feed.rss", "/author/alice/feed.rss"])
def test_rss_follows_its_schema(client, content, corpus, address):
    schema = etree.XMLSchema(etree.parse(corpus / "feeds/schemas/rss-2_0.xsd"))
    schema.assertValid(etree.fromstring(client.get(address).content))


@pytest.mark.parametrize("address", ["/feed.atom", "/label/sea/feed.atom", "/comments/feed.atom"])
def test_atom_has_what_its_standard_asks_for(client, content, address):
    """RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have."""
    feed = etree.fromstring(client.get(address).content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"a:{name}", atom)) == 1
        for entry in feed.findall("a:entry", atom):
            assert len(entry.findall(f"a:{name}", atom)) == 1
    assert feed.findall("a:entry", atom)
    assert all(entry.find("a:author/a:name", atom) is not None for entry in feed.findall("a:entry", atom))
    assert feed.find("a:link[@rel='self']", atom).get("href") == f"http://testserver{address}"
