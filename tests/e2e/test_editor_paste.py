"""What is pasted into the editor: clean, whole, and as it was meant."""

import re

import pytest

from blog.sanitize import clean_post
from tests.e2e.clipboard import SHAPES
from tests.e2e.desk import sign_in, wait_until
from tests.e2e.hands import ADD, Hands, body, html
from tests.e2e.test_editor import arno

__all__ = ["arno"]  # a fixture


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_pasted_is_clean_and_whole(person, arno, name):
    source, words, marks = SHAPES[name]
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    pasted = paste(page, source)
    said = re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", pasted).replace("&nbsp;", " "))
    assert said == re.sub(r"\s+", "", words)
    assert [mark for mark in marks if mark not in pasted] == []
    # Nothing is left for the cleaner to take, but what the editor's own parts say of themselves.
    own = r' (class="figure-caption"|data-type="decimal"|data-language="\w+"|colwidth="\d+")'
    assert clean_post(pasted) == re.sub(own, "", pasted)


def paste(page, source: str) -> str:
    body(page).evaluate(
        """(editor, html) => {
            const data = new DataTransfer()
            data.setData("text/html", html)
            data.setData("text/plain", "plain")
            editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
        }""",
        source,
    )
    wait_until(page, "document.querySelector('#id_body').value.length > 20")
    return html(page)


WORD_ITEM = "<p class=MsoListParagraph style='mso-list:l0 level{} lfo1'><span style='mso-list:Ignore'>·</span>{}</p>"


def test_lists_of_word_may_begin_deep_and_hold_what_is_no_item(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    items = "".join(
        WORD_ITEM.format(*item) for item in [(2, "One"), (2, "Two"), (3, "Deeper"), (2, "Three"), (1, "Out")]
    )
    plain = "<p class=MsoNormal style='mso-list:none'>No item.</p>"
    one, two, three, out = (f"<li><p>{word}</p>" for word in ("One", "Two", "Three", "Out"))
    deeper = "<ul><li><p>Deeper</p></li></ul>"
    want = f"<ul>{one}</li>{two}{deeper}</li>{three}</li>{out}</li></ul><p>No item.</p>"
    assert paste(page, items + plain) == want


def test_notes_of_word_keep_their_links_at_the_end_of_the_text_too(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    source = """<p class=MsoNormal>Words<a style='mso-endnote-id:edn1' href="#_edn1" name="_ednref1">[i]</a>.</p>
    <div style='mso-element:endnote-list'><hr><div style='mso-element:endnote' id=edn1>
    <p class=MsoEndnoteText><a href="#_ednref1" name="_edn1"><span>[i]</span></a>
    See <a href="https://example.org/">the <i>table</i></a>.</p></div></div>"""
    note = 'See <a href="https://example.org/">the <em>table</em></a>.'
    assert paste(page, source) == f'<p>Words<small class="footnote">{note}</small>.</p>'


def paste_text(page, text: str) -> None:
    body(page).evaluate(
        """(editor, text) => {
            const data = new DataTransfer()
            data.setData("text/plain", text)
            editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
        }""",
        text,
    )


def test_the_address_of_a_player_alone_becomes_one(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    paste_text(page, "https://youtu.be/dQw4w9WgXcQ")
    address = "https://youtu.be/dQw4w9WgXcQ"
    assert html(page).startswith(f'<div class="embed"><a href="{address}">')
    page.keyboard.press("Control+End")
    page.wait_for_timeout(100)  # the browser tells of a new place a moment later
    page.keyboard.type("See ")
    paste_text(page, address)
    assert html(page).count('class="embed"') == 1 and html(page).count(address) >= 3


def test_html_can_be_read_and_changed(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    page.keyboard.type("Old words")
    hands = Hands(page, False)
    hands.press("See and change the HTML")
    page.locator("dialog[open] textarea").fill('<h2>New</h2><p onclick="x">words<script>no()</script></p>')
    page.get_by_role("button", name="Done").click()
    assert html(page) == "<h2>New</h2><p>words</p>"
