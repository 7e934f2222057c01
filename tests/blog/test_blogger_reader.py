"""What the reader makes of both shapes of a Blogger export, and of what is not one."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.importers import blogger, xmlstream
from blog.importers.records import CommentRecord, ImportFault, Left, PostRecord

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
