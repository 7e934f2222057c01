"""The lists of the desk: posts, the calendar, labels that become one, and addresses that are missing."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from blog import revisions
from blog.models import Label, MissingPath, OldPath, Post
from tests.e2e.desk import press, sign_in
from tests.factories import make_post, make_user

LIST, CALENDAR, MISSING = "/admin/blog/post/", "/admin/blog/post/calendar/", "/admin/blog/missingpath/"
LABELS = "/admin/blog/label/"
LONG = (
    "A title of very many words that goes on and on until nobody remembers how it began, and Donaudampfschiffahrt" * 2
)


@pytest.fixture
def editor(site):
    return make_user("edda", "Editor")


@pytest.fixture
def filled(editor):
    now = timezone.now()
    out = make_post(editor, title="The tide table", labels=("Sea",), published_at=now - timedelta(hours=1))
    revisions.wait(out, editor, "saved", revisions.content_of(out))
    make_post(editor, title="جزر و مد", labels=("Seas",), published_at=now + timedelta(days=1))
    make_post(editor, title=LONG, status="draft")
    make_post(editor, title="In review", status="in_review")
    for number in range(7):
        make_post(editor, title=f"No. {number}", published_at=now - timedelta(minutes=number + 2))
    MissingPath.objects.create(path="/2016/05/tide-table.html", count=12)
    MissingPath.objects.create(path="/" + "x" * 280, count=3)
    return out


@pytest.fixture
def page(person, filled):
    return person(viewport={"width": 1280, "height": 900})


def test_a_draft_is_published_from_its_row_by_keyboard(page, editor):
    sign_in(page, "edda", LIST)
    page.get_by_role("button", name="Publish In review").focus()
    press(page, "Enter")
    expect(page.get_by_text("“In review” is published.")).to_be_visible()
    assert Post.objects.get(title="In review").status == "published"


def test_many_are_labelled_by_keyboard(page, editor):
    sign_in(page, "edda", LIST)
    page.get_by_role("row", name="In review").get_by_role("checkbox").press("Space")
    page.get_by_label("Action:").select_option("add_labels")
    page.get_by_role("button", name="Go", exact=True).press("Enter")
    labels = page.get_by_role("combobox", name="Labels")
    labels.focus()
    page.keyboard.type("sea")
    expect(page.locator(".options [role=option]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Add labels").press("Enter")
    expect(page.get_by_text("1 is labelled so now.")).to_be_visible()
    assert list(Post.objects.get(title="In review").tags.names()) == ["Sea"]


def test_a_missing_address_is_led_on_by_one_key(page, editor, filled):
    sign_in(page, "edda", MISSING)
    page.get_by_role("button", name="Send to “The tide table”").focus()
    press(page, "Enter")
    assert OldPath.objects.get().post == filled
    expect(page.get_by_text("/2016/05/tide-table.html is sent to")).to_be_visible()


def test_labels_become_one_by_keyboard(page, editor):
    sign_in(page, "edda", LABELS)
    for name in ("Sea", "Seas"):
        page.get_by_role("row", name=f"{name} {name.lower()} 1 post").get_by_role("checkbox").press("Space")
    page.get_by_label("Action:").select_option("merge_selected")
    page.get_by_role("button", name="Go", exact=True).press("Enter")
    page.get_by_role("radio", name="Seas").press("Space")
    with page.expect_navigation():
        page.get_by_role("button", name="Merge").press("Enter")
    assert [label.name for label in Label.objects.all()] == ["Seas"]


def test_a_day_of_the_calendar_begins_a_post(page, editor):
    sign_in(page, "edda", CALENDAR)
    page.locator(".months [rel=next]").click()
    link = page.locator("a.write").last
    link.focus()
    press(page, "Enter")
    expect(page.get_by_label("Publish at:", exact=True)).not_to_have_value("")


def test_rows_work_without_scripts(person, filled):
    page = person(java_script_enabled=False, viewport={"width": 360, "height": 800})
    sign_in(page, "edda", LIST)
    with page.expect_navigation():
        page.get_by_role("button", name="Duplicate In review").click()
    assert Post.objects.filter(title="In review (copy)", status="draft").exists()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_pass_axe(chromium, site, filled, scheme, width):
    # Not `person`: axe sets styles of its own, and Chromium logs that the policy forbids it.
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": 800}, color_scheme=scheme)
    sign_in(page, "edda", LIST)
    passes_axe(page, width)
    for address in (CALENDAR, MISSING, f"{LIST}{filled.pk}/delete/", "/admin/blog/oldpath/add/?path=%2Fold%2F"):
        page.goto(address)
        passes_axe(page, width)
    for address, action in ((LIST, "add_labels"), (LABELS, "merge_selected")):
        page.goto(address)
        for box in page.locator("input.action-select").all():
            box.check()
        page.locator("select[name=action]").select_option(action)
        with page.expect_navigation():
            page.locator("#changelist-form .actions button[name=index]").click()
        expect(page.locator("button[name=apply]")).to_have_count(1)
        passes_axe(page, width)
    page.close()


def passes_axe(page, width: int) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways"
