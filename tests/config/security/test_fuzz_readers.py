"""Whatever is read from strangers is taken or refused in one line, in bounded time: FUZZ_SECONDS for each kind of it.

What is mutated is right at first, so that most of it gets beyond the first check.
"""

import io
import json
import os
import time
import zipfile

import html5lib
import lxml.etree
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blog import images
from blog.importers import blogger
from blog.importers.records import ImportFault
from blog.importers.source import open_source
from blog.sanitize import COMMENT, POST, clean_comment, clean_post
from comments.blocking import keys
from comments.cases import reading
from comments.spam import transfer
from tests.blog.pictures import moving, photo, picture, written
from tests.blog.test_blogger_reader import OLD_POST, old, old_feed
from tests.factories import make_post

pytestmark = pytest.mark.timeout(0)
SECONDS = float(os.environ.get("FUZZ_SECONDS", "3"))
STRICT = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
SLOWEST = 10.0  # seconds that one of them may take, on a busy machine
PLAIN = settings(
    max_examples=2**30,
    phases=[Phase.generate],
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class Enough(Exception):
    """The time is over."""


def keep_at_it(strategy, read) -> int:
    """Gives it to `read` again and again, for as long as was said; how often."""
    ends, count = time.monotonic() + SECONDS, 0

    @PLAIN
    @given(strategy)
    def once(sent) -> None:
        nonlocal count
        start = time.monotonic()
        if start > ends:
            raise Enough
        read(sent)
        count += 1
        assert time.monotonic() - start < SLOWEST, sent

    with pytest.raises(Enough):
        once()
    print(f"{count} times")
    return count


def changed(samples: list[bytes], pieces: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """One of these with up to eight places of it overwritten, cut out, or filled with a piece."""
    piece = st.sampled_from(pieces) | st.binary(max_size=8)
    change = st.tuples(st.floats(0, 1), st.integers(0, 40), piece)

    def apply(sample: bytes, changes) -> bytes:
        for place, length, put in changes:
            at = int(place * len(sample))
            sample = sample[:at] + put + sample[at + length :]
        return sample

    return st.builds(apply, st.sampled_from(samples), st.lists(change, max_size=8))


XML = (
    b"<entry>",
    b"</entry>",
    b"</feed>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE x [",
    b"&x;",
    b"&#0;",
    b"&#x110000;",
)
XML += (b"\xff\xfe", b"\0", b"<content type='html'>", b"xmlns=''", b"<published>", b"9999-99-99T99:99:99Z", b'"', b"<")
HTML = (
    "<a href='javascript:x'>",
    "<svg>",
    "<math>",
    "<style>",
    "<template>",
    "<noscript>",
    "<![CDATA[",
    "<!--",
    "--!>",
    "<p>",
)
HTML += (
    "</p>",
    "<table>",
    "<td>",
    "<select>",
    "<script>",
    "</script",
    "<b ",
    "<img src=x onerror=x>",
    "&#x6a;",
    "&lt",
    "\0",
    "<pre>\n",
)
HTML += (
    "<figure>",
    "<iframe src='//x'>",
    "<li>",
    "<h2>",
    "<annotation-xml encoding='text/html'>",
    "</",
    "<",
    "'",
    '"',
    "\u202e",
)
HTML += (
    "https://x.org/?a=b&c",
    '<a href="data:text/html,x">',
    "<mi>",
    "<mglyph>",
    "<title>",
    "<textarea>",
    "<form>",
    "<code>",
)


def test_importer():
    feed = old_feed(OLD_POST, old("comment", 5, "<content>Hm</content>")).encode()

    def read(sent: bytes) -> None:
        try:
            list(blogger.read(io.BytesIO(sent)))
        except ImportFault as fault:
            assert "\n" not in str(fault)

    assert keep_at_it(changed([feed], XML), read) > 20


def test_archives(tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Takeout/Blogger/Blogs/x/feed.atom", old_feed(OLD_POST))
    path = tmp_path / "a.zip"

    def read(sent: bytes) -> None:
        path.write_bytes(sent)
        try:
            with open_source(path) as source:
                while source.read(64 * 1024):
                    pass
        except ImportFault as fault:
            assert "\n" not in str(fault)

    assert keep_at_it(changed([made.getvalue()], (b"PK\1\2", b"PK\5\6", b"\xff\xff\xff\xff", b"\0\0\0\0")), read) > 20


def test_pictures():
    kinds = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
    samples = [written(photo((64, 48)), kind).getvalue() for kind in kinds] + [moving().getvalue()]
    samples.append(written(picture().convert("P"), "PNG").getvalue())
    pieces = (
        b"\xff\xff\xff\xff",
        b"\0\0\0\0",
        b"\x7f\xff\xff\xff",
        b"IDAT",
        b"IEND",
        b"acTL",
        b"Exif\0\0",
        b"\xff\xd8",
        b";",
        b"moov",
    )

    def read(sent: bytes) -> None:
        try:
            done = images.process(io.BytesIO(sent))
        except images.ImageRefused as refused:
            assert str(refused) and "\n" not in str(refused)
        else:
            assert done.extension in ("jpg", "png", "webp")

    assert keep_at_it(changed(samples, pieces), read) > 20


def elements(html: str) -> list:
    """As a browser reads it, every element with its attributes."""
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return [one for one in tree.find("body").iter() if one.tag != "body"]


@pytest.mark.parametrize(("clean", "rules"), [(clean_comment, COMMENT), (clean_post, POST)], ids=["comment", "post"])
def test_sanitizer(clean, rules):
    text = st.lists(st.sampled_from(HTML) | st.text(max_size=12), max_size=14).map("".join)

    def read(sent: str) -> None:
        cleaned = clean(sent)
        for one in elements(cleaned):
            assert isinstance(one.tag, str) and one.tag in rules.tags | {"tbody"}, (sent, cleaned)
            for name, value in one.attrib.items():
                assert not name.startswith("on") and name != "style", (sent, cleaned)
                assert not value.strip().lower().startswith(("javascript:", "data:", "vbscript:")), (sent, cleaned)
        assert clean(cleaned) == cleaned, sent

    assert keep_at_it(text, read) > 20


@pytest.mark.django_db
def test_feeds_of_ours(client):
    """Whatever an author typed or an import brought, a feed reader gets XML or JSON."""
    post = make_post(title="Tides", labels=("sea",), published_at=timezone.now())
    # Forms and PostgreSQL refuse a NUL.
    odd = st.lists(st.sampled_from(HTML) | st.text(max_size=12), max_size=8).map("".join)
    odd = odd.map(lambda text: text.replace("\0", ""))

    def read(sent: tuple[str, str, str]) -> None:
        post.title, post.body, post.excerpt = sent[0][:200], sent[1], sent[2][:500]
        post.save()
        atom, rss = (lxml.etree.fromstring(client.get(f"/feed.{kind}").content, STRICT) for kind in ("atom", "rss"))
        assert json.loads(client.get("/feed.json").content)["items"]
        assert len(atom.findall("{*}entry")) == len(rss.findall("channel/item")) == 1

    read(("Tides", "<p>Low water.</p>", ""))  # the first one takes seconds
    assert keep_at_it(st.tuples(odd, odd, odd), read) > 5


@pytest.mark.django_db
def test_rules_of_others():
    lines = 'casino\n# a comment\nexample.com\nspam@example.org\n203.0.113.0/24\n"two words"\nfrag*\n'
    pieces = (b"\n", b"/129", b"::/0", b'"', b"*", b"@", b"\0", b"\xff", b"until 9999-99-99", b"\t", b"=", b"{")

    def read(sent: bytes) -> None:
        keys.draft(sent.decode("utf-8", "replace"), "hold")

    assert keep_at_it(changed([lines.encode()], pieces), read) > 20


def test_cases():
    sample = b'{"cases": [{"id": "a", "setup": {"moderation": true}, "input": {"author": "x", "text": ["y", "z"]}}]}'
    pieces = (b"null", b"[]", b"{}", b"1e999", b"NaN", b'"\\ud800"', b"[" * 3_000, b"true", b",", b"-")

    def read(sent: bytes) -> None:
        try:
            reading.read(sent.decode("utf-8", "replace"))
        except reading.CasesError as error:
            assert str(error)

    assert keep_at_it(changed([sample], pieces), read) > 20


@pytest.mark.django_db
def test_filters_of_others():
    sample = transfer.dump()
    pieces = (b"null", b"[]", b"{}", b"1e999", b"NaN", b"-1", b'""', b"9" * 30, b"[" * 3_000, b"AAAA", b"====")

    def read(sent: bytes) -> None:
        try:
            transfer.load(sent)
        except transfer.Problem as problem:
            assert str(problem)

    assert keep_at_it(changed([sample], pieces), read) > 20
