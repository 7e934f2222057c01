"""Whatever a body holds: its words are all there, and nothing else than what the steps write."""

import re
import time
from collections import Counter

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog import sanitize
from blog.players import FRAMES
from blog.render import render

PIECES = """<p> </p> <b> </b> <a\u00a0href="https://x.org/?a=1&b=2"> <a\u00a0href="/a">
<a\u00a0href="javascript:x"> </a>
<small\u00a0class="footnote"> <small> </small> <figure> <figure\u00a0class="table"> </figure> <figcaption> </figcaption>
<div\u00a0class="embed"> <div> </div> <a\u00a0href="https://youtu.be/dQw4w9WgXcQ"> <a\u00a0href="https://vimeo.com/1">
<table> </table> <tr> </tr> <th> <th\u00a0rowspan="2"> </th> <td> </td> <caption> </caption> <thead> </thead> <tbody>
<pre> </pre> <code\u00a0class="language-python"> <code\u00a0class="language-html"> <code> </code> <h2> </h2> <h3> </h3>
<ul> <li> </ul> <blockquote> </blockquote> <br> <hr> <details> <summary> <script> </script> <iframe\u00a0src="//e.org">
<iframe\u00a0src="https://vimeo.com/1"> </iframe> <img\u00a0src="https://x.org/a.png"\u00a0alt="b"> <p\u00a0onclick="x">
<p\u00a0dir="rtl"> https://x.org/b. &lt;img&gt; &amp;lt; &quot; def\u00a0a(): ' \" # \n"""
SOUP = st.lists(
    st.one_of(
        st.sampled_from([piece.replace("\u00a0", " ") for piece in PIECES.split(" ") for piece in piece.split("\n")]),
        st.sampled_from(["tide", "sea 2", "כתם", "日本", " ", "\n"]),
        st.text(max_size=6),
    ),
    max_size=30,
).map("".join)

# What the steps add to what a body may hold. Classes and roles are theirs alone.
ELEMENTS = sanitize.POST.tags | {"picture", "source", "section", "button", "bdi"}
ADDED = {"id", "class", "role", "tabindex", "aria-label", "aria-labelledby", "hidden", "rel", "type", "dir", "lang"} | {
    *("data-player", "data-title", "data-language", "data-colour", "srcset", "sizes", "loading", "decoding", "scope")
}
OWN = re.compile(r"/media/|/(?!/)")
SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def wrong(html: str) -> list[str]:
    """What a browser would find in the page's HTML that no step writes, and what would ask another server."""
    root = html5lib.parseFragment(html, container="div", treebuilder="etree", namespaceHTMLElements=False)
    found = []
    for element in list(root.iter())[1:]:
        if element.tag not in ELEMENTS:
            found.append(f"element {element.tag}")
            continue
        for name, value in element.attrib.items():
            if name not in ADDED | sanitize.POST.attributes.get(element.tag, frozenset()):
                found.append(f"attribute {name}")
            if name in ("src", "srcset") and not OWN.match(value):
                found.append(f"address {value}")
            if name == "data-player" and not value.startswith(FRAMES):
                found.append(f"player {value}")
            scheme = SCHEME.match(value)
            if name == "href" and scheme and scheme[1].lower() not in sanitize.POST.schemes:
                found.append(f"scheme {value}")
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    found += [f"id {name} twice" for name in ids if ids.count(name) > 1]
    found += [
        f"link to nothing: {element.attrib['href']}"
        for element in root.iter("a")
        if element.attrib.get("role", "").startswith("doc-") and element.attrib["href"][1:] not in ids
    ]
    return found


def letters(html: str) -> Counter:
    """Not words: a footnote that follows its word without a space is parted from it on the page."""
    return Counter("".join(sanitize.plain_text(html).split()))


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_it_holds_of_any_body(body):
    clean = sanitize.clean_post(body)
    done = render(body)
    assert wrong(done.html) == []
    assert letters(clean) <= letters(done.html)
    assert letters(clean) == Counter("".join(done.text.split()))
    assert render(clean) == done  # cleaning comes first, and once is enough
    assert sorted(re.findall(r'<h[234] id="(s-[^"]*)"', done.html)) == sorted(entry["id"] for entry in done.toc)


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_browsers_read_the_page_as_it_was_written(body):
    """Links within links and the like would be moved about by them."""
    html = render(body).html

    def read(html: str):
        root = html5lib.parseFragment(html, container="div", treebuilder="etree", namespaceHTMLElements=False)
        return html5lib.serialize(root, tree="etree", omit_optional_tags=False, quote_attr_values="always")

    assert read(read(html)) == read(html)
    nested = html5lib.parseFragment(html, container="div", treebuilder="etree", namespaceHTMLElements=False)
    assert sum(1 for _ in nested.iter("a")) == html.count("<a ")


@pytest.mark.parametrize(
    "hostile",
    [
        '<small class="footnote">',
        '<p>a<small class="footnote">https://x.org/((((</small></p>',
        '<small class="footnote">a</small>',
        '<figure class="table"><table>',
        "<table><tr><th>a</th></tr></table>",
        "<tr><th>a",
        '<div class="embed"><a href="https://youtu.be/dQw4w9WgXcQ">a</a></div>',
        '<div class="embed">',
        "<figure><figcaption>a</figcaption></figure>",
        "<h2>same</h2>",
        "<pre><code class='language-c'>a</code></pre>",
        '<a href="/x">a',
        "<b>",
    ],
)
def test_time_grows_no_faster_than_the_text(hostile):
    def cost(length: int) -> float:
        body = hostile * (length // len(hostile))
        start = time.thread_time()
        render(body)
        return max(time.thread_time() - start, 0.03)

    most = min(cost(50_000) for _time in range(2))  # the first may pay for what is loaded, or collect what others left
    assert most / cost(6_250) < 24  # eight times as much: 64 times the time if it were quadratic


def test_two_hundred_thousand_characters_of_everything_take_a_few_seconds():
    part = (
        '<h2>Title</h2><p>Words of a <a href="https://x.org/">long</a> body<small class="footnote">See '
        "https://x.org/.</small>, again. " + "x " * 200 + '</p><figure class="table"><table><tr><th>a</th></tr>'
        '<tr><td>b</td></tr></table><figcaption>c</figcaption></figure><pre><code class="language-python">def a(b):\n'
        '    return "c" + b  # d\n</code></pre><div class="embed"><a href="https://youtu.be/dQw4w9WgXcQ">e</a></div>'
    )
    start = time.thread_time()
    done = render(part * (200_000 // len(part)))
    assert time.thread_time() - start < 5
    assert done.html.count('class="scroll"') == 200_000 // len(part)
