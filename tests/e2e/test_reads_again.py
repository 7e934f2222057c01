"""A post that lies in the background, or comes back by the back button: one read for each time it is looked at."""

import pytest

from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.desk import wait_until
from tests.e2e.test_reads import FIREFOX, LATER, NOT_DRIVEN, counted, told

HIDE = """
  Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
"""
SHOW = HIDE.replace("hidden", "visible")


@pytest.fixture
def keeping(chromium, site):
    """A page of a browser that keeps what was left for the back button: Playwright's own has that turned off."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
    )
    page = browser.new_context(base_url=site, user_agent=FIREFOX).new_page()
    page.set_default_timeout(15_000)
    page.add_init_script(NOT_DRIVEN)
    page.add_init_script("addEventListener('pageshow', event => { window.cameBack = event.persisted })")
    yield page
    browser.close()


def go_back(page) -> None:
    page.go_back(wait_until="commit")  # what was kept is not loaded
    wait_until(page, "window.cameBack")


def test_brought_back_by_the_button_it_is_read_again(keeping, post):
    page, sent = keeping, told(keeping)
    with page.expect_response("**/read/*/"):
        page.goto(post.get_absolute_url())
    page.goto("/")
    page.wait_for_timeout(LATER)
    with page.expect_response("**/read/*/"):
        go_back(page)
    page.wait_for_timeout(6_000)
    assert (len(sent), counted()) == (2, 2)


def test_left_too_soon_it_is_read_once_it_is_back(keeping, post):
    page, sent = keeping, told(keeping)
    page.goto(post.get_absolute_url())
    page.wait_for_timeout(3_000)
    page.goto("/")
    page.wait_for_timeout(LATER)
    go_back(page)
    page.wait_for_timeout(3_000)
    assert sent == []
    page.wait_for_timeout(3_000)
    assert (len(sent), counted()) == (1, 1)


def test_opened_in_the_background_it_is_not_read_until_it_is_looked_at(person, post):
    page = person(user_agent=FIREFOX)
    for script in (NOT_DRIVEN, HIDE):
        page.add_init_script(script)
    page.clock.install()
    sent = told(page)
    page.goto(post.get_absolute_url())
    page.clock.run_for(60_000)
    page.wait_for_timeout(LATER)
    assert (sent, counted()) == ([], 0)
    page.evaluate(SHOW)
    with page.expect_response("**/read/*/"):
        page.clock.run_for(5_100)
    for script in (HIDE, SHOW):
        page.evaluate(script)
        page.clock.run_for(60_000)
    page.wait_for_timeout(LATER)
    assert (len(sent), counted()) == (1, 1)


def test_closed_in_the_background_it_was_never_read(person, post):
    page = person(user_agent=FIREFOX)
    for script in (NOT_DRIVEN, HIDE):
        page.add_init_script(script)
    sent = told(page)
    page.goto(post.get_absolute_url())
    page.wait_for_timeout(6_000)
    page.goto("/")
    page.wait_for_timeout(LATER)
    assert (sent, counted()) == ([], 0)
