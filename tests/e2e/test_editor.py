"""The editor, in a real browser: all that it can make, by mouse and by keyboard alone, and what readers see of it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import Image, Post
from config.demo.pictures import dusk
from tests.e2e.desk import sign_in
from tests.e2e.hands import ADD, Hands, body, enter, settle, to_end
from tests.factories import make_post, make_user

WORDS = "The sea keeps its own book, and nobody here has read it to the end. " * 8


@pytest.fixture
def library(site):
    image, _made = Image.objects.from_upload(dusk(), alt="A shoreline at dusk", caption="Low water", credit="Mona")
    return image


@pytest.fixture
def arno(site):
    return make_user("arno", "Author")


@pytest.fixture
def person(person):
    """Without what keeps the text meanwhile: no hand is as quick as these tests, whose server shares their process."""

    def open_browser(**options):
        page = person(**options)
        for name in ("autosave", "checklist"):
            page.route(f"**/admin-{name}.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        return page

    return open_browser


def write_everything(page, hands: Hands) -> None:
    """A text with every element that the editor knows."""
    keyboard = page.keyboard
    hands.go(body(page))
    for _number in range(14):
        keyboard.insert_text(WORDS)
        enter(page)
    hands.begin("Heading", "## ")
    keyboard.type("The slack")
    enter(page)
    keyboard.type("A ")
    hands.marked("Bold", "**", "bold")
    keyboard.type(" and ")
    hands.marked("Italic", "*", "slanted")
    keyboard.type(" line, ")
    hands.marked("Struck through", "~~", "struck")
    keyboard.type(", with ")
    hands.marked("Code in a line", "`", "code")
    keyboard.type(" and a ")
    hands.press("Link")
    hands.answer(href="example.org/tables", words="link")
    keyboard.type(" and a note")
    hands.press("Footnote")
    hands.answer(words="Printed in March.")
    keyboard.type(".")
    enter(page)
    hands.begin("Smaller heading", "### ")
    keyboard.type("Smaller")
    enter(page)
    hands.begin("Smallest heading", "#### ")
    keyboard.type("Smallest")
    enter(page)
    for name, sign in (("List", "- "), ("Numbered list", "1. ")):
        hands.begin(name, sign)
        keyboard.type("First")
        enter(page)
        keyboard.type("Second")
        enter(page)
        enter(page)
    hands.begin("Quote", "> ")
    keyboard.type("Said at the pier.")
    enter(page)
    enter(page)
    hands.begin("Block of code", "```python ")
    keyboard.type("fn low(tide: u8) -> bool {\ntide < 1\n}")
    hands.press("Language of the code")
    hands.answer(language="Rust")
    keyboard.press("ArrowDown")
    hands.press("Table")
    hands.answer(caption="Heights", rows="2", columns="2")
    fill_table(page, hands, ["Port", "Metres", "Whitby", "5.6"])
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


def fill_table(page, hands: Hands, words: list[str]) -> None:
    first = body(page).locator("th, td").first
    # Into the first cell, wherever near the table the cursor is.
    if not hands.by_keyboard:
        first.click()
    for key, place in (("ArrowUp", body(page).locator("table")), ("Shift+Tab", first)):
        for _ in range(10):
            if place.evaluate("place => place.contains(getSelection().anchorNode)"):
                break
            page.keyboard.press(key)
            settle(page)
    for number, word in enumerate(words):
        page.keyboard.type(word)
        if number < len(words) - 1:
            page.keyboard.press("Tab")


# The blocks, items, cells and marks that words stand in, line by line; images and lines across; captions apart, since
# a table's stands before it or behind it. What the page adds, and what stands for a thing in the editor, is left out.
OUTLINE = """root => {
    const NAMES = { caption: "figcaption", figure: "", div: "", p: "", span: "", tbody: "", thead: "", section: "" }
    const APART = "sup, .anchor, .notes, .credit, .embed, .embed-card, button, .ProseMirror-separator"
    const lines = []
    let last = null
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const node = walker.currentNode
        const element = node.parentElement
        const words = node.data ?? { IMG: `(${node.alt})`, HR: "(across)" }[node.tagName] ?? ""
        if (!words || (node.data ? element : node).closest(APART)) continue
        const path = []
        for (let at = element; at !== root; at = at.parentElement) path.unshift(NAMES[at.localName] ?? at.localName)
        const block = element.closest("p, li, th, td, h2, h3, h4, pre, figcaption, caption") ?? node
        const shown = path.filter(Boolean).filter((name) => !/^(picture|bdi)$/.test(name)).join(" > ")
        if (block === last?.block && shown === last.shown) lines[lines.length - 1] += words
        else if (words.trim()) {
            lines.push(`${shown}: ${words}`)
            last = { block, shown }
        }
    }
    const plain = (line) => line.replace(/\\s+/g, " ").replace(/ ·? *$/, "").replace("table > figcaption", "figcaption")
    const said = lines.map(plain)
    const isCaption = (line) => line.includes("figcaption")
    return [...said.filter((line) => !isCaption(line)), ...said.filter(isCaption)]
}"""


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
def test_what_readers_see_is_what_was_written(person, arno, library, by_keyboard):
    page = person()
    sign_in(page, "arno", ADD)
    hands = Hands(page, by_keyboard)
    hands.fill(page.get_by_label("Title:", exact=True), "Low water")
    write_everything(page, hands)
    expect(page.locator(".editor-count")).to_have_text(re.compile(r"^1,[5-9]\d\d words · 8 min to read$"))
    written = body(page).evaluate(OUTLINE)
    hands.go(page.get_by_role("button", name="Publish", exact=True))
    if by_keyboard:
        page.keyboard.press("Enter")
    page.get_by_text("View on the site").first.wait_for()

    post = Post.objects.get()
    assert post.reading_minutes == 8
    reader = person()
    reader.goto(post.get_absolute_url())
    text = reader.locator(".text")
    assert text.evaluate(OUTLINE) == written
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
