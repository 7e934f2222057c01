"""The HTML of old web editors becomes what this site's editor makes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog import soup
from blog.importers.tidy import tidy

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
