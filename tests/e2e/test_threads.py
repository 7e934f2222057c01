"""Reading and answering comments in place: replies, folding, what is new, a name that the browser remembers."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests.e2e.desk import wait_until
from tests.factories import make_comment

ADDRESS = "/2026/03/tides/"


@pytest.fixture
def thread(post):
    """A comment and a reply to it, and another comment."""
    first = make_comment(post, author_name="Keeper", body="First.")
    return (
        first,
        make_comment(post, author_name="نیما", body="پاسخ", parent=first),
        make_comment(post, author_name="Gull"),
    )


def reply_to(page, name: str):
    return page.get_by_role("link", name=f"Reply to {name}")


def says(page) -> str:
    return page.evaluate("document.getElementById('comments-said').textContent")


def test_a_reply_is_written_under_its_comment_and_cancelled_there(person, thread):
    page = person()
    page.goto(ADDRESS)
    page.get_by_label("Comment", exact=True).fill("Half a thought")
    reply_to(page, "Keeper").focus()
    page.keyboard.press("Enter")
    form = page.locator(f"#comment-{thread[0].pk} > #post-a-comment")
    expect(form.get_by_role("heading", name="Reply to Keeper")).to_be_visible()
    assert says(page) == "Reply to Keeper"
    assert page.evaluate("document.activeElement.name") == "name"
    expect(form.get_by_label("Comment", exact=True)).to_have_value("Half a thought")
    assert page.url.endswith(ADDRESS)

    form.get_by_role("button", name="Cancel").click()

    expect(page.locator(".comments > #post-a-comment [name=parent]")).to_have_value("")
    expect(page.get_by_role("heading", name="Post a Comment")).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Reply to Keeper"
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Half a thought")
    expect(page.get_by_role("button", name="Cancel")).not_to_be_visible()


def test_a_reply_in_place_is_stored_as_one(person, thread):
    page = person()
    page.goto(ADDRESS)
    with page.expect_response(lambda response: response.url.endswith("/comment/")):
        reply_to(page, "نیما").click()
    expect(page.locator("#reply bdi")).to_have_text("نیما", use_inner_text=True)
    page.get_by_role("textbox", name="Name").fill("Mudlark")
    page.get_by_role("textbox", name="E-mail").fill("mud@example.org")
    page.get_by_label("Comment", exact=True).fill("Hello Nima")
    page.wait_for_timeout(2500)  # the time trap
    page.get_by_role("button", name="Post a Comment").click()
    page.get_by_text("waiting for a moderator").wait_for()
    assert Comment.objects.get(body="Hello Nima").parent == thread[1]


def test_from_the_preview_one_comes_back_to_the_reply(person, thread):
    page = person()
    page.goto(ADDRESS)
    reply_to(page, "Keeper").click()
    page.get_by_role("textbox", name="Name").fill("Mudlark")
    page.get_by_role("textbox", name="E-mail").fill("mud@example.org")
    page.get_by_label("Comment", exact=True).fill("Hello Keeper")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("You answer")).to_be_visible()
    page.go_back()
    form = page.locator(f"#comment-{thread[0].pk} > #post-a-comment")
    form.wait_for()
    expect(form.get_by_label("Comment", exact=True)).to_have_value("Hello Keeper")


def test_a_thread_folds_without_script_and_its_address_opens_it(person, thread):
    page = person(java_script_enabled=False)
    page.goto(ADDRESS)
    reply = page.locator(f"#comment-{thread[1].pk} > .own")
    fold = page.get_by_text("1 reply", exact=True)
    expect(reply).to_be_visible()
    fold.focus()
    page.keyboard.press("Enter")
    expect(reply).not_to_be_visible()
    page.goto(f"{ADDRESS}#comment-{thread[1].pk}")
    expect(reply).to_be_visible()


def test_what_is_new_is_said_in_words_and_leads_from_one_to_the_next(person, post, thread):
    page = person()
    page.goto(ADDRESS)
    assert not page.locator("#news").is_visible()  # the first visit
    make_comment(post, author_name="Heron", body="New one.", parent=thread[0])
    last = make_comment(post, author_name="Tern", body="New two.")
    page.goto(ADDRESS)
    expect(page.get_by_text("New since your last visit: 2")).to_be_visible()
    assert page.locator(".badge.new").all_inner_texts() == ["New", "New"]
    page.get_by_role("link", name="To the first").click()
    page.locator("article:target").get_by_role("link", name="Next new comment").click()
    assert page.url.endswith(f"#comment-{last.pk}")
    page.goto(ADDRESS)
    assert not page.locator("#news").is_visible() and not page.locator(".badge.new").count()


def test_a_post_that_was_read_before_its_first_comments_has_news(person, post):
    page = person()
    page.goto(ADDRESS)
    make_comment(post, body="The first.")
    make_comment(post, body="The second.")
    page.goto(ADDRESS)
    expect(page.get_by_text("New since your last visit: 2")).to_be_visible()
    other = person()
    other.goto(ADDRESS)
    expect(other.locator(".badge.new")).to_have_count(0)
    assert not other.locator("#news").is_visible()


def test_only_the_last_posts_are_remembered(person, thread):
    page = person()
    page.goto(ADDRESS)
    many = "JSON.stringify([...Array(300).keys()].map((n) => [`/2020/01/${n}/`, '1']))"
    page.evaluate(f"localStorage.setItem('marginalia-seen', {many})")
    page.goto(ADDRESS)
    assert page.evaluate("JSON.parse(localStorage.getItem('marginalia-seen')).length") == 200
    assert page.evaluate("JSON.parse(localStorage.getItem('marginalia-seen')).at(-1)[0]") == ADDRESS


def test_the_name_is_remembered_only_if_asked_and_forgotten_again(person, thread):
    page = person()
    page.goto(ADDRESS)
    box = page.get_by_label("Remember my name, e-mail and website in this browser")
    expect(box).not_to_be_checked()
    page.get_by_role("textbox", name="Name").fill("Mudlark")
    page.get_by_role("textbox", name="Website").fill("https://mud.example/")
    box.check()
    page.goto(f"{ADDRESS}comment/")
    assert page.get_by_role("textbox", name="Name").input_value() == "Mudlark" and box.is_checked()
    expect(page.get_by_role("textbox", name="Website")).to_have_value("https://mud.example/")
    box.uncheck()
    assert page.evaluate("localStorage.getItem('marginalia-commenter')") is None
    page.goto(ADDRESS)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("")
    sent = page.evaluate("[...new FormData(document.getElementById('post-a-comment')).keys()]")
    assert sorted(sent) == ["email", "name", "parent", "text", "token", "topic", "url"]


def test_without_script_nothing_is_shown_that_needs_one(person, thread):
    page = person(java_script_enabled=False)
    page.goto(ADDRESS)
    assert not page.get_by_label("Remember my name").is_visible() and not page.locator("#news").is_visible()
    expect(page.get_by_role("button", name="Cancel")).not_to_be_visible()


def test_a_refused_form_holds_the_focus_on_its_reasons_without_script(chromium, site, thread):
    # Not `person`: Chromium logs the 422 of a refused form as an error of the console.
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{ADDRESS}comment/")
    page.get_by_role("button", name="Post a Comment").click()
    expect(page.locator(".problem:focus")).to_have_count(1)
    assert page.title().startswith("Problem: ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Mudlark")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Mudlark")
    context.close()


def test_a_thread_from_right_to_left(person, post, thread):
    from blog.models import SiteSettings

    SiteSettings(language="fa").save()
    page = person(viewport={"width": 320, "height": 700})
    page.goto(ADDRESS)
    page.get_by_role("link", name="پاسخ به نیما").click()
    wait_until(page, f"document.querySelector('#comment-{thread[1].pk} > form') !== null")
    expect(page.locator("#reply")).to_have_text("پاسخ به نیما", use_inner_text=True)
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
