"""The editor's parts: links to posts, find and replace, the count of words, the whole screen, the language."""

import pytest
from playwright.sync_api import expect

from blog.models import Post
from tests.blog.counting import COUNTED
from tests.e2e.desk import sign_in
from tests.e2e.hands import ADD, Hands, body, html, settle
from tests.e2e.test_editor import arno
from tests.e2e.test_editor_keeps import set_text
from tests.factories import make_post

__all__ = ["arno"]  # a fixture


@pytest.mark.parametrize("by_keyboard", [False, True], ids=["mouse", "keyboard"])
def test_links_find_posts_by_words_of_their_texts(person, arno, by_keyboard):
    # Found by its stem, in its text: no letter of what is typed stands in title or address.
    post = make_post(title="What the tables leave out", body="<p>The herrings are running.</p>")
    page = person()
    sign_in(page, "arno", ADD)
    page.get_by_label("Title:", exact=True).fill("Another")
    body(page).click()
    hands = Hands(page, by_keyboard)
    hands.press("Link")
    page.locator("dialog[open] [name=href]").press_sequentially("herring")
    option = page.locator("dialog[open]").get_by_role("option", name="What the tables leave out")
    expect(option).to_be_visible()
    if by_keyboard:
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    else:
        option.click()
    expect(page.locator("dialog[open] [name=href]")).to_have_value(post.get_absolute_url())
    hands.answer(words="the tables")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("View on the site").first.wait_for()
    assert Post.objects.get(title="Another").body == f'<p><a href="{post.get_absolute_url()}">the tables</a></p>'


def test_find_and_replace(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    page.keyboard.type("Tide after tide, and the TIDE again.")
    page.keyboard.press("Control+f")
    page.get_by_label("Find", exact=True).fill("tide")
    assert page.locator(".find-bar [role=status]").text_content() == "1 of 3"
    page.keyboard.press("Enter")
    assert page.locator(".find-bar [role=status]").text_content() == "2 of 3"
    page.get_by_label("Replace with").fill("ebb")
    page.get_by_role("button", name="Replace", exact=True).click()
    assert html(page) == "<p>Tide after ebb, and the TIDE again.</p>"
    page.get_by_role("button", name="Replace all").click()
    assert html(page) == "<p>ebb after ebb, and the ebb again.</p>"
    page.keyboard.press("Escape")
    expect(body(page)).to_be_focused()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert html(page) == "<p>Tide after tide, and the TIDE again.</p>"


def test_replacing_goes_on_after_what_was_put_in(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    set_text(page, "<p>tide tide</p>")
    body(page).click()
    page.keyboard.press("Control+Home")
    settle(page)
    page.keyboard.press("Control+f")
    page.get_by_label("Find", exact=True).fill("tide")
    page.get_by_label("Replace with").fill("tides")
    for text in ("tides tide", "tides tides"):
        page.get_by_role("button", name="Replace", exact=True).click()
        assert html(page) == f"<p>{text}</p>"


def test_a_text_with_a_letter_that_grows_is_searched_too(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    set_text(page, "<p>İstanbul İİ and the tide</p>")
    body(page).click()
    page.keyboard.press("Control+f")
    page.get_by_label("Find", exact=True).fill("TIDE")
    page.get_by_label("Replace with").fill("ebb")
    page.get_by_role("button", name="Replace all").click()
    page.get_by_label("Find", exact=True).fill("istanbul")
    page.get_by_role("button", name="Replace all").click()
    assert html(page) == "<p>ebb İİ and the ebb</p>"


def test_words_are_counted_as_the_page_counts_them(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    count = page.locator(".editor-count")
    for text, words in COUNTED:
        set_text(page, text)
        expect(count).to_contain_text(f"{words} words")
    expect(count).to_have_text("575 words · 3 min to read")


def test_the_text_fills_the_screen_and_is_spelt(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    assert body(page).evaluate("dom => dom.spellcheck")
    body(page).click()
    hands = Hands(page, by_keyboard=True)
    hands.press("Whole screen")
    expect(page.locator(".prose-editor.fullscreen")).to_have_count(1)
    box = page.locator(".prose-editor").bounding_box()
    assert (box["x"], box["y"]) == (0, 0)
    assert [box["width"], box["height"]] == page.evaluate("[innerWidth, innerHeight]")
    hands.press("Whole screen")
    expect(page.locator(".prose-editor.fullscreen")).to_have_count(0)


def test_what_is_typed_stands_as_its_language_does(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    assert body(page).get_attribute("dir") == "auto"
    page.get_by_label("Language:", exact=True).select_option("fa")
    body(page).click()
    page.keyboard.type("سلام")
    assert body(page).get_attribute("dir") == "rtl" and body(page).get_attribute("lang") == "fa"
