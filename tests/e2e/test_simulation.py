"""Settings are tried on past comments, looked at, and saved; with the keyboard, without scripts, and for everybody."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comments import moderation
from comments.models import Comment, CommentSettings, Job
from comments.policy import Verdict
from comments.simulation.running import run
from tests.e2e.desk import START, press, sign_in
from tests.factories import make_user

SETTINGS = "/admin/comments/commentsettings/1/change/"
TRY = "/admin/comments/commentsettings/try/"
WORDS = ["Surely the wind?", "جزر و مد را دیدم.", "https://a.example/" + "x" * 90]


@pytest.fixture
def owner(site, post):
    for number, body in enumerate(WORDS):
        at = START + timedelta(days=number)
        comment = Comment(post=post, author_name=f"Reader {number}", body=body, created_at=at)
        moderation.receive(comment, Verdict("pending", ["held_all", "first_time:guest/1"], "hold_all"))
    owner = make_user("olive", "Owner")
    moderation.decide([comment], "spam", actor=owner)
    return owner


def test_they_are_tried_by_keyboard_then_saved(person, owner):
    page = person()
    sign_in(page, "olive", SETTINGS)
    page.get_by_label("Hold every comment").press("Space")
    page.get_by_label("Hold until so many comments").fill("0")
    page.get_by_role("button", name="The last 100", exact=True).focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="3 comments would have fared otherwise")).to_be_visible()
    expect(page.get_by_text("Of 1 comment that they called spam, 0 would have been caught")).to_be_visible()
    expect(page.get_by_text("Surely the wind?")).to_be_visible()
    assert CommentSettings.load().hold_all
    page.get_by_role("button", name="Save these settings").focus()
    press(page, "Enter")
    assert not CommentSettings.load().hold_all


def test_they_are_tried_without_scripts_and_changed(person, owner):
    page = person(java_script_enabled=False)
    sign_in(page, "olive", SETTINGS)
    page.get_by_label("Hold every comment").uncheck()
    page.get_by_role("button", name="The last 10,000").click()
    expect(page.get_by_role("heading", name="The last 3 comments")).to_be_visible()
    page.get_by_role("link", name="Change them").click()
    expect(page.get_by_label("Hold every comment")).not_to_be_checked()
    page.get_by_label("Hold a comment with so many links").fill("1")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{SETTINGS}*")
    assert (CommentSettings.load().hold_all, CommentSettings.load().max_links) == (False, 1)


def test_the_page_follows_the_work(person, owner):
    job = Job.objects.create(kind="simulate", user=owner, asked={"size": 100, "changes": {}}, done=40, total=100)
    page = person()
    sign_in(page, "olive", f"{TRY}{job.pk}/")
    expect(page.get_by_role("progressbar")).to_have_accessible_name("40 of 100 comments")
    run(job.pk)
    expect(page.get_by_role("heading", name="The last 3 comments")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_pass_axe(chromium, site, owner, scheme, width):
    waiting = Job.objects.create(kind="simulate", user=owner, asked={"size": 100, "changes": {}}, done=40, total=100)
    # Not `person`: axe sets styles of its own, and Chromium logs that the policy forbids it.
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": 800}, color_scheme=scheme)
    sign_in(page, "olive", SETTINGS)
    passes_axe(page, width)
    page.get_by_label("Hold every comment").uncheck()
    page.get_by_label("Hold until so many comments").fill("0")
    page.get_by_label("Message above the form").fill("Be kind. " * 20)
    page.get_by_role("button", name="The last 100", exact=True).click()
    expect(page.get_by_role("heading", name="3 comments would have fared otherwise")).to_be_visible()
    passes_axe(page, width)
    page.goto(f"{TRY}{waiting.pk}/")
    passes_axe(page, width)
    page.close()


def passes_axe(page, width: int) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways"
