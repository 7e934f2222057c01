"""An author shows a draft to somebody without an account; and looks at it as wide as a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from blog.models import Preview, ReviewNote
from tests.e2e.desk import sign_in
from tests.e2e.test_desk_post import passes_axe
from tests.factories import make_post, make_user

BODY = "<h2>At noon</h2><p>Far out.</p><h2>At night</h2><p>Farther.</p>" + "<p>And on and on.</p>" * 20


@pytest.fixture
def author(site):
    return make_user("arno", "Author")


@pytest.fixture
def draft(author):
    return make_post(author, ("sea",), title="Low water", body=BODY, status="draft")


def desk(post, page: str = "previews") -> str:
    return f"/admin/blog/post/{post.pk}/{page}/"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_is_made_read_answered_and_revoked(person, draft, scripts):
    page = person(java_script_enabled=scripts)
    sign_in(page, "arno", desk(draft))
    page.get_by_label("For whom").fill("Zara")
    page.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("Copy it now").input_value()
    expect(page.get_by_role("button", name="Copy")).to_be_visible(visible=scripts)

    reader = person(java_script_enabled=scripts)
    reader.goto(address)
    expect(reader.get_by_role("heading", name="Low water")).to_be_visible()
    expect(reader.get_by_text("Preview for Zara, until")).to_be_visible()
    reader.get_by_role("link", name="Leave a note").click()
    expect(reader.get_by_label("Your name")).to_have_value("Zara")
    reader.get_by_label("Note", exact=True).fill("Which noon?")
    reader.get_by_role("button", name="Send the note").click()
    expect(reader.get_by_text("Thank you. The author sees it.")).to_be_in_viewport()
    assert reader.url == f"{address}#notes" and not reader.context.cookies()

    page.goto(desk(draft, "notes"))
    expect(page.get_by_text("Which noon?")).to_be_visible()
    page.get_by_role("button", name="Settle").click()
    expect(page.get_by_text("No open notes.")).to_be_visible()
    page.get_by_role("link", name="Preview links").click()
    page.get_by_role("button", name="Revoke Zara").click()
    expect(page.get_by_text("The link works no more.")).to_be_visible()
    assert Preview.objects.get().revoked_at and ReviewNote.objects.get().settled_at


def test_a_revoked_link_is_a_dead_end(chromium, site, draft):
    # Not `person`: Chromium logs a status of 410 as an error.
    address = f"{site}/preview/{Preview.objects.make(7, post=draft, created_by=draft.author)}/"
    page = chromium.new_page()
    page.goto(address)
    expect(page.get_by_text("Far out.")).to_be_visible()
    Preview.objects.update(revoked_at=draft.created_at + timedelta(hours=1))
    page.reload()
    expect(page.get_by_role("heading", name="This link works no more")).to_be_visible()
    page.close()


def test_copying_the_address(chromium, site, draft):
    context = chromium.new_context(base_url=site, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    sign_in(page, "arno", desk(draft))
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("Copy it now").input_value()
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_frame_is_as_wide_and_dark_as_chosen(person, site, draft, scripts):
    page = person(viewport={"width": 1400, "height": 900}, java_script_enabled=scripts, color_scheme="light")
    sign_in(page, "arno", f"/admin/preview/{draft.pk}/frame/")
    for words, width in (("Phone 360", 360), ("Tablet 768", 768), ("Desktop 1280", 1280)):
        page.get_by_role("link", name=words).click()
        expect(page.get_by_role("link", name=words)).to_have_attribute("aria-current", "true")
        assert page.locator("iframe").bounding_box()["width"] == width
    framed = page.frame_locator("iframe")
    expect(framed.get_by_role("heading", name="Low water")).to_be_visible()
    expect(framed.locator(".preview-bar")).to_have_count(0)
    expect(framed.locator("body")).to_have_css("background-color", "rgb(251, 250, 246)")
    page.get_by_role("link", name="Dark").click()
    expect(framed.locator("body")).to_have_css("background-color", "rgb(23, 22, 20)")
    expect(page.locator("iframe")).to_have_class("wide-1280")
    if scripts:
        # No frame may show where it leads.
        expect(framed.get_by_role("link", name="sea", exact=True)).to_have_attribute("target", "_top")
    page.get_by_role("link", name="Back to writing").click()
    expect(page).to_have_url(f"{site}/admin/blog/post/{draft.pk}/change/")


def test_on_a_phone_the_page_scrolls_in_the_frame(person, draft):
    page = person(viewport={"width": 360, "height": 740})
    sign_in(page, "arno", f"/admin/preview/{draft.pk}/frame/")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("document.querySelector('main').scrollWidth") == 1280


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_pass_axe(chromium, site, draft, scheme, width):
    link = {"post": draft, "created_by": draft.author}
    address = f"/preview/{Preview.objects.make(7, name='Zara ' + 'of-the-long-name' * 4, **link)}/"
    ReviewNote.objects.create(
        post=draft, preview=Preview.objects.get(), name="Zara", text="Which noon?\n\n" + "o" * 300
    )
    Preview.objects.make(1, **link)
    Preview.objects.filter(name="").update(revoked_at=draft.created_at)
    # Not `person`: axe sets styles of its own, and Chromium logs that the policy forbids it.
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": 800}, color_scheme=scheme)
    for there in (address, "/preview/none/"):
        page.goto(there)
        passes_axe(page, width)
    page.goto(address)
    page.get_by_role("button", name="Send the note").click()
    passes_axe(page, width)
    sign_in(page, "arno", desk(draft))
    page.get_by_role("button", name="Make a link").click()
    passes_axe(page, width)
    page.goto(desk(draft, "notes"))
    passes_axe(page, width)
    page.goto(f"/admin/preview/{draft.pk}/frame/?width=360")
    passes_axe(page, width)
    page.close()
