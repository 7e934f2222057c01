"""Nothing that somebody types is lost, and everything has a way back: by real browsers."""

import contextlib
import os
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error, expect

from blog.models import Post
from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.desk import sign_in
from tests.factories import make_post, make_user

ADD = "/admin/blog/post/add/"
LIST = "/admin/blog/post/"
SIZES = [(scheme, width) for scheme in ("light", "dark") for width in (360, 1280)]


@pytest.fixture
def author(site):
    return make_user("arno", "Author")


@pytest.fixture
def editor(site):
    return make_user("edda", "Editor")


def change(post: Post) -> str:
    return reverse("admin:blog_post_change", args=[post.pk])


def text(page):
    return page.get_by_role("textbox", name="Text")


def write(page, words: str) -> None:
    text(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def press(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def kill(folder: Path) -> None:
    """As a computer that loses its power: every process of the browser with this profile."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and str(folder).encode() in _line(process):
            try:
                os.kill(int(process.name), signal.SIGKILL)
            except ProcessLookupError:
                continue


def _line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def test_a_browser_that_dies_mid_sentence_costs_no_text(chromium, site, author, tmp_path):
    options = {"executable_path": CHROMIUM, "args": ARGUMENTS, "base_url": site}
    context = chromium.browser_type.launch_persistent_context(tmp_path / "profile", **options)
    page = context.pages[0]
    sign_in(page, "arno", ADD)
    page.get_by_label("Title:", exact=True).fill("Night")
    write(page, "It was a dark and stormy night; the rain fell in")
    expect(page.locator("[data-kept]")).to_contain_text("Kept at")
    kill(tmp_path / "profile")
    with contextlib.suppress(Error):  # it is dead
        context.close()

    other = chromium.new_context(base_url=site).new_page()
    sign_in(other, "arno", "/admin/")
    other.get_by_role("link", name="Night").first.click()
    expect(text(other)).to_have_text("It was a dark and stormy night; the rain fell in")
    expect(other.get_by_label("Title:", exact=True)).to_have_value("Night")
    write(other, " torrents.")
    press(other, "Publish")
    assert Post.objects.get().body == "<p>It was a dark and stormy night; the rain fell in torrents.</p>"
    other.context.close()


def test_a_new_post_gets_its_address_with_its_first_words(person, author):
    page = person()
    sign_in(page, "arno", ADD)
    write(page, "Some words")
    expect(page.locator("[data-kept]")).to_contain_text("Kept at")
    post = Post.objects.get()

    assert page.url.endswith(change(post))
    page.get_by_label("Title:", exact=True).fill("Named")
    press(page, "Save draft")
    assert Post.objects.get().title == "Named"


def test_without_a_connection_the_browser_keeps_what_is_typed(chromium, site, author):
    post = make_post(author, title="Tides", status="draft", body="<p>Saved.</p>")
    context = chromium.new_context(base_url=site)
    page = context.new_page()
    sign_in(page, "arno", change(post))
    context.set_offline(True)
    write(page, " And more.")
    expect(page.locator("[data-kept]")).to_contain_text("kept in this browser")
    page.close(run_before_unload=False)
    context.set_offline(False)

    page = context.new_page()
    page.goto(change(post))
    expect(text(page)).to_have_text("Saved.")
    page.get_by_role("button", name="Take them up").click()
    expect(text(page)).to_have_text("Saved. And more.")
    press(page, "Save draft")
    assert Post.objects.get().body == "<p>Saved. And more.</p>"
    expect(page.get_by_role("button", name="Take them up")).to_have_count(0)
    context.close()


def test_two_authors_and_neither_loses_a_word(person, author, editor):
    post = make_post(author, title="Tides", status="draft", body="<p>The sea was calm.</p>")
    arno, edda = person(), person()
    sign_in(arno, "arno", change(post))
    sign_in(edda, "edda", change(post))
    write(arno, " Boats lay still.")
    press(arno, "Save draft")
    write(edda, " Gulls cried.")
    press(edda, "Save draft")
    expect(edda.get_by_role("heading", name="Arno saved another version")).to_be_visible()
    expect(edda.locator(".conflict .difference")).to_contain_text("Boats lay still")
    expect(text(edda)).to_have_text("The sea was calm. Gulls cried.")
    post.refresh_from_db()
    assert post.body == "<p>The sea was calm. Boats lay still.</p>"

    edda.get_by_role("checkbox", name="Save mine over it").check()
    press(edda, "Save draft")
    post.refresh_from_db()
    assert post.body == "<p>The sea was calm. Gulls cried.</p>"
    arno.goto(change(post))
    arno.get_by_role("link", name="History").click()
    arno.get_by_role("row").filter(has_text="Arno").get_by_role("link", name="Bring back").first.click()
    expect(text(arno)).to_contain_text("Boats lay still.")


def test_a_draft_over_a_published_post_stays_unseen_until_it_is_published(person, author):
    post = make_post(author, title="Tides", body="<p>Seen by all.</p>")
    page, reader = person(), person()
    sign_in(page, "arno", change(post))
    write(page, " Not yet.")
    press(page, "Keep as a draft")
    reader.goto(post.get_absolute_url())
    expect(reader.locator(".text")).to_have_text("Seen by all.")
    expect(text(page)).to_have_text("Seen by all. Not yet.")
    expect(page.locator(".version-note", has_text="waits")).to_be_visible()
    press(page, "Update")
    reader.reload()
    expect(reader.locator(".text")).to_have_text("Seen by all. Not yet.")


def test_an_old_version_comes_back(person, author):
    post = make_post(author, title="Tides", status="draft", body="<p>First.</p>")
    page = person()
    sign_in(page, "arno", change(post))
    for words in (" Second.", " Third."):
        write(page, words)
        press(page, "Save draft")
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Compare the two").click()
    expect(page.locator("ins")).to_have_text(" Third.")
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="Bring back").last.click()
    expect(page.locator(".version-note", has_text="earlier version")).to_be_visible()
    expect(text(page)).to_have_text("First.")
    press(page, "Save draft")
    post.refresh_from_db()
    assert post.body == "<p>First.</p>"


def test_a_time_to_come_publishes_by_itself_and_a_new_slug_leaves_the_old_link_working(person, author):
    page, reader = person(), person()
    sign_in(page, "arno", ADD)
    page.get_by_label("Title:", exact=True).fill("Soon")
    write(page, "Words.")
    page.get_by_label("Publish at").fill(time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 3600)))
    press(page, "Schedule")
    post = Post.objects.get()
    assert post.is_scheduled()
    # The form takes whole minutes; nobody waits for one here.
    post.published_at = timezone.now() + timedelta(seconds=4)
    post.save()
    address = post.get_absolute_url()
    reader.context.clear_cookies()
    assert reader.request.get(address).status == 404
    for _moment in range(100):
        if reader.request.get(address).status == 200:
            break
        reader.wait_for_timeout(100)
    assert timezone.now() >= post.published_at
    reader.goto(address)
    expect(reader.get_by_role("heading", name="Soon", exact=True)).to_be_visible()

    page.goto(change(post))
    page.get_by_label("Slug").fill("at-last")
    press(page, "Update")
    reader.goto(address)
    assert reader.url.endswith("/at-last/")


@pytest.mark.parametrize(("scheme", "width"), SIZES)
def test_no_barrier_in_what_versions_show(chromium, site, author, editor, scheme, width):
    post = make_post(author, title="Tides", body="<p>The sea was calm.</p>")
    context = chromium.new_context(base_url=site, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    sign_in(page, "edda", change(post))
    write(page, " Boats lay still.")
    press(page, "Keep as a draft")
    write(page, " Gulls.")
    expect(page.locator("[data-kept]")).to_contain_text("Kept at")
    page.goto(change(post))
    addresses = [change(post), reverse("admin:blog_post_history", args=[post.pk])]
    compare = reverse("admin:blog_post_compare", args=[post.pk])
    last = post.revisions.order_by("-pk")[0].pk
    addresses += [f"{compare}?to={last}", f"{compare}?to={last}&view=inline"]
    for address in addresses:
        page.goto(address)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, (address, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/{addresses.index(address)}-{scheme}-{width}.png", full_page=True)
    context.close()
