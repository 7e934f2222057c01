"""The main job from end to end: write, publish, read, Post a Comment, moderate, read again."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import Post
from comments.models import Comment, ModerationEvent
from config.demo.pictures import dusk
from tests.e2e.desk import click_and_close
from tests.factories import make_user


def sign_in(page, username: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()


def write_with_a_picture(page) -> None:
    page.get_by_role("link", name="Write a post").first.click()
    page.get_by_label("Title:", exact=True).fill("What the tide table leaves out")
    editor = page.locator(".ProseMirror[contenteditable]")
    editor.click()
    page.keyboard.type("Every harbour office sells the same small book.")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Image", exact=True).click()
    dialog = page.locator("dialog[open]")
    with page.expect_popup() as popup:
        dialog.get_by_role("button", name="Choose or upload").click()
    picker = popup.value
    picker.get_by_text("Upload a new one").wait_for()
    if not picker.get_by_label("File", exact=True).is_visible():
        picker.get_by_text("Upload a new one").click()
    drawn = {"name": "dusk.png", "mimeType": "image/png", "buffer": dusk().getvalue()}
    picker.get_by_label("File", exact=True).set_input_files(drawn)
    picker.locator("#id_alt").fill("A shoreline at dusk")
    picker.locator("#id_caption").fill("Half an hour before low water")
    click_and_close(picker, picker.get_by_role("button", name="Upload and use it"))
    dialog.get_by_role("button", name="Done").click()
    page.get_by_label("Labels:", exact=True).fill("tides, weather")
    page.get_by_role("button", name="Publish", exact=True).click()


def test_write_publish_read_comment_approve(person, site):
    make_user("keeper", "Owner")
    make_user("mona", "Moderator")

    keeper = person()
    sign_in(keeper, "keeper")
    write_with_a_picture(keeper)
    post = Post.objects.get()
    assert post.is_public() and set(post.tags.names()) == {"tides", "weather"}

    reader = person()
    reader.goto("/")
    reader.get_by_role("link", name="What the tide table leaves out").click()
    picture = reader.get_by_alt_text("A shoreline at dusk")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    expect(reader.get_by_text("Half an hour before low water")).to_be_visible()
    expect(reader.get_by_role("heading", name="No comments")).to_be_visible()
    with reader.expect_response(lambda response: response.url.endswith("/comment/")):
        reader.get_by_role("textbox", name="Name").focus()
    reader.get_by_role("textbox", name="Name").fill("Mudlark")
    reader.get_by_role("textbox", name="E-mail").fill("mud@example.org")
    reader.get_by_label("Comment", exact=True).fill("Surely the wind?")
    reader.wait_for_timeout(2500)
    reader.get_by_role("button", name="Post a Comment").click()
    reader.get_by_text("waiting for a moderator").wait_for()
    reader.get_by_role("link", name="Back to").click()
    expect(reader.get_by_text("Surely the wind?")).to_have_count(0)

    moderator = person()
    sign_in(moderator, "mona")
    moderator.goto("/admin/comments/comment/")
    expect(moderator.get_by_text("Surely the wind?")).to_be_visible()
    for scheme in ("light", "dark"):
        moderator.emulate_media(color_scheme=scheme)
        moderator.reload()  # colours in the middle of their change would be judged
        results = Axe().run(moderator)
        assert not results.response["violations"], results.generate_report()
    moderator.get_by_role("article").get_by_role("button", name=re.compile("^Approve")).click()
    moderator.get_by_text("1 comment approved").wait_for()
    assert Comment.objects.get().status == "approved"
    assert ModerationEvent.objects.filter(actor__username="mona", to_status="approved").count() == 1

    reader.reload()
    expect(reader.get_by_text("Surely the wind?")).to_be_visible()
    expect(reader.get_by_role("heading", name="1 comment")).to_be_visible()
