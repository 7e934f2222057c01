import html
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog import difference

PARAGRAPHS = st.lists(st.text("abc de.", max_size=30), max_size=12)


def said(rows: list[difference.Row]) -> list[tuple[str, str]]:
    return [(row.state, str(row.inline)) for row in rows]


def body(paragraphs: list[str]) -> str:
    return "".join(f"<p>{words}</p>" for words in paragraphs)


def test_words_within_a_paragraph():
    rows = difference.bodies("<p>The sea was calm today.</p>", "<p>The sea was rough today.</p>")
    assert said(rows) == [("changed", "The sea was <del>calm</del><ins>rough</ins> today.")]
    assert rows[0].before == "The sea was <del>calm</del> today."
    assert rows[0].after == "The sea was <ins>rough</ins> today."


def test_paragraphs_that_come_and_go():
    rows = difference.bodies(body(["One.", "Two.", "Three."]), body(["One.", "Three.", "Entirely other words."]))
    assert said(rows) == [
        ("same", "One."),
        ("gone", "<del>Two.</del>"),
        ("same", "Three."),
        ("new", "<ins>Entirely other words.</ins>"),
    ]


def test_what_did_not_change_is_cut_short():
    many = [f"Paragraph {number}." for number in range(50)]
    rows = difference.bodies(body(many), body([*many, "New."]))
    assert said(rows) == [("skipped", "49 paragraphs the same"), ("same", "Paragraph 49."), ("new", "<ins>New.</ins>")]


def test_each_kind_of_paragraph_is_a_line():
    lines = difference.paragraphs(
        "<h2>Tides</h2><ul><li>ebb</li><li>flood</li></ul><blockquote><p>So it was.</p></blockquote>"
        "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table><pre><code>a = 1\nb = 2</code></pre><hr>"
        '<figure><img src="/media/a.png" alt="A boat"><figcaption>At dawn</figcaption></figure>'
    )
    words = ["## Tides", "• ebb", "• flood", "“ So it was.", "1 | 2", "a = 1", "b = 2", "———"]
    assert lines == [*words, "[Image: A boat] At dawn"]


def test_a_change_of_look_alone_says_so():
    rows = difference.bodies("<p>The sea</p>", "<p>The <b>sea</b></p>")
    assert [row.state for row in rows] == ["skipped"]
    assert difference.bodies("<p>a</p>", "<p>a</p>") == []


def test_words_of_people_stay_words():
    rows = difference.bodies("<p>a &lt;b&gt; c</p>", "<p>a &lt;i&gt; c</p>")
    assert "<b>" not in str(rows[0].inline) and "&lt;<del>b</del>" in str(rows[0].inline)


@settings(max_examples=60)
@given(PARAGRAPHS, PARAGRAPHS)
def test_both_texts_can_be_read_off_it(before, after):
    """Without what went it is the new text, without what came the old one."""
    old, new = difference.paragraphs(body(before)), difference.paragraphs(body(after))
    rows = difference.bodies(body(before), body(after))
    if any(row.state == "skipped" for row in rows):
        return
    assert [_plain(row.before) for row in rows if row.state != "new"] == (old if rows else [])
    assert [_plain(row.after) for row in rows if row.state != "gone"] == (new if rows else [])


def _plain(marked: str) -> str:
    return html.unescape(re.sub(r"</?(ins|del)>", "", marked))


def test_a_long_text_is_compared_by_words_to_its_end():
    old = [" ".join(f"w{n}x{m}" for m in range(100)) for n in range(200)]
    rows = difference.bodies(body(old), body([text.replace("x5 ", "y ") for text in old]))
    assert len(body(old)) > 120_000
    assert {row.state for row in rows} == {"changed"} and len(rows) == 200
    assert "<del>w199x5</del><ins>w199y</ins>" in rows[-1].inline


def code(lines: list[str]) -> str:
    return "<pre><code>" + "\n".join(lines) + "</code></pre>"


# What repeats, or matches every other time, is what a search for the longest stretch in common drowns in.
REPEATING = {
    "letters": lambda n: (code(["x", *["a", "b"] * n]), code([*["b", "a"] * n, "y"])),
    "lines": lambda n: (code(["x", *["a"] * n, "y"]), code(["z", *["a"] * (n + 9), "q"])),
    "every other": lambda n: (code([f"{m}" for m in range(n)]), code([f"{m}{'n' * (m % 2)}" for m in range(n)])),
    "words": lambda n: (f"<p>x {'a b ' * n}y</p>", f"<p>{'b a ' * n}z</p>"),
}


@pytest.mark.parametrize("name", REPEATING)
def test_its_time_grows_as_the_texts_do(name):
    spent, make = [], REPEATING[name]
    size = 200_000 // (len(make(100)[0]) // 100)
    for texts in (make(size // 8), make(size)):
        began = time.process_time()
        difference.bodies(*texts)
        spent.append(time.process_time() - began)
    assert spent[1] < 20 * spent[0]  # and not eight times eight
