"""What is pasted and dropped into the editor: clean, whole, and where it was meant."""

import re

import pytest

from blog.models import Image
from config.demo.pictures import dusk
from tests.e2e.clipboard import SHAPES
from tests.e2e.desk import sign_in, wait_until
from tests.e2e.test_editor import ADD, Hands, arno, body, html

__all__ = ["arno"]  # a fixture


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_pasted_is_clean_and_whole(person, arno, name):
    source, words, marks = SHAPES[name]
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
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
    pasted = html(page)
    said = re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", pasted).replace("&nbsp;", " "))
    assert said == re.sub(r"\s+", "", words)
    assert [mark for mark in marks if mark not in pasted] == []
    assert not re.search(
        r"style=|javascript:|onclick|<script|<iframe|<font|class=.(?!language-|figure|footnote|table)", pasted
    )


def paste_file(page, content: bytes, name: str = "dusk.png") -> None:
    body(page).evaluate(
        """(editor, { bytes, name }) => {
            const data = new DataTransfer()
            data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }))
            editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
        }""",
        {"bytes": list(content), "name": name},
    )


def test_a_pasted_picture_is_uploaded_and_wants_words(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    page.keyboard.type("Before")
    paste_file(page, dusk().getvalue())
    page.get_by_text("Say what it shows").wait_for()
    image = Image.objects.get()
    assert f'data-image="{image.pk}"' in html(page) and image.uploaded_by == arno
    assert "<p>Before</p>" in html(page)


def test_a_file_that_is_no_picture_is_refused_in_one_line(person, site, arno, monkeypatch):
    page = person()
    sign_in(page, "arno", ADD)
    # The browser says of each refused upload that it has failed: that is right, and no fault of the page.
    page.context.on("console", lambda message: None)
    body(page).click()
    page.route("**/upload/", lambda route: route.fulfill(status=200, json={"error": "This file is empty."}))
    paste_file(page, b"", "empty.png")
    page.get_by_text("empty.png: This file is empty.").wait_for()
    assert "<img" not in html(page) and not Image.objects.exists()


def test_a_dropped_picture_comes_where_it_was_dropped(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    page.keyboard.type("First")
    page.keyboard.press("Enter")
    page.keyboard.type("Second")
    body(page).evaluate(
        """(editor, bytes) => {
            const data = new DataTransfer()
            data.items.add(new File([new Uint8Array(bytes)], "dusk.png", { type: "image/png" }))
            const { left, bottom } = editor.querySelector("p").getBoundingClientRect()
            const where = { clientX: left + 200, clientY: bottom - 2, bubbles: true, cancelable: true }
            editor.dispatchEvent(new DragEvent("drop", { dataTransfer: data, ...where }))
        }""",
        list(dusk().getvalue()),
    )
    page.get_by_text("Say what it shows").wait_for()
    assert re.search(r"First.*<figure.*Second", html(page))


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
