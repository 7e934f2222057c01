"""What surrounds the text in the form of a post: labels, series, translations, excerpt, and how others will show it."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import Label, Post, Series
from tests.e2e.desk import sign_in
from tests.factories import make_post, make_user

ADD = "/admin/blog/post/add/"
MARCH = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def author(site):
    return make_user("arno", "Author")


@pytest.fixture
def page(person, author):
    page = person(viewport={"width": 1280, "height": 900})
    sign_in(page, "arno", ADD)
    return page


def active(page, field) -> str:
    """The words of the option that a screen reader says."""
    return page.locator(f"#{field.get_attribute('aria-activedescendant')}").inner_text()


def save(page) -> Post:
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").press("Enter")
    return Post.objects.latest("pk")


def test_labels_are_completed_by_keyboard(page):
    for name in ("Café", "Tides", "Tide tables", "Salt, pepper"):
        Label.objects.create(name=name)
    page.get_by_label("Title:", exact=True).fill("Ebb")
    labels = page.get_by_role("combobox", name="Labels")
    labels.focus()
    page.keyboard.type("TID")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_text(["Tide tables", "Tides"])
    page.keyboard.press("ArrowUp")
    assert active(page, labels) == "Tides"
    page.keyboard.press("Enter")
    expect(labels).to_have_value("Tides, ")
    page.keyboard.type("pep")
    expect(options).to_have_text(["Salt, pepper"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(labels).to_have_value('Tides, "Salt, pepper", ')
    page.keyboard.type("tide")
    expect(options).to_have_text(["Tide tables"])  # what was chosen is not offered again
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(labels).to_have_attribute("aria-expanded", "false")
    expect(labels).to_have_value('Tides, "Salt, pepper", tide')
    page.keyboard.type(" gauge, cafes, ")
    hint = page.get_by_text("For “\u2068cafes\u2069” there is already “\u2068Café\u2069”.")
    expect(hint).to_be_visible()
    hint.get_by_role("button", name="Use it").press("Enter")
    expect(labels).to_have_value('Tides, "Salt, pepper", tide gauge, Café, ')
    expect(labels).to_be_focused()
    expect(hint).to_have_count(0)
    assert set(save(page).tags.names()) == {"Tides", "Salt, pepper", "tide gauge", "Café"}


def test_a_series_and_a_translation_are_chosen_by_keyboard(page, author):
    series = Series.objects.create(title="A year at the creek")
    tides = make_post(author, title="Tides", published_at=MARCH)
    page.get_by_label("Title:", exact=True).fill("Gezeiten")
    page.get_by_role("combobox", name="Series").focus()
    page.keyboard.type("year")
    expect(page.locator(".options [role=option]")).to_have_text(["A year at the creek"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Language:", exact=True).select_option("de")
    search = page.get_by_role("combobox", name="Translation of")
    search.focus()
    page.keyboard.type("tid")
    expect(page.locator(".options [role=option]")).to_have_text(["Tides English"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    take_away = page.get_by_role("button", name="Take away").first
    expect(take_away).to_be_focused()
    page.keyboard.press("Enter")
    expect(search).to_be_focused()
    page.keyboard.type("tid")
    expect(page.locator(".options [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    post = save(page)
    assert (post.series, post.translation_of) == (series, tides)
    expect(page.get_by_text("Linked with: English “Tides”")).to_be_visible()


def test_the_excerpt_comes_from_the_text_and_nothing_typed_is_lost(page):
    fill = page.get_by_role("button", name="Suggest from the text")
    excerpt = page.get_by_label("Excerpt:", exact=True)
    fill.press("Enter")
    expect(page.get_by_text("There is no text yet to take it from.")).to_be_visible()
    page.locator(".ProseMirror").click()
    page.keyboard.type("Low water came at noon.")
    excerpt.fill("My own words.")
    fill.press("Enter")
    expect(excerpt).to_have_value("Low water came at noon.")
    page.get_by_role("button", name="Put my words back").press("Enter")
    expect(excerpt).to_have_value("My own words.")
    expect(excerpt).to_be_focused()


def test_how_others_will_show_it_follows_what_is_typed(page):
    seen = page.get_by_role("region", name="How others will show it")
    result, card = seen.locator(".seen-result"), seen.locator(".seen-card")
    page.get_by_label("Title:", exact=True).fill("جزر و مد")
    page.get_by_label("Publish at:", exact=True).fill("2027-05-01T10:00")
    expect(result.locator(".seen-address")).to_have_text(
        "localhost:" + page.url.split(":")[2].split("/")[0] + " › 2027 › 05 › جزر-و-مد"
    )
    expect(result.locator(".seen-title")).to_have_text("جزر و مد · Marginalia")
    assert card.locator(".seen-title").evaluate("element => getComputedStyle(element).direction") == "rtl"
    page.locator(".ProseMirror").click()
    page.keyboard.type("Low water came at noon.")
    expect(result.locator(".seen-words")).to_have_text("Low water came at noon.")
    page.get_by_label("Excerpt:", exact=True).fill("In short.")
    expect(card.locator(".seen-words")).to_have_text("In short.")
    page.locator("summary", has_text="For search engines").press("Enter")
    title = page.get_by_label("Title for search engines:")
    title.fill("When the water goes")
    expect(result.locator(".seen-title")).to_have_text("When the water goes · Marginalia")
    expect(card.locator(".seen-title")).to_have_text("جزر و مد")
    expect(title).to_have_accessible_description("19 characters")
    title.fill("When the water goes and what it leaves behind on a very long shore of many more words than fit")
    expect(page.locator("#id_seo_title_count")).to_have_text("94 characters: the end will be cut off")
    expect(result.locator(".seen-title")).to_contain_text(" …")
    page.get_by_label("Description for search engines:").fill("For those who look. " * 14)
    expect(result.locator(".seen-words")).to_contain_text("For those who look. For those")
    expect(page.locator("#id_seo_description_count")).to_contain_text("the end will be cut off")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_pass_axe(chromium, site, author, scheme, width):
    series = Series.objects.create(title="A year at the creek", description="Month by month.")
    first, second, _third = (make_post(author, title=f"Part {n}", series=series, published_at=MARCH) for n in range(3))
    fa = make_post(author, title="جزر و مد", language="fa", translation_of=second, published_at=MARCH)
    Label.objects.create(name="Tides")
    # Not `person`: axe sets styles of its own, and Chromium logs that the policy forbids it.
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": 800}, color_scheme=scheme)
    for address in (series.get_absolute_url(), second.get_absolute_url(), fa.get_absolute_url()):
        page.goto(address)
        passes_axe(page, width)
    sign_in(page, "arno", f"/admin/blog/post/{fa.pk}/change/")
    page.locator("summary", has_text="For search engines").click()
    passes_axe(page, width)
    page.get_by_role("combobox", name="Labels").press_sequentially("tid")
    expect(page.locator(".options [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    passes_axe(page, width)
    page.close()


def passes_axe(page, width: int) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
