"""The moderator's desk in a real browser: by mouse, with a second moderator, and without a script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comments import moderation, tokens
from comments.models import BulkDecision, ModerationEvent, Report
from tests.e2e.desk import QUEUE, START, make_many, press, sign_in, statuses
from tests.factories import make_comment, make_user


def double_click(page, button) -> None:
    """Slowly: the page that the first click leads to is there before the second."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for count in (1, 2):
        page.mouse.down(click_count=count)
        page.mouse.up(click_count=count)
        page.wait_for_timeout(400)
    page.wait_for_load_state()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_double_click_on_reject_presses_no_other_button(person, post, mona, javascript):
    make_many(post, 30)
    page = person(java_script_enabled=javascript)
    sign_in(page)
    page.locator("[name=selected]").first.check()
    double_click(page, page.locator("#bulk summary").first)
    double_click(page, page.locator(".case").nth(1).locator("summary", has_text="Reject…"))
    assert statuses() == ["pending"] * 30


def test_a_double_click_decides_on_one_comment(person, post, mona):
    make_many(post, 30)
    page = person()
    sign_in(page)
    double_click(page, page.locator("[data-verb=approve]").nth(4))
    assert statuses().count("approved") == 1


def test_a_panel_opened_by_mouse_is_ready_to_be_typed_in(person, post, mona):
    first, second = make_many(post, 2)
    page = person()
    sign_in(page)
    page.locator(f"#comment-{second.pk}").get_by_text("Reject…").click()
    expect(page.locator(f"#tell-{second.pk}")).to_be_focused()
    page.locator(f"#comment-{first.pk}").get_by_text("Reply and approve").click()
    expect(page.locator(f"#reply-{first.pk}")).to_be_focused()


def test_on_a_phone_the_verbs_for_many_come_with_the_first_tick(person, post, mona):
    make_many(post, 3)
    page = person(java_script_enabled=False, viewport={"width": 360, "height": 800})
    sign_in(page)
    bar = page.get_by_role("group", name="With the selected:")
    expect(bar).not_to_be_visible()
    page.locator("[name=selected]").last.check()
    bar.get_by_role("button", name="Spam").click()
    page.get_by_role("status").get_by_text("1 comment marked as spam.").wait_for()
    assert statuses() == ["pending", "pending", "spam"]


def test_rejected_with_a_reason_that_the_writer_reads_and_restored(person, post, mona):
    comment = make_comment(post, status="pending", capability_hash=tokens.capability_hash("abc"))
    page, writer = person(), person()
    sign_in(page)
    case = page.locator(f"#comment-{comment.pk}")
    case.get_by_text("Reject…").click()
    case.get_by_label("Why, in a line for the writer").fill("Please stay with the subject.")
    case.get_by_role("button", name="Reject", exact=True).click()
    page.get_by_role("status").get_by_text("1 comment rejected.").wait_for()

    writer.goto("/comment/status/abc/")
    expect(writer.get_by_text("Please stay with the subject.")).to_be_visible()

    page.get_by_role("link", name="Rejected 1").click()
    page.get_by_text("Rejected by Mona").wait_for()
    page.get_by_role("article").get_by_role("button", name="Restore").click()
    page.get_by_role("status").get_by_text("1 comment put back in the queue.").wait_for()
    assert statuses() == ["pending"]
    writer.reload()
    expect(writer.get_by_text("waiting for a moderator")).to_be_visible()
    expect(writer.get_by_text("Please stay")).to_have_count(0)


def test_fifty_are_decided_on_and_taken_back_as_one(person, post, mona):
    make_many(post, 50)
    page = person()
    sign_in(page)
    page.get_by_text("All 50 here…").click()
    page.get_by_role("button", name="Spam all").click()
    page.get_by_role("heading", name="Mark 50 comments as spam?").wait_for()
    page.get_by_role("button", name="Spam", exact=True).click()
    page.get_by_role("status").get_by_text("50 comments marked as spam.").wait_for()
    assert statuses() == ["spam"] * 50

    page.get_by_role("button", name="Undo").click()
    page.get_by_role("status").get_by_text("Taken back: 50 comments are as they were before.").wait_for()
    assert statuses() == ["pending"] * 50
    assert ModerationEvent.objects.values("batch").distinct().count() == 2


def test_a_stale_decision_from_a_second_browser_is_refused_and_explained(person, chromium, site, post, mona):
    bob = make_user("bob", "Moderator", display_name="Bob")
    comments = make_many(post, 2)
    page = person()
    # Not `person`: Chromium logs the 409 of a refused decision as an error of the console.
    other = chromium.new_page(base_url=site)
    sign_in(page)
    sign_in(other, bob.username)
    page.locator(f"#comment-{comments[0].pk}").get_by_role("button", name="Approve").click()
    page.get_by_role("status").get_by_text("1 comment approved.").wait_for()

    case = other.locator(f"#comment-{comments[0].pk}")
    case.get_by_role("button", name="Spam").click()
    told = other.get_by_role("alert")
    told.wait_for()
    said = r"Reader 0: Not done: Mona approved this comment at \d\d:\d\d, while you saw it pending\."
    assert re.match(said, told.inner_text())
    told.get_by_role("link", name="Show it").click()
    other.get_by_role("heading", name="Comment by Reader 0").wait_for()

    other.goto(QUEUE)
    moderation.decide(comments[1:], "reject", actor=mona)
    case = other.locator(f"#comment-{comments[1].pk}")
    case.get_by_text("Reply and approve").click()
    case.get_by_label("Your answer to").fill("A long answer, thought over well.")
    case.get_by_role("button", name="Approve and send").click()
    other.get_by_role("alert").get_by_text("Mona rejected this comment").wait_for()
    expect(other.get_by_label("Your answer to")).to_have_value("A long answer, thought over well.")
    assert statuses() == ["approved", "rejected"]
    other.close()


def test_a_large_decision_is_followed_until_it_is_done(person, post, mona):
    bulk = BulkDecision.objects.create(actor=mona, verb="spam", total=1200, changed=500)
    page = person()
    sign_in(page, to=f"{QUEUE}bulk/{bulk.pk}/")
    expect(page.get_by_text("500 of about 1,200 comments")).to_be_visible()
    BulkDecision.objects.filter(pk=bulk.pk).update(changed=1200, finished_at=START)
    page.get_by_text("1,200 comments marked as spam.").wait_for()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_all_of_it_without_script(person, post, mona):
    comments = make_many(post, 5)
    page = person(java_script_enabled=False)
    sign_in(page)
    case = page.locator(f"#comment-{comments[0].pk}")
    case.get_by_role("button", name="Approve").click()
    page.wait_for_url(f"**#comment-{comments[1].pk}")
    case = page.locator(f"#comment-{comments[1].pk}")
    case.get_by_text("Reject…").click()
    case.get_by_label("Why, in a line").fill("Not here.")
    page.keyboard.press("Enter")
    case = page.locator(f"#comment-{comments[2].pk}")
    case.get_by_text("Reply and approve").click()
    case.get_by_label("Your answer to").fill("Thank you.")
    case.get_by_role("button", name="Approve and send").click()
    page.get_by_text("Approved and answered.").wait_for()
    page.get_by_role("link", name="Select all on this page").click()
    page.get_by_role("group", name="With the selected:").get_by_role("button", name="Spam").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back: 2 comments").wait_for()
    case = page.locator(f"#comment-{comments[3].pk}")
    case.get_by_role("link", name="Edit").click()
    page.get_by_label("The words of").fill("Number three.")
    page.get_by_role("button", name="Save").click()
    page.locator("del", has_text="3").wait_for()
    assert statuses() == ["approved", "rejected", "approved", "pending", "pending", "approved"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_is_accessible_and_fits(person, post, mona, scheme, width):
    comments = make_many(post, 29, reasons=["held_all", "links:5/3@boats"])
    root = make_comment(post, author_name="ساحل", body="یادداشت بسیار خوبی بود.")
    make_comment(post, parent=root, body="Wordwithoutspaces" * 30, author_name="N" * 90)
    moderation.report(root, Report.Kind.RUDE, "He shouts.", "1")
    moderation.edit(comments[0], "Other words.", actor=mona, seen=comments[0].state)
    moderation.decide(comments[1:3], "reject", actor=mona, tell="Please stay with the subject.")
    bulk = BulkDecision.objects.create(actor=mona, verb="spam", total=1200, changed=500, left=3)
    page = person(color_scheme=scheme, viewport={"width": width, "height": 800})
    sign_in(page)

    def check(address: str) -> None:
        results = Axe().run(page)
        assert not results.response["violations"], f"{address}: {results.generate_report()}"
        room = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert room <= 0, f"{address} is wider than the window by {room}px"

    tabs = ["", "?status=reported", "?status=rejected", "?status=spam", "?q=number&label=sea&reason=links"]
    one = [f"{comments[0].pk}/change/", f"{comments[1].pk}/change/", f"{root.pk}/change/", f"{root.pk}/edit/"]
    for address in [*tabs, *one, f"bulk/{bulk.pk}/"]:
        page.goto(QUEUE + address)
        for panel in page.locator("details.panel").all():
            panel.evaluate("panel => { panel.open = true }")
        check(address)
    page.goto(QUEUE)
    page.keyboard.press("j")
    press(page, "a")
    check("with a message")
    page.get_by_text(re.compile("All .* here…")).click()
    page.get_by_role("button", name="Reject all").click()
    page.get_by_role("heading", name="Reject").wait_for()
    check("the page that asks")
