"""The editor, in a real browser: all that it can make, by mouse and by keyboard alone, and what readers see of it."""

import contextlib
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, expect

from blog.models import Image, Post
from config.demo.pictures import dusk
from tests.e2e.desk import click_and_close, sign_in
from tests.factories import make_post, make_user

ADD = "/admin/blog/post/add/"
WORDS = "The sea keeps its own book, and nobody here has read it to the end. " * 8


@pytest.fixture
def library(site):
    image, _made = Image.objects.from_upload(dusk(), alt="A shoreline at dusk", caption="Low water", credit="Mona")
    return image


@pytest.fixture
def arno(site):
    return make_user("arno", "Author")


def body(page):
    return page.locator(".ProseMirror[contenteditable=true]")


@pytest.fixture
def person(person):
    """Without what keeps the text meanwhile: no hand is as quick as these tests, whose server shares their process."""

    def open_browser(**options):
        page = person(**options)
        for name in ("autosave", "checklist"):
            page.route(f"**/admin-{name}.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        return page

    return open_browser


def html(page) -> str:
    return page.locator("#id_body").input_value()


class Hands:
    """How somebody presses a button of the toolbar."""

    def __init__(self, page, by_keyboard: bool) -> None:
        self.page, self.by_keyboard = page, by_keyboard

    def press(self, name: str) -> None:
        if not self.by_keyboard:
            self.page.get_by_role("button", name=name, exact=True).click()
            return
        self.page.keyboard.press("Alt+F10")
        self.page.keyboard.press("Home")
        for _ in range(60):
            if self.page.evaluate("document.activeElement.getAttribute('aria-label')") == name:
                break
            self.page.keyboard.press("ArrowRight")
        else:
            raise AssertionError(f"The keyboard does not reach {name}.")
        self.page.keyboard.press("Enter")

    def answer(self, **fields: str) -> None:
        """Fills in the dialog that has opened, and says that it is done."""
        dialog = self.page.locator("dialog[open]")
        dialog.wait_for()
        for name, value in fields.items():
            field = dialog.locator(f"[name={name}]")
            field.focus()
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(label=value)  # letters typed too slowly would choose by the last of them
            else:
                self.page.keyboard.press("Control+a")
                self.page.keyboard.type(value)
        if self.by_keyboard and field.evaluate("element => element.tagName == 'INPUT'"):
            self.page.keyboard.press("Enter")
        elif self.by_keyboard:
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")
        else:
            dialog.get_by_role("button", name="Done").click()
        dialog.wait_for(state="detached")
        settle(self.page)  # the focus comes back to the text with the next picture

    def choose_image(self) -> None:
        dialog = self.page.locator("dialog[open]")
        choose = dialog.get_by_role("button", name="Choose or upload")
        with self.page.expect_popup() as popup:
            if self.by_keyboard:
                choose.focus()
                self.page.keyboard.press("Enter")
            else:
                choose.click()
        picker = popup.value
        picker.wait_for_load_state()  # its script too: before it, a key says nothing to the picture
        image = picker.locator("[data-pick]").first
        image.wait_for()
        if not self.by_keyboard:
            click_and_close(picker, image)
            return
        with picker.expect_event("close"):
            image.focus()
            with contextlib.suppress(Error):  # the window closes while the key is still down
                picker.keyboard.press("Enter")


def settle(page) -> None:
    """Waits until the browser has drawn what came in, and the editor's observers have read it. No hand is as quick as
    this test: a line that breaks before that is broken in front of what has just come."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))")


def to_end(page) -> None:
    page.keyboard.press("Control+End")
    settle(page)  # the browser tells of a new place a moment later


def enter(page) -> None:
    settle(page)
    page.keyboard.press("Enter")
    settle(page)


def write_everything(page, hands: Hands) -> None:
    """A text with every element that the editor knows."""
    keyboard = page.keyboard
    body(page).focus()
    for _number in range(14):
        keyboard.insert_text(WORDS)
        enter(page)
    keyboard.type("## The slack")
    enter(page)
    keyboard.type("A **bold** and *slanted* line, ~~struck~~, with `code` and a ")
    hands.press("Link")
    hands.answer(href="example.org/tables", words="link")
    keyboard.type(" and a note")
    hands.press("Footnote")
    hands.answer(words="Printed in March.")
    keyboard.type(".")
    enter(page)
    keyboard.type("### Smaller")
    enter(page)
    keyboard.type("#### Smallest")
    enter(page)
    for sign in ("- ", "1. "):
        keyboard.type(f"{sign}First")
        enter(page)
        keyboard.type("Second")
        enter(page)
        enter(page)
    keyboard.type("> Said at the pier.")
    enter(page)
    enter(page)
    keyboard.type("```python ")
    keyboard.type("fn low(tide: u8) -> bool {\ntide < 1\n}")
    hands.press("Language of the code")
    hands.answer(language="Rust")
    keyboard.press("ArrowDown")
    hands.press("Table")
    hands.answer(caption="Heights", rows="2", columns="2")
    body(page).locator("th").first.click() if not hands.by_keyboard else keyboard.press("ArrowUp")
    settle(page)
    fill_table(page, ["Port", "Metres", "Whitby", "5.6"])
    to_end(page)
    hands.press("Line across")
    hands.press("Image")
    hands.choose_image()
    hands.answer(alt="The shore", caption="An hour before low water", credit="Arno")
    to_end(page)
    hands.press("Player of another site")
    hands.answer(href="https://www.youtube.com/watch?v=dQw4w9WgXcQ", words="A film of the tide")
    to_end(page)
    keyboard.type("سلام، دریا آرام است.")


def fill_table(page, words: list[str]) -> None:
    first = body(page).locator("th, td").first
    # Into the first cell, wherever in the table the cursor is.
    page.evaluate(
        "cell => { const range = document.createRange(); range.selectNodeContents(cell.firstChild);"
        "getSelection().removeAllRanges(); getSelection().addRange(range) }",
        first.element_handle(),
    )
    settle(page)
    for number, word in enumerate(words):
        page.keyboard.type(word)
        if number < len(words) - 1:
            page.keyboard.press("Tab")


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
def test_what_readers_see_is_what_was_written(person, arno, library, by_keyboard):
    page = person()
    sign_in(page, "arno", ADD)
    page.get_by_label("Title:", exact=True).fill("Low water")
    write_everything(page, Hands(page, by_keyboard))
    assert re.match(r"1,[5-9]\d\d words", page.locator(".editor-count").text_content())
    publish = page.get_by_role("button", name="Publish", exact=True)
    if by_keyboard:
        publish.focus()
        page.keyboard.press("Enter")
    else:
        publish.click()
    page.get_by_text("View on the site").first.wait_for()

    post = Post.objects.get()
    reader = person()
    reader.goto(post.get_absolute_url())
    text = reader.locator(".text")
    seen = {
        "h2": ["The slack", "Notes"],
        "h3": ["Smaller"],
        "h4": ["Smallest"],
        "strong": ["bold"],
        "em": ["slanted"],
        "s": ["struck"],
        "p > code": ["code"],
        "ul > li": ["First", "Second"],
        "blockquote": ["Said at the pier."],
        "table caption": ["Heights"],
        "thead th[scope=col]": ["Port", "Metres"],
        "tbody td": ["Whitby", "5.6"],
        "a[href='https://example.org/tables']": ["link"],
    }
    for selector, words in seen.items():
        found = [" ".join(one.split()) for one in text.locator(selector).all_text_contents()]
        assert found == words, (selector, found)
    assert text.locator("ol > li").all_text_contents()[:2] == ["First", "Second"]
    assert text.locator("pre code span").count() > 2  # coloured
    assert "fn low(tide: u8) -> bool {" in text.locator("pre").text_content()
    expect(text.locator("hr")).to_have_count(1)
    image = text.get_by_alt_text("The shore")
    assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    assert "An hour before low water" in text.locator("figcaption").last.text_content()
    assert text.locator("figcaption .credit").text_content() == "Arno"
    assert text.get_by_text("A film of the tide").count() and not reader.locator("iframe").count()
    mark = text.locator("sup a")
    mark.click()
    note = reader.locator(reader.evaluate("location.hash"))
    assert "Printed in March." in note.text_content()
    note.get_by_role("link").last.click()
    assert reader.locator(reader.evaluate("location.hash")).count() == 1
    assert text.get_by_text("دریا آرام است").evaluate(
        "p => getComputedStyle(p).unicodeBidi == 'plaintext' || p.dir == 'rtl'"
    )


def test_an_image_without_a_picture_is_asked_for_again(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    Hands(page, False).press("Image")
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("What it shows").fill("The shore")
    dialog.get_by_role("button", name="Done").click()
    said = dialog.locator("[name=src]").evaluate("input => input.validationMessage")
    assert said == "Choose a picture first." and dialog.get_by_label("What it shows").input_value() == "The shore"


@pytest.mark.parametrize("width", [360, 1280])
def test_editor_and_dialogs_pass_axe(chromium, site, arno, library, width):
    post = make_post(
        author=arno,
        body=f'<p>Words</p><figure><img src="{library.file.url}" data-image="{library.pk}" alt="Shore"></figure>',
    )
    for scheme in ("light", "dark"):
        # Not by `person`: axe styles the page in a way that the content policy complains of.
        context = chromium.new_context(base_url=site, color_scheme=scheme, viewport={"width": width, "height": 800})
        page = context.new_page()
        sign_in(page, "arno", f"/admin/blog/post/{post.pk}/change/")
        body(page).click()
        for name in (None, "Image", "Table", "Footnote", "Player of another site", "Find and replace"):
            if name:
                page.get_by_role("button", name=name, exact=True).click()
            found = Axe().run(page).response["violations"]
            assert not found, (width, scheme, name, [(one["id"], one["nodes"][0]["html"]) for one in found])
            if name and name != "Find and replace":
                page.get_by_role("button", name="Cancel").click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()
