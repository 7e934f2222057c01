"""The whole site without a pointer: every stop of the Tab key is seen, in the page's order, and none holds it."""

import pytest

from comments.models import Comment
from tests.e2e.pages import everything

# Of what has the focus: its words or name, where it is, and whether anything shows that it has it.
FOCUSED = """() => {
  const one = document.activeElement
  if (!one || one === document.body) return null
  const box = one.getBoundingClientRect(), shown = getComputedStyle(one)
  return {
    words: one.getAttribute("aria-label") || one.innerText || one.name || one.id || one.tagName,
    isSeen: box.bottom > 0 && box.top < innerHeight && box.width > 0 && shown.visibility === "visible",
    isMarked: shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) > 0,
    place: [...document.querySelectorAll("*")].indexOf(one),
  }
}"""


@pytest.fixture
def pages(site):
    return everything("en")


@pytest.mark.parametrize("address", ["/", "/2026/03/harbour/", "/archive/", "/search/?q=harbour", "/nowhere/"])
def test_every_stop_is_seen_and_leads_on(chromium, site, pages, address):
    page = chromium.new_page(base_url=site, viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto(address)
    if address.startswith("/search"):  # its box has the focus from the start
        page.evaluate("document.activeElement.blur()")
    stops = []
    for _stop in range(300):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(FOCUSED)) is None:
            break
        assert stop["isSeen"], stop
        assert stop["isMarked"], stop
        stops.append(stop["place"])
    else:
        raise AssertionError("The Tab key never leaves the page.")
    assert len(stops) > 8
    assert stops == sorted(stops)
    page.close()


def tab_to(page, words: str, most: int = 120) -> None:
    for _stop in range(most):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(FOCUSED)) and stop["words"].strip().startswith(words):
            return
    raise AssertionError(f"No stop says {words!r}.")


def test_from_the_front_page_to_a_comment(person, pages):
    page = person()
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the header
    tab_to(page, "How the harbour was built")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2026/03/harbour/")
    page.locator("#content").focus()
    for field, words in {"name": "Gull", "email": "gull@example.org", "text": "By keyboard alone."}.items():
        tab_to(page, field)
        page.keyboard.type(words)
    page.wait_for_timeout(2500)  # the time trap
    tab_to(page, "Post a Comment", 10)
    page.keyboard.press("Enter")
    page.get_by_text("waiting for a moderator").wait_for()
    assert Comment.objects.filter(author_name="Gull", body="By keyboard alone.").exists()


def test_searching_and_reading_on(person, pages):
    page = person()
    page.goto("/")
    tab_to(page, "Search")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/")
    page.keyboard.type("harbour")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=harbour*")
    page.locator("#content").focus()
    tab_to(page, "How the harbour was built")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2026/**")
