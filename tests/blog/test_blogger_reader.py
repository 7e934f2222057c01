"""What the reader makes of both shapes of a Blogger export, and of what is not one."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog import soup
from blog.importers import blogger, xmlstream
from blog.importers.records import CommentRecord, ImportFault, Left, PostRecord
from blog.importers.source import open_source
from blog.importers.tidy import tidy

BLOG = "tag:blogger.com,1999:blog-77"
OLD_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:gd="http://schemas.google.com/g/2005"
  xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:app="http://purl.org/atom/app#">
<id>{BLOG}.archive</id><title>Apples</title>
"""
TAKEOUT_HEAD = f"""<?xml version='1.0' encoding='utf-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<id>{BLOG}</id><title>Apples</title>
"""
DATES = "<published>2017-06-01T10:00:00.5+02:00</published><updated>2017-06-02T10:00:00Z</updated>"


def read(text: str | bytes) -> list:
    return list(blogger.read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def fault_of(text: str | bytes) -> str:
    with pytest.raises(ImportFault) as caught:
        read(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def old(kind: str, number: int, inner: str, dates: str = DATES) -> str:
    return f"""<entry><id>{BLOG}.post-{number}</id>{dates}
    <category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/blogger/2008/kind#{kind}"/>
    {inner}</entry>"""


def takeout(kind: str, number: int, inner: str, status: str = "LIVE") -> str:
    return f"""<entry><id>{BLOG}.post-{number}</id><blogger:type>{kind}</blogger:type>
    <blogger:status>{status}</blogger:status>{DATES}<link/><enclosure/><category/>{inner}</entry>"""


def old_feed(*entries: str) -> str:
    return OLD_HEAD + "".join(entries) + "</feed>"


def takeout_feed(*entries: str) -> str:
    return TAKEOUT_HEAD + "".join(entries) + "</feed>"


OLD_POST = old(
    "post",
    1,
    """<category scheme="http://www.blogger.com/atom/ns#" term="Fruit"/>
    <category scheme="http://www.blogger.com/atom/ns#" term="Red &amp;amp; green"/>
    <title type="text">Apples &amp;#39;n&amp;#39; pears</title><content type="html">&lt;p&gt;Words&lt;/p&gt;</content>
    <link rel="replies" type="application/atom+xml" href="http://a.example/feeds/1/comments/default"/>
    <link rel="alternate" type="text/html" href="http://a.example/2017/06/apples-n-%C3%A9.html"/>
    <author><name>Anna</name><uri>https://www.blogger.com/profile/123</uri><email>noreply@blogger.com</email></author>
    """,
)


def test_a_post_of_the_older_backup():
    [post] = read(old_feed(OLD_POST))

    assert (post.source, post.source_id, post.kind, post.status) == ("blogger:77", "1", "post", "published")
    assert (post.title, post.body) == ("Apples 'n' pears", "<p>Words</p>")
    assert post.labels == ("Fruit", "Red & green")
    assert post.path == "/2017/06/apples-n-é.html"
    assert post.published == datetime(2017, 6, 1, 8, 0, 0, 500_000, UTC)
    assert post.updated == datetime(2017, 6, 2, 10, tzinfo=UTC)
    assert (post.writer.name, post.writer.key, post.writer.email) == ("Anna", "123", "")
    assert post.atom_id == f"{BLOG}.post-1"


def test_a_post_of_takeout():
    [post] = read(
        takeout_feed(
            takeout(
                "POST",
                1,
                f"""<title>Apples &amp;#39;n&amp;#39; pears</title><content type='html'>Words</content>
                <category scheme='{BLOG}' term='Fruit'/><blogger:filename>/2017/06/apples.html</blogger:filename>
                <blogger:metaDescription>About apples</blogger:metaDescription><blogger:trashed/>
                <author><name>Anna</name><uri></uri><blogger:type>BLOGGER</blogger:type></author>""",
            )
        )
    )

    assert (post.source, post.source_id, post.title) == ("blogger:77", "1", "Apples 'n' pears")
    assert (post.labels, post.path, post.description) == (("Fruit",), "/2017/06/apples.html", "About apples")
    assert (post.writer.name, post.writer.key) == ("Anna", "")


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (old_feed(old("post", 1, "<app:control><app:draft>yes</app:draft></app:control>")), ("post", "draft")),
        (old_feed(old("page", 1, "<title>About</title>")), ("page", "published")),
        (takeout_feed(takeout("POST", 1, "", "DRAFT")), ("post", "draft")),
        (takeout_feed(takeout("PAGE", 1, "")), ("page", "published")),
        (takeout_feed(takeout("POST", 1, "", "SCHEDULED")), ("post", "published")),
        (takeout_feed(takeout("POST", 1, "", "SOMETHING_NEW")), ("post", "draft")),
    ],
)
def test_kind_and_status(feed, expected):
    [post] = read(feed)

    assert (post.kind, post.status) == expected


@pytest.mark.parametrize(
    "entry",
    [
        takeout("POST", 1, "<title>Gone</title><blogger:trashed>2020-01-01T00:00:00Z</blogger:trashed>"),
        takeout("POST", 1, "<title>Gone</title>", "SOFT_TRASHED"),
    ],
)
def test_what_is_in_the_bin_is_left_there(entry):
    [left] = read(takeout_feed(entry))

    assert isinstance(left, Left)
    assert (left.title, left.why) == ("Gone", "it is in Blogger's bin")


def test_settings_and_templates_are_not_content():
    assert read(old_feed(old("settings", 1, ""), old("template", 2, ""))) == []


def test_a_comment_and_a_reply_of_the_older_backup():
    comment, reply = read(
        old_feed(
            old("comment", 5, f'<thr:in-reply-to ref="{BLOG}.post-1" href="http://a.example/"/><content>Hm</content>'),
            old(
                "comment",
                6,
                f"""<thr:in-reply-to ref="{BLOG}.page-1"/><content>Yes</content>
                <link rel="related" href="http://www.blogger.com/feeds/77/1/comments/default/5"/>""",
            ),
        )
    )

    assert isinstance(comment, CommentRecord)
    assert (comment.post_id, comment.parent_id, comment.status, comment.body) == ("1", "", "approved", "Hm")
    assert (reply.post_id, reply.parent_id) == ("1", "5")


def test_a_comment_and_a_reply_of_takeout():
    comment, reply = read(
        takeout_feed(
            takeout("COMMENT", 5, f"<blogger:parent>{BLOG}.post-1</blogger:parent><blogger:inReplyTo/>"),
            takeout(
                "COMMENT",
                6,
                f"<blogger:parent>{BLOG}.post-1</blogger:parent><blogger:inReplyTo>{BLOG}.post-5</blogger:inReplyTo>",
            ),
        )
    )

    assert (comment.post_id, comment.parent_id) == ("1", "")
    assert (reply.post_id, reply.parent_id) == ("1", "5")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("LIVE", "approved"),
        ("PENDING", "pending"),
        ("SPAM", "spam"),
        ("REJECTED_SPAM", "spam"),
        ("EMPTIED", "removed"),
        ("SOMETHING_NEW", "pending"),
    ],
)
def test_the_status_of_a_comment(status, expected):
    [comment] = read(takeout_feed(takeout("COMMENT", 5, "", status)))

    assert comment.status == expected


@pytest.mark.parametrize(
    "inner",
    [
        '<gd:extendedProperty name="blogger.contentRemoved" value="true"/><content>Удалено</content>',
        "<content>This comment has been removed by the author.</content>",
        "<content>This comment has been removed by a blog administrator.</content>",
    ],
)
def test_a_deleted_comment(inner):
    [comment] = read(old_feed(old("comment", 5, inner)))

    assert comment.status == "removed"


def test_without_ids_the_address_tells_items_apart():
    bare = OLD_POST.replace(f"<id>{BLOG}.post-1</id>", "")
    [post] = read(old_feed(bare).replace(f"<id>{BLOG}.archive</id>", ""))

    assert (post.source, post.source_id) == ("blogger:a.example", "path:/2017/06/apples-n-é.html")


def test_without_id_and_address_the_words_tell_items_apart():
    feed = takeout_feed(takeout("POST", 1, "<title>A</title>"), takeout("POST", 2, "<title>B</title>"))
    first, second = read(feed.replace(f"<id>{BLOG}.post-1</id>", "").replace(f"<id>{BLOG}.post-2</id>", ""))

    assert first.source_id != second.source_id
    assert read(feed.replace(f"<id>{BLOG}.post-1</id>", ""))[0].source_id == first.source_id


@pytest.mark.parametrize("date", ["-0044-03-15T00:00:00Z", "yesterday", "9999-12-31T23:59:59-12:00", "0001-01-01"])
def test_a_date_that_cannot_be_is_told_and_replaced(date):
    dates = f"<published>{date}</published><updated>2017-06-02T10:00:00Z</updated>"
    [post] = read(old_feed(old("post", 1, "", dates)))

    assert post.published == datetime(2017, 6, 2, 10, tzinfo=UTC)
    assert date in post.notes[0]


def test_a_post_without_any_date_is_a_draft():
    [post] = read(old_feed(old("post", 1, "", "")))

    assert (post.status, post.notes) == ("draft", ("it has no date: taken as a draft",))


def test_xhtml_and_plain_text_become_html():
    xhtml = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A &lt; <em>b</em></p></div></content>'
    first, second = read(
        old_feed(old("post", 1, xhtml), old("post", 2, '<content type="text">1 &lt; 2 &amp; 3</content>'))
    )

    assert first.body == "<div><p>A &lt; <em>b</em></p></div>"
    assert second.body == "1 &lt; 2 &amp; 3"


def test_the_apis_feed_of_posts_is_read_too():
    entry = f"<entry><id>{BLOG}.post-1</id>{DATES}<title>A</title></entry>"
    [post] = read(f'<feed xmlns="http://www.w3.org/2005/Atom"><id>{BLOG}</id>{entry}</feed>')

    assert (post.kind, post.status, post.title) == ("post", "published", "A")


def test_records_know_their_line():
    [post] = read(old_feed(OLD_POST))

    assert post.line == 5


def test_utf_16_is_read():
    [post] = read(old_feed(OLD_POST).replace("UTF-8", "UTF-16").encode("utf-16"))

    assert post.title == "Apples 'n' pears"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "it is empty."),
        (" \n", "it is empty."),
        ('{"kind": "blogger#post"}', "it is JSON"),
        ("[]", "it is JSON"),
        ("Dear all", "it is not XML."),
        (b"\x1f\x8b\x08", "it is packed with gzip."),
        ("<!DOCTYPE html><html></html>", "it is a web page."),
        ("<html></html>", "it is not Blogger's export."),
        ("<rss></rss>", "it is an RSS file"),
        ('<entry xmlns="http://www.w3.org/2005/Atom"></entry>', "it is a single entry"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id></entry></feed>', "it is an Atom feed, but not"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "it is an Atom feed, but not"),
        ('<?xml version="1.0" encoding="klingon"?><feed/>', "line 1"),
        (old_feed(OLD_POST).encode().replace(b"Words", b"W\xf6rter"), "line 9, column"),
        (old_feed(OLD_POST).replace("Words", "W\0rds"), "line 9, column"),
        (old_feed(OLD_POST).replace("Words", "&#0;"), "line 9, column"),
    ],
)
def test_what_is_no_export_is_called_by_its_name(text, expected):
    assert fault_of(text).startswith(expected)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE feed [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE feed SYSTEM "http://a.example/x.dtd">',
    ],
)
def test_entities_are_refused(doctype):
    assert "line 1: it declares XML entities" in fault_of(
        doctype + '<feed xmlns="http://www.w3.org/2005/Atom">&b;</feed>'
    )


@pytest.mark.parametrize("end", ["", "<entry>", "</wrong></feed>", "<entry></feed>"])
def test_what_comes_before_a_fault_is_read(end):
    found = []
    with pytest.raises(ImportFault, match=r"line \d+, column \d+: broken XML"):
        for item in blogger.read(io.BytesIO((OLD_HEAD + OLD_POST + end).encode())):
            found.append(item)

    assert [type(item) for item in found] == [PostRecord]


def test_one_absurd_item_is_refused(monkeypatch):
    monkeypatch.setattr(xmlstream, "MAX_CHILD", 300_000)

    assert "one item is larger" in fault_of(old_feed(old("post", 1, f"<content>{'x' * 1_000_000}</content>")))


def test_absurd_nesting_is_refused():
    assert "nested too deeply" in fault_of(old_feed(old("post", 1, "<a>" * 200 + "</a>" * 200)))


PIECES = st.sampled_from(
    [
        "<entry>",
        "</entry>",
        "<link href='http://[x'/>",
        "<id/>",
        "<category/>",
        "&#1;",
        "&amp;",
        "é",
        "<!--",
        "<a b='c'>",
        "",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 60), PIECES), max_size=6))
def test_whatever_is_wrong_is_a_fault_with_one_line(changes):
    text = old_feed(OLD_POST, old("comment", 5, "<content>Hm</content>"))
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    try:
        read(text)
    except ImportFault as fault:
        assert "\n" not in str(fault)


# Where the feed is found


def test_a_folder_and_a_zip_as_takeout_gives_them(tmp_path):
    feed = tmp_path / "Takeout" / "Blogger" / "Blogs" / "Apples" / "feed.atom"
    feed.parent.mkdir(parents=True)
    feed.write_text("<feed/>")
    with zipfile.ZipFile(tmp_path / "takeout.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(feed, "Takeout/Blogger/Blogs/Apples/feed.atom")
        archive.writestr("__MACOSX/Takeout/Blogger/Blogs/Apples/feed.atom", "junk")

    for place in (feed, tmp_path / "Takeout", tmp_path / "takeout.zip"):
        with open_source(place) as source:
            assert source.read(100) == b"<feed/>"
            assert (source.size, source.done) == (7, 7)


def fault_at(path: Path, blog: str = "") -> str:
    with pytest.raises(ImportFault) as caught, open_source(path, blog) as source:
        while source.read(1_000_000):
            pass
    return str(caught.value)


def test_of_several_blogs_one_is_chosen_by_name(tmp_path):
    for name in ("Apples", "Pears"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "feed.atom").write_text(name)

    assert fault_at(tmp_path) == "there are several blogs in it. Choose one with --blog: “Apples”, “Pears”."
    with open_source(tmp_path, "Pears") as source:
        assert source.read(9) == b"Pears"
    assert fault_at(tmp_path, "Plums") == "there is no feed.atom of “Plums” in it."


def test_a_place_without_a_feed_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "")

    assert fault_at(tmp_path / "nothing") == "there is no such file or folder."
    assert fault_at(tmp_path) == "there is no feed.atom in it."
    assert fault_at(tmp_path / "a.zip") == "there is no feed.atom in it."
    assert fault_at(Path("/dev/null")) == "it is neither a file nor a folder."


def test_a_zip_bomb_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed.atom", b" " * 150_000_000)

    assert "that is no blog" in fault_at(tmp_path / "a.zip")


def test_a_damaged_zip_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed.atom", bytes(range(256)) * 5000)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[200:220] = bytes(20)
    (tmp_path / "a.zip").write_bytes(data)

    assert fault_at(tmp_path / "a.zip").startswith("the zip archive is damaged")


# The shape of its HTML

TAGS = ["word "] * 6 + [
    f"<{slash}{tag}>"
    for slash in ("", "/")
    for tag in ("b", "i", "div", "p", "ul", "li", "table", "tr", "td", "blockquote", "pre", "h2", "span", "a href='/x'")
]
TAGS += ["<br>", "<hr>", "\n", "<table class='tr-caption-container'>", "<td class='tr-caption'>"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<br /><br />b<br/>c", "<p>a</p><p>b<br>c</p>"),
        ("<div>a</div><div><br></div><div>b</div>", "<p>a</p><p>b</p>"),
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("<p>a\nb</p>\n<p>c</p>", "<p>a b</p><p>c</p>"),
        ("<b>a<br><br>b</b> c", "<p><strong>a</strong></p><p><strong>b</strong> c</p>"),
        ('<span style="font-weight: bold;">a <i>b</span> c</i>', "<p><strong>a <em>b</em></strong><em> c</em></p>"),
        ("<h1>a</h1>b", "<h2>a</h2><p>b</p>"),
        (
            "<ul><li>a<li>b<ol start=3><li>c</ol></ul>d",
            '<ul><li>a</li><li>b<ol start="3"><li>c</li></ol></li></ul><p>d</p>',
        ),
        ("<pre>a\n  b<br>&lt;c&gt;</pre>", "<pre><code>a\n  b\n&lt;c&gt;</code></pre>"),
        ("<blockquote>a<br><br>b</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("<script>x</script><style>y</style>a<!-- z -->", "<p>a</p>"),
        ("<svg>a <p>b", "<p>a</p><p>b</p>"),
        ('<div dir="rtl">a<div>b</div></div>c', '<p dir="rtl">a</p><p dir="rtl">b</p><p>c</p>'),
        ('<div dir="ltr" trbidi="on">a</div>', "<p>a</p>"),
        ('a<img src="https://a.example/p.gif" width="1" height="1">', "<p>a</p>"),
        (
            '<object><embed src="http://www.youtube.com/v/abcdef12345&hl=en"></embed></object>',
            '<p><a href="https://www.youtube.com/watch?v=abcdef12345">www.youtube.com/watch?v=abcdef12345</a></p>',
        ),
        (
            '<table class="tr-caption-container"><tr><td><img src="/a.png"></td></tr>'
            '<tr><td class="tr-caption">An apple</td></tr></table>',
            '<figure><img src="/a.png" alt=""><figcaption>An apple</figcaption></figure>',
        ),
        ("<table><tr><td>a<p>b<tr><td>c</table>", "<table><tr><td>a<br>b</td></tr><tr><td>c</td></tr></table>"),
        ("a < b &amp; c", "<p>a &lt; b &amp; c</p>"),
    ],
)
def test_old_html_becomes_paragraphs(html, expected):
    assert tidy(html) == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TAGS), max_size=30))
def test_tidying_keeps_every_word_and_nests_well(parts):
    done = tidy("".join(parts))

    assert done.count("word") == parts.count("word ")
    opened = []
    for token in soup.tokens(done):
        if token.kind == "start" and token.name not in soup.VOID:
            opened.append(token.name)
        elif token.kind == "end":
            assert opened.pop() == token.name
    assert not opened


@pytest.mark.parametrize(
    "trap", ["<a ", "<!--", "<b>", "<table><tr><td>", "a<br><br>", "<ul><li>", '<a href="x">', "<"]
)
@pytest.mark.timeout(10)
def test_html_made_to_be_slow_is_not(trap):
    tidy(trap * 100_000)
