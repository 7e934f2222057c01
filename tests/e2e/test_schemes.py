"""Light, dark and what the device has: the site's word, a reader's own, and no flash between."""

import pytest
from playwright.sync_api import expect

from blog.models import SiteSettings
from tests.e2e.desk import wait_until
from tests.factories import make_comment

LIGHT, DARK = "rgb(251, 250, 246)", "rgb(23, 22, 20)"
PAPER = "getComputedStyle(document.body).backgroundColor"
# What the page looks like whenever anything is about to be painted, from the first time on.
WATCH = """
globalThis.painted = []
const look = () => {
  if (document.body) painted.push(getComputedStyle(document.documentElement).colorScheme)
  requestAnimationFrame(look)
}
requestAnimationFrame(look)
"""


def choose(page, name: str) -> None:
    page.get_by_role("group", name="Colours").get_by_role("button", name=name).click()


def test_a_reader_chooses_and_no_page_flashes(person, post):
    page = person(color_scheme="light")
    page.goto("/")
    assert page.evaluate(PAPER) == LIGHT
    choose(page, "Dark")
    assert page.evaluate(PAPER) == DARK
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"
    page.add_init_script(WATCH)
    page.goto(post.get_absolute_url())
    wait_until(page, "painted.length > 5")
    assert set(page.evaluate("painted")) == {"dark"}
    bars = "[...document.querySelectorAll('meta[name=theme-color]')].filter(bar => matchMedia(bar.media).matches)"
    assert page.evaluate(f"{bars}.map(bar => bar.content)") == ["#171614"]
    choose(page, "System")
    assert page.evaluate(PAPER) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(PAPER) == DARK


def test_the_site_comes_first_and_a_readers_choice_over_it(person, post):
    SiteSettings(scheme="dark").save()
    page = person(color_scheme="light")
    page.goto("/")
    assert page.evaluate(PAPER) == DARK
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"
    choose(page, "System")
    page.reload()
    assert page.evaluate(PAPER) == LIGHT


def test_a_choice_reaches_the_other_pages_that_are_open(person, post):
    page = person(color_scheme="light")
    page.goto("/")
    other = page.context.new_page()
    other.goto("/archive/")
    choose(page, "Dark")
    wait_until(other, f"{PAPER} === '{DARK}'")
    page.goto("/search/")
    choose(page, "Light")
    page.go_back()
    wait_until(page, f"{PAPER} === '{LIGHT}'")


def test_without_scripts_the_site_decides_and_nothing_is_offered(person, post):
    SiteSettings(scheme="dark").save()
    page = person(color_scheme="light", java_script_enabled=False)
    page.goto("/")
    expect(page.get_by_role("button", name="Dark")).to_have_count(0)
    assert page.locator("html").get_attribute("data-scheme") == "dark"


def test_buttons_and_focus_can_be_seen_in_the_devices_own_colours(person, post):
    page = person(forced_colors="active")
    page.goto(post.get_absolute_url())
    seen = "e => [getComputedStyle(e).borderTopWidth, getComputedStyle(e).borderTopStyle]"
    for button in page.get_by_role("button").all():
        if button.is_visible():
            width, style = button.evaluate(seen)
            assert float(width.removesuffix("px")) >= 1 and style == "solid"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


# Words on white paper that have too little ink (WCAG 1.4.3).
PALE = """() => {
  const light = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  const onWhite = (colour) => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).map((part) => light(part / 255))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
  }
  return [...document.querySelectorAll("body *")].filter((one) =>
    one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) &&
    onWhite(getComputedStyle(one).color) < 4.5).map((one) => one.outerHTML.slice(0, 100))
}"""


@pytest.mark.parametrize("said_by", ["site", "device"])
def test_a_dark_page_is_printed_on_white(person, post, said_by):
    make_comment(post, parent=make_comment(post))
    SiteSettings(scheme="dark" if said_by == "site" else "system").save()
    page = person(color_scheme="dark")
    page.goto(post.get_absolute_url())
    assert page.evaluate(PALE), "on a screen they stand on dark paper"
    page.emulate_media(media="print")
    assert not page.evaluate(PALE)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    breaks = "one => getComputedStyle(one).breakInside"
    assert page.locator(".comment").first.evaluate(breaks) == "auto", "a long thread fills more than a page"
    assert page.locator(".comment > .own").first.evaluate(breaks) == "avoid"
