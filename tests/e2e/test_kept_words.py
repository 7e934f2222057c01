"""What a browser keeps of what is typed: offered while the server does not have it, and to nobody else."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from blog.models import Label, Post
from tests.e2e.desk import sign_in, wait_until
from tests.e2e.test_publishing import ADD, change, press, text, write
from tests.factories import make_post, make_user


@pytest.fixture
def author(site):
    return make_user("arno", "Author")


def local_words(page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('marginalia:'))")


def expect_no_offer(page) -> None:
    expect(page.locator("[data-autosave]")).to_be_hidden()
    expect(page.get_by_role("button", name="Take them up")).to_have_count(0)


def test_what_was_saved_is_not_offered_though_the_server_filled_it_in(person, author):
    Label.objects.create(name="Moon", slug="moon")
    page = person()
    sign_in(page, "arno", ADD)
    page.get_by_label("Title:", exact=True).fill("Night")
    page.get_by_role("combobox", name="Labels").fill("tides, Moon, ")
    write(page, "It was a dark night.")
    press(page, "Save draft")  # before it was kept: it still stands under the address of new posts
    expect(page.get_by_label("Slug")).to_have_value("night")
    expect_no_offer(page)
    assert local_words(page) == []

    page.get_by_role("combobox", name="Labels").fill("tides, Moon, ")
    press(page, "Save draft")
    expect_no_offer(page)
    press(page, "Publish")
    expect(page.get_by_label("Publish at")).not_to_have_value("")
    expect_no_offer(page)

    page.goto(ADD)
    expect_no_offer(page)
    assert Post.objects.count() == 1


def test_a_save_whose_answer_was_lost_makes_no_second_post(person, author):
    page = person()
    sign_in(page, "arno", ADD)
    page.get_by_label("Title:", exact=True).fill("Night")
    write(page, "It was dark.")

    def lose(route):
        route.fetch(max_redirects=0)
        route.abort()

    page.route(f"**{ADD}", lose)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Save draft").click()
    page.unroute(f"**{ADD}")

    page.goto(ADD)
    page.get_by_role("button", name="Take them up").click()
    expect(text(page)).to_have_text("It was dark.")
    press(page, "Save draft")
    assert Post.objects.count() == 1


def test_what_was_refused_is_kept_while_it_is_put_right(person, author):
    page = person()
    sign_in(page, "arno", ADD)
    page.get_by_label("Title:", exact=True).fill("Night")
    page.get_by_label("Slug").fill("not a slug")
    write(page, "It was dark.")
    press(page, "Save draft")
    expect(page.locator(".errornote")).to_be_visible()

    expect(page.get_by_text("Kept at")).to_be_visible()
    assert local_words(page) == []
    page.goto("/admin/blog/post/")
    page.get_by_role("link", name="Night").first.click()
    expect(text(page)).to_have_text("It was dark.")


def test_words_that_are_taken_up_hide_nobody_elses(chromium, site, author):
    post = make_post(author, title="Tides", status="draft", body="<p>One.</p>")
    context = chromium.new_context(base_url=site)
    page = context.new_page()
    sign_in(page, "arno", change(post))
    press(page, "Save draft")
    context.set_offline(True)
    write(page, " Mine.")
    expect(page.locator("[data-kept]")).to_contain_text("kept in this browser")
    page.close(run_before_unload=False)
    context.set_offline(False)

    make_user("edda", "Editor")
    other = chromium.new_context(base_url=site).new_page()
    sign_in(other, "edda", change(post))
    write(other, " Theirs.")
    press(other, "Save draft")
    other.context.close()

    page = context.new_page()
    page.goto(change(post))
    page.get_by_role("button", name="Take them up").click()
    press(page, "Save draft")
    expect(page.get_by_role("heading", name="Edda saved another version")).to_be_visible()
    assert Post.objects.get().body == "<p>One. Theirs.</p>"
    context.close()


def test_the_next_person_at_this_browser_is_not_offered_them(chromium, site, author):
    post = make_post(author, title="Tides", status="draft", body="<p>One.</p>")
    make_user("edda", "Editor")
    context = chromium.new_context(base_url=site)
    page = context.new_page()
    sign_in(page, "arno", change(post))
    context.set_offline(True)
    write(page, " Mine.")
    expect(page.locator("[data-kept]")).to_contain_text("kept in this browser")
    page.close(run_before_unload=False)
    context.set_offline(False)
    for name, count in (("edda", 0), ("arno", 1)):
        context.clear_cookies()
        page = context.new_page()
        sign_in(page, name, change(post))
        expect(text(page)).to_have_text("One.")
        expect(page.get_by_role("button", name="Take them up")).to_have_count(count)
    context.close()


def test_a_tab_that_dies_before_the_server_has_the_words(chromium, site, author):
    post = make_post(author, title="Tides", status="draft", body="<p>The rain fell in</p>")
    context = chromium.new_context(base_url=site)
    page = context.new_page()
    sign_in(page, "arno", change(post))
    page.route("**/autosave/", lambda route: route.abort())
    write(page, " torrents")
    wait_until(page, "Object.values(localStorage).some((words) => words.includes('fell in torrents'))")
    with suppress(Error), page.expect_event("crash"):
        page.goto("chrome://crash")
    page = context.new_page()
    page.goto(change(post))
    page.get_by_role("button", name="Take them up").click()
    expect(text(page)).to_have_text("The rain fell in torrents")
    assert not post.revisions.filter(why="autosave").exists()
    context.close()


def test_the_preview_shows_what_is_kept_and_not_saved(person, author):
    page = person()
    sign_in(page, "arno", ADD)
    preview = page.get_by_role("link", name="Preview", exact=True)
    expect(preview).to_be_hidden()
    write(page, "It was a dark night.")
    expect(preview).to_be_visible()
    page.goto(preview.get_attribute("href"))
    expect(page.frame_locator("iframe").locator(".text")).to_have_text("It was a dark night.")
