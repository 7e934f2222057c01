"""What a reader does along a text: opens notes where the text stands, copies the address of a heading, tells others."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.desk import START, wait_until
from tests.factories import make_comment, make_post

WORDS = "<p>Words beside the water, and more of them.</p>" * 30
BODY = f"""<p>First.<small class="footnote">What the office said.</small></p><h2>The stick</h2>{WORDS}
<h2>{"Donaudampfschifffahrt" * 6}</h2>{WORDS}<h3>A part</h3>{WORDS}"""


@pytest.fixture
def post(site):
    make_post(title="Earlier " + "w" * 90, published_at=START.replace(year=2025))
    return make_post(title="Tides", body=BODY, published_at=START)


def is_in_view(page, selector: str) -> bool:
    box = page.locator(selector).bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_note_opens_while_the_text_stays_where_it_is(person, post, javascript):
    page = person(viewport={"width": 360, "height": 700}, java_script_enabled=javascript)
    page.goto(post.get_absolute_url())
    page.click(".noteref a")
    page.wait_for_timeout(300)
    assert is_in_view(page, ".notes li:target") and is_in_view(page, ".noteref a")
    page.click(".notes li:target .back")
    page.wait_for_timeout(300)
    assert not page.locator(".notes li:target").count() and is_in_view(page, ".noteref a")


def test_a_press_on_a_headings_link_copies_its_address_and_says_so(person, post):
    page = person(permissions=["clipboard-read", "clipboard-write"])
    page.goto(post.get_absolute_url())
    page.click(".anchor[href='#s-the-stick']")
    wait_until(page, "document.querySelector('.said[role=status]').textContent == 'The address is copied.'")
    assert page.url.endswith("#s-the-stick") and page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_press_on_a_comments_time_copies_its_address_and_stays(person, post):
    comment = make_comment(post)
    page = person(permissions=["clipboard-read", "clipboard-write"])
    page.goto(post.get_absolute_url())
    page.click(".comment .when")
    wait_until(page, "document.querySelector('.said[role=status]').textContent != ''")
    assert page.url.endswith(f"{post.get_absolute_url()}#comment-{comment.pk}")
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/comment/{comment.pk}/")


def test_the_address_of_the_post_is_copied_by_a_button_that_is_there_with_javascript_alone(person, post):
    page = person(permissions=["clipboard-read", "clipboard-write"])
    page.goto(post.get_absolute_url())
    page.click(".share summary")
    page.get_by_role("button", name="Copy the link").click()
    wait_until(page, "document.querySelector('.said[role=status]').textContent != ''")
    assert page.evaluate("navigator.clipboard.readText()").endswith(post.get_absolute_url())
    page = person(java_script_enabled=False)
    page.goto(post.get_absolute_url())
    page.click(".share summary")
    expect(page.get_by_role("link", name="Mastodon")).to_be_visible()
    expect(page.get_by_role("button", name="Copy the link")).not_to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_with_all_of_it_open_the_page_is_accessible_and_fits(person, post, width, scheme):
    page = person(color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(f"{post.get_absolute_url()}")
    page.click(".noteref a")
    for summary in page.query_selector_all("details > summary"):
        if summary.is_visible():
            summary.press("Enter")
    assert not (results := Axe().run(page)).response["violations"], results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    small = "[...document.querySelectorAll('.anchor, .share a, .parts a, .contents a, .notes .back')].filter("
    small += "link => link.offsetParent && link.getBoundingClientRect().height < 24).map(link => link.className)"
    assert page.evaluate(small) == []
