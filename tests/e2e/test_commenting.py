from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests.factories import make_comment, make_post

ADDRESS = "/2026/03/tides/"


@pytest.fixture
def post(site):
    return make_post(title="Tides", published_at=datetime(2026, 3, 14, tzinfo=UTC))


def fill(page, text: str = "Surely the wind?") -> None:
    page.get_by_role("textbox", name="Name").fill("Mudlark")
    page.get_by_role("textbox", name="E-mail").fill("mud@example.org")
    page.get_by_label("Comment", exact=True).fill(text)


def test_with_script_one_press_sends_it(person, post):
    page = person()
    page.goto(ADDRESS)
    with page.expect_response(lambda response: response.url.endswith("/comment/")):
        page.get_by_role("textbox", name="Name").focus()
    page.wait_for_timeout(2500)  # the time trap: nobody writes a comment in two seconds
    fill(page)
    page.get_by_role("button", name="Post a Comment").click()
    expect(page.get_by_text("waiting for a moderator")).to_be_visible()
    expect(page.get_by_text("Surely the wind?")).to_be_visible()
    assert Comment.objects.get().status == "pending"


def test_without_script_a_preview_comes_between(person, post):
    page = person(java_script_enabled=False)
    page.goto(ADDRESS)
    fill(page)
    page.get_by_role("button", name="Post a Comment").click()
    expect(page.get_by_role("heading", name="Is this as you meant it?")).to_be_visible()
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Post a Comment").click()
    expect(page.get_by_text("waiting for a moderator")).to_be_visible()


def test_a_double_click_makes_one_comment(person, post):
    page = person()
    page.goto(f"{ADDRESS}comment/")
    fill(page)
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Post a Comment").dblclick()
    page.get_by_text("waiting for a moderator").wait_for()
    assert Comment.objects.count() == 1


def test_by_keyboard_alone(person, post):
    page = person()
    page.goto(f"{ADDRESS}comment/")
    page.get_by_role("textbox", name="Name").focus()
    for words in ("Mudlark", "mud@example.org", "", "", "Surely the wind?"):  # past the website and the box below it
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.wait_for_timeout(2500)
    page.keyboard.press("Tab")  # past Preview
    page.keyboard.press("Enter")
    page.get_by_text("waiting for a moderator").wait_for()


def test_a_mistake_is_told_beside_its_field_and_costs_no_words(chromium, site, post):
    # Not `person`: Chromium logs the 422 of a refused form as an error of the console.
    page = chromium.new_page(base_url=site)
    page.goto(f"{ADDRESS}comment/")
    fill(page)
    page.get_by_role("textbox", name="E-mail").fill("nobody")
    page.get_by_role("button", name="Post a Comment").click()
    field = page.get_by_role("textbox", name="E-mail")
    assert field.get_attribute("aria-invalid") == "true" and field.input_value() == "nobody"
    expect(page.locator("#" + field.get_attribute("aria-describedby"))).to_be_visible()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Surely the wind?")
    page.close()


def test_a_reply_without_script(person, post):
    make_comment(post, author_name="Keeper", body="First.")
    page = person(java_script_enabled=False)
    page.goto(ADDRESS)
    page.get_by_role("link", name="Reply to Keeper").click()
    expect(page.get_by_text("You answer")).to_be_visible()
    fill(page, "Hello Keeper")
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Post a Comment").click()
    page.get_by_text("waiting for a moderator").wait_for()
    assert Comment.objects.get(body="Hello Keeper").parent.author_name == "Keeper"
