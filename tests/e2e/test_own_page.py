"""What a writer without an account does by way of mail, and without JavaScript; the mail goes through a real server."""

import json
import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from blog.mail import send_due
from comments import moderation, waiting
from comments.models import Comment, Commenter, MailChoice
from tests.factories import make_comment

pytestmark = pytest.mark.slow
ADDRESS = "/2026/03/tides/"
LATER = timedelta(minutes=6)  # than when mail about a decision waits no more


def newest_link(mail_server, to: str, path: str) -> str:
    """Opens the newest mail, as far as it is to this address, and takes the link from it."""
    send_due(timezone.now() + LATER)
    mail = next(mail for mail in reversed(mail_server.messages) if mail["To"] == to)
    return re.search(rf"http\S+{path}\S+", mail.get_body(("plain",)).get_content())[0]


def write(page, text: str) -> None:
    page.goto(f"{ADDRESS}comment/")
    page.get_by_role("textbox", name="Name").fill("Mudlark")
    page.get_by_role("textbox", name="E-mail").fill("mud@example.org")
    page.get_by_label("Comment", exact=True).fill(text)
    page.wait_for_timeout(2500)  # the time trap
    page.get_by_role("button", name="Post a Comment").click()
    page.get_by_text("waiting for a moderator").wait_for()


def prove(page, mail_server) -> None:
    page.get_by_label("when a moderator has decided on it").check()
    page.get_by_label("when somebody writes in this thread").check()
    page.get_by_role("button", name="Mail me the link").click()
    page.get_by_text("A link is on its way to you").wait_for()
    page.goto(newest_link(mail_server, "mud@example.org", "/comment/prove/"))
    page.get_by_label("This is my own browser").check()
    page.get_by_role("button", name="Yes, it is mine").click()
    page.get_by_text("your address is proved").wait_for()


def test_from_a_proved_address_to_an_empty_place(person, post, mona, mail_server):
    MailChoice.objects.create(user=mona)
    writer = person(java_script_enabled=False)
    write(writer, "Surely teh wind?")
    own_page = writer.url

    # Changed within the quarter of an hour, and proved by the link in the mail.
    writer.get_by_role("link", name="Change it").click()
    writer.get_by_label("Comment", exact=True).fill("Surely the wind?")
    writer.get_by_role("button", name="Change it").click()
    writer.get_by_text("Your words are changed.").wait_for()
    prove(writer, mail_server)
    assert Comment.objects.get().commenter.email == "mud@example.org"

    # Rejected by a moderator who reads mail; the writer is told why.
    waiting.tell(timezone.now() + LATER)
    moderator = person(java_script_enabled=False)
    moderator.goto(newest_link(mail_server, "mona@example.org", "/moderate/"))
    expect(moderator.get_by_text("Surely the wind?")).to_be_visible()
    expect(moderator.get_by_text("Mona")).to_be_visible()
    moderator.get_by_label("If you reject it, why").fill("Please stay with the tide.")
    moderator.get_by_role("button", name="Reject").click()
    moderator.get_by_text("You have decided on it already").wait_for()
    assert newest_link(mail_server, "mud@example.org", "/comment/status/") == own_page.partition("?")[0]
    writer.goto(own_page)
    expect(writer.get_by_text("Please stay with the tide.")).to_be_visible()

    # Looked at again, and shown.
    writer.get_by_label("Why should it be shown?").fill("The wind makes the tide.")
    writer.get_by_role("button", name="Ask to look again").click()
    writer.get_by_text("You have asked to look at your comment again.").wait_for()
    moderation.decide(list(Comment.objects.all()), "approve", actor=mona)
    writer.goto(own_page)
    writer.get_by_role("link", name="See it in its place.").click()
    expect(writer.get_by_text("Surely the wind?")).to_be_visible()

    # Told of an answer, until told no more.
    first = Comment.objects.get()
    answer = make_comment(post, parent=first, author_name="Keeper", body="And the moon.", status="pending")
    moderation.decide([answer], "approve", actor=mona)
    send_due(timezone.now() + LATER)  # finds who follows the thread
    writer.goto(newest_link(mail_server, "mud@example.org", "/unsubscribe/"))
    writer.get_by_role("button", name="Stop this mail").click()
    writer.get_by_text("You get no more mail about this thread.").wait_for()

    # Everything taken along, and erased; the thread still reads well.
    writer.goto(own_page)
    writer.get_by_role("button", name="Mail me that link").click()
    writer.goto(newest_link(mail_server, "mud@example.org", "/comment/mine/"))
    with writer.expect_download() as download:
        writer.get_by_role("button", name="Get the file").click()
    file = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [comment["text"] for comment in file["comments"]] == ["Surely the wind?"]
    writer.get_by_label("Yes, erase everything I wrote here").check()
    writer.get_by_role("button", name="Erase it").click()
    writer.get_by_text("Your comments are gone").wait_for()
    writer.goto(ADDRESS)
    expect(writer.get_by_text("And the moon.")).to_be_visible()
    expect(writer.get_by_text("Surely the wind?")).to_have_count(0)
    expect(writer.get_by_text("Comment withdrawn by its writer.")).to_be_visible()
    assert not Commenter.objects.exists() and not Comment.objects.exclude(author_email="reader@example.org").filter(
        author_email__contains="@"
    )


def test_a_browser_that_keeps_the_proof_and_withdrawing(person, post, mail_server):
    writer = person(java_script_enabled=False)
    write(writer, "Surely the wind?")
    prove(writer, mail_server)
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=1))  # no flood
    write(writer, "And the moon.")
    assert Comment.objects.filter(commenter__email="mud@example.org").count() == 2
    writer.get_by_role("link", name="Withdraw it").click()
    writer.get_by_role("button", name="Withdraw it").click()
    writer.get_by_text("You have withdrawn this comment.").wait_for()
    writer.get_by_role("button", name="Let no browser keep my proof").click()
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    write(writer, "And the sun.")
    assert not Comment.objects.get(body="And the sun.").is_proved


def test_its_pages_pass_axe_in_both_schemes(chromium, site, post, mona, mail_server):
    # Not `person`: Chromium logs the 404 of a link that is not whole as an error of the console.
    page = chromium.new_page(base_url=site)
    write(page, "Surely the wind?")
    own_page = page.url
    addresses = [own_page, f"{own_page}edit/", f"{own_page}withdraw/", "/moderate/nothing/", "/unsubscribe/nothing/"]
    page.get_by_role("button", name="Mail me the link").click()
    addresses.append(newest_link(mail_server, "mud@example.org", "/comment/prove/"))
    MailChoice.objects.create(user=mona)
    waiting.tell(timezone.now() + LATER)
    addresses.append(newest_link(mail_server, "mona@example.org", "/moderate/"))
    for address in addresses:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.goto(address)
            found = Axe().run(page)
            assert not found.response["violations"], (address, scheme, found.generate_report())
    page.close()
