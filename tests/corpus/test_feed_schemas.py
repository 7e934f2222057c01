import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from lxml import etree

from blog.models import Series, SiteSettings
from tests.blog.pictures import in_library
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db

# What the sitemaps' schema asks others to declare, in their documentation's words: a picture has one address, and
# https://developers.google.com/search/docs/specialty/international/localized-versions says what a link has.
OTHERS = {
    "http://www.google.com/schemas/sitemap-image/1.1": """
        <xsd:element name="image"><xsd:complexType><xsd:sequence>
          <xsd:element name="loc" type="xsd:anyURI"/>
        </xsd:sequence></xsd:complexType></xsd:element>
    """,
    "http://www.w3.org/1999/xhtml": """
        <xsd:element name="link"><xsd:complexType>
          <xsd:attribute name="rel" type="xsd:string" fixed="alternate" use="required"/>
          <xsd:attribute name="hreflang" type="xsd:language" use="required"/>
          <xsd:attribute name="href" type="xsd:anyURI" use="required"/>
        </xsd:complexType></xsd:element>
    """,
}
WHOSE = ["/", "/label/sea/", "/author/alice/", "/series/creek/"]
XSD = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"'


def with_others(schema: Path, folder: Path) -> etree.XMLSchema:
    imports = [("http://www.sitemaps.org/schemas/sitemap/0.9", schema.resolve().as_uri())]
    for number, (space, declared) in enumerate(OTHERS.items()):
        file = folder / f"{number}.xsd"
        file.write_text(f'<xsd:schema {XSD} targetNamespace="{space}">{declared}</xsd:schema>')
        imports.append((space, file.as_uri()))
    lines = "".join(f'<xsd:import namespace="{space}" schemaLocation="{place}"/>' for space, place in imports)
    return etree.XMLSchema(etree.fromstring(f"<xsd:schema {XSD}>{lines}</xsd:schema>"))


@pytest.fixture
def content():
    author = make_user("alice", "Author")
    image = in_library(alt="A pier & “sea”")
    SiteSettings(logo=image, tagline="Of the “sea” & <land>").save()
    body = f'<p>High\u2028 &amp; dry</p><p><img src="{image.file.url}" alt=""></p>'
    creek = Series.objects.create(title="The creek & “us”", slug="creek")
    post = make_post(author, title="Tides & <moons>", body=body, labels=("sea", "جزر"), cover=image, series=creek)
    make_post(author, title="Gezeiten", language="de", translation_of=post, labels=("sea",))
    make_comment(post, author_name="ساحل", body="5 < 6 & so on")
    make_page(author=author, title="About")
    return post


@pytest.mark.parametrize("name", ["lists", "posts-{0.year}-{0.month:02d}", "pages", "labels", "series"])
def test_sitemaps_follow_their_schema(client, content, corpus, tmp_path, name):
    schema = with_others(corpus / "feeds/schemas/sitemap.xsd", tmp_path)
    schema.assertValid(etree.fromstring(client.get(f"/sitemap-{name.format(content)}.xml").content))


def test_the_index_of_sitemaps_has_what_its_protocol_asks_for(client, content):
    """The schema at hand has files alone."""
    index = etree.fromstring(client.get("/sitemap.xml").content)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert index.tag == f"{space}sitemapindex" and len(index)
    for named in index:
        assert named.tag == f"{space}sitemap" and [one.tag for one in named] == [f"{space}loc"]
        assert client.get(named[0].text.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("whose", WHOSE)
def test_rss_follows_its_schema(client, content, corpus, whose, is_whole):
    SiteSettings.objects.update(feeds_in_full=is_whole)
    schema = etree.XMLSchema(etree.parse(corpus / "feeds/schemas/rss-2_0.xsd"))
    feed = etree.fromstring(client.get(f"{whose}feed.rss").content)
    assert feed.findall("channel/item")
    schema.assertValid(feed)


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("whose", WHOSE)
def test_json_feed_follows_its_schema(client, content, corpus, whose, is_whole):
    SiteSettings.objects.update(feeds_in_full=is_whole)
    schema = json.loads((corpus / "feeds/schemas/jsonfeed-1.1.schema.json").read_text())
    feed = client.get(f"{whose}feed.json").json()
    assert feed["items"]
    Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER).validate(feed)


@pytest.mark.parametrize("whose", [*WHOSE, "/comments/", "{0}"])
def test_atom_has_what_its_standard_asks_for(client, content, whose):
    """RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have."""
    address = f"{whose.format(content.get_absolute_url())}feed.atom"
    feed = etree.fromstring(client.get(address).content)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"a:{name}", atom)) == 1
        for entry in feed.findall("a:entry", atom):
            assert len(entry.findall(f"a:{name}", atom)) == 1
    assert feed.findall("a:entry", atom)
    assert all(entry.find("a:author/a:name", atom) is not None for entry in feed.findall("a:entry", atom))
    assert feed.find("a:link[@rel='self']", atom).get("href") == f"http://testserver{address}"


def test_atom_has_only_what_its_standard_knows_or_leaves_to_others(client, content):
    """RFC 4287: of its own elements each at most once where it says so, contents of a type, links with an address."""
    feed = etree.fromstring(client.get("/feed.atom").content)
    space = "{http://www.w3.org/2005/Atom}"
    known = {"author", "category", "content", "id", "link", "published", "summary", "title", "updated"}
    for entry in feed.iter(f"{space}entry"):
        own = [one.tag.removeprefix(space) for one in entry if one.tag.startswith(space)]
        assert set(own) <= known
        assert all(own.count(name) == 1 for name in known - {"author", "category", "link"})
        alternates = [
            (one.get("type"), one.get("hreflang")) for one in entry.iterfind(f"{space}link[@rel='alternate']")
        ]
        assert len(alternates) == len(set(alternates)) == 1
        assert all(one.get("href") for one in entry.iter(f"{space}link"))
