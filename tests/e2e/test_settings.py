"""The owner's settings with the menu, one's own account, and what a browser makes of an accent."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import MenuItem, SiteSettings
from tests.blog.pictures import in_library
from tests.e2e.desk import sign_in
from tests.factories import make_page, make_post, make_user

SETTINGS = "/admin/blog/sitesettings/1/change/"
ACCOUNT = "/admin/account/"


@pytest.fixture
def owner(site):
    return make_user("olive", "Owner")


@pytest.fixture
def page(person, owner):
    page = person(viewport={"width": 1280, "height": 900})
    sign_in(page, "olive", SETTINGS)
    return page


def save(page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save").press("Enter")


def colour_of(page, selector: str) -> str:
    return page.locator(selector).first.evaluate("element => getComputedStyle(element).color")


@pytest.mark.parametrize(("scheme", "shown"), [("light", "rgb(34, 85, 119)"), ("dark", "rgb(136, 204, 238)")])
def test_an_accent_is_what_a_browser_shows(person, page, scheme, shown):
    make_post(title="Tides", body='<p>See <a href="/archive/">all</a>.</p>')
    page.get_by_label("Accent colour:", exact=True).fill("#225577")
    page.get_by_label("Accent colour on dark pages:", exact=True).fill("#8ce")
    save(page)
    reader = person(color_scheme=scheme)
    reader.goto("/")
    reader.get_by_role("link", name="Tides").first.click()
    assert colour_of(reader, ".text a") == shown
    page.emulate_media(color_scheme=scheme)
    page.goto("/admin/")
    assert colour_of(page, ".all th a") == shown


def test_a_colour_is_chosen_or_typed(page):
    line, chooser = page.get_by_label("Accent colour:", exact=True), page.get_by_label("Accent colour: Choose a colour")
    expect(chooser).to_have_value("#9c2f2a")
    line.fill("#17a")
    expect(chooser).to_have_value("#1177aa")
    chooser.fill("#ff8800")
    expect(line).to_have_value("#ff8800")
    save(page)
    error = page.get_by_text("#a65800 would do")
    expect(error).to_be_visible()
    line.fill("#a65800")
    save(page)
    assert SiteSettings.load().accent == "#a65800"


def test_a_menu_is_made_without_scripts(person, site, owner):
    make_page(title="About")
    page = person(java_script_enabled=False)
    sign_in(page, "olive", SETTINGS)
    lines = page.get_by_role("group", name="New line")
    lines.nth(0).get_by_label("Page", exact=True).select_option("About")
    lines.nth(1).get_by_label("Words").fill("Code")
    lines.nth(1).get_by_label("Or an address").fill("https://example.org/")
    save(page)
    page.goto("/")
    links = page.get_by_role("navigation", name="Site").get_by_role("link")
    expect(links).to_have_text(["Archive", "About", "Code", "Search"])
    page.goto(SETTINGS)
    page.get_by_role("group", name="Code").get_by_label("Position").fill("5")
    page.get_by_role("group", name="About").get_by_label("Delete this line").check()
    save(page)
    page.goto("/")
    expect(links).to_have_text(["Archive", "Code", "Search"])


def test_a_logo_takes_its_place_at_once(person, page):
    logo = in_library(alt="A lighthouse")
    SiteSettings(logo=logo).save()
    reader = person()
    reader.goto("/")
    shown = reader.locator(".masthead img")
    box = shown.bounding_box()
    assert (round(box["width"]), round(box["height"])) == (60, 40)
    assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
    name = reader.get_by_role("link", name="Marginalia")
    expect(name).to_have_accessible_name("Marginalia")


def test_a_line_of_the_menu_that_is_gone_is_let_go(person, page):
    MenuItem.objects.create(words="Code", address="https://example.org/")
    page.goto(SETTINGS)
    MenuItem.objects.all().delete()
    page.get_by_role("group", name="New line").first.get_by_label("Words").fill("Sea")
    page.get_by_role("group", name="New line").first.get_by_label("Or an address").fill("/sea/")
    save(page)
    expect(page.get_by_text("Somebody has deleted this line meanwhile.")).to_be_visible()
    page.get_by_label("Delete this line").check()
    save(page)
    assert [line.words for line in MenuItem.objects.all()] == ["Sea"]


def test_ones_account_is_changed(person, site):
    make_user("arno", "Author")
    page = person()
    sign_in(page, "arno", "/admin/")
    page.get_by_role("link", name="Your account").click()
    page.get_by_label("Name shown to readers:", exact=True).fill("Arno M.")
    page.get_by_label("Your time zone:", exact=True).select_option("Asia/Tehran")
    page.get_by_label("E-mail:", exact=True).fill("arno")
    save(page)
    expect(page.get_by_text("Enter a valid email address.")).to_be_visible()
    page.get_by_label("E-mail:", exact=True).fill("arno@elsewhere.example")
    save(page)
    password = page.get_by_label("Current password:", exact=True)
    expect(password).to_have_accessible_description(re.compile("Type your current password"))
    password.fill("correct horse")
    save(page)
    expect(page.get_by_text("Your account is saved.")).to_be_visible()
    expect(page.get_by_label("E-mail:", exact=True)).to_have_value("arno@elsewhere.example")
    expect(page.locator("#user-tools bdi")).to_have_text("Arno M.")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_pass_axe(chromium, site, owner, scheme, width):
    MenuItem.objects.create(page=make_page(title="About this journal and whoever writes it"), position=10)
    MenuItem.objects.create(words="Code", address="https://example.org/", position=20)
    words = {"footer": 'By <b>Olive</b>. <a href="/p/imprint/">Imprint</a>', "tagline": "A journal of one shoreline"}
    SiteSettings(logo=in_library(), accent="#225577", **words).save()
    # Not `person`: axe sets styles of its own, and Chromium logs that the policy forbids it.
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto("/")
    passes_axe(page, width)
    sign_in(page, "olive", SETTINGS)
    passes_axe(page, width)
    page.get_by_label("Accent colour:", exact=True).fill("#ff8800")
    page.get_by_role("group", name="New line").first.get_by_label("Words").fill("Nowhere")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("one of the two")).to_be_visible()
    passes_axe(page, width)
    page.goto(ACCOUNT)
    passes_axe(page, width)
    page.get_by_label("E-mail:", exact=True).fill("olive@elsewhere.example")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Type your current password")).to_be_visible()
    passes_axe(page, width)
    page.close()


def passes_axe(page, width: int) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
