"""What a moderator sees of those who comment, and does about them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comments import moderation
from comments.models import Commenter
from tests.e2e.desk import QUEUE, START, sign_in
from tests.factories import make_comment

pytestmark = pytest.mark.slow


def test_a_moderator_blocks_a_commenter_and_notes_why(person, post, mona):
    mud = Commenter.objects.create(email="mud@example.org")
    for number in range(3):
        make_comment(post, author_name="Mudlark", author_email=mud.email, commenter=mud, body=f"Number {number}.")
    waiting = make_comment(
        post, author_name="Mudlark", author_email=mud.email, commenter=mud, status="rejected", reasons=["held_all"]
    )
    moderation.appeal(waiting, "")
    make_comment(
        post, author_email=mud.email, status="pending", created_at=START, body="A spoof.", reasons=["held_all"]
    )
    page = person()
    sign_in(page)
    page.get_by_role("link", name="Commenters").click()
    page.get_by_role("link", name="mud@example.org").click()
    page.get_by_label("A note for other moderators").fill("Kind, but long.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Kind, but long.")).to_be_visible()
    page.get_by_role("button", name="Block", exact=True).click()
    page.get_by_text("is not taken").first.wait_for()
    assert Commenter.objects.get().blocked_at

    here = page.url
    for address in (here, QUEUE, "/admin/comments/commenter/", f"{QUEUE}mail/"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.goto(address)
            found = Axe().run(page)
            assert not found.response["violations"], (address, scheme, found.generate_report())
