"""Images that are dropped and pasted into the editor, and the words that they want."""

import re

import pytest
from playwright.sync_api import expect

from blog.models import Image
from config.demo.pictures import dusk
from tests.blog.pictures import picture, written
from tests.e2e.desk import sign_in
from tests.e2e.hands import ADD, Hands, body, html
from tests.e2e.test_editor import arno
from tests.factories import make_post

__all__ = ["arno"]  # a fixture


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def hand_over(page, event: str, *files: tuple[str, bytes], html: str = "") -> None:
    """Files in the clipboard, or under the mouse at the first paragraph's end."""
    body(page).evaluate(
        """(editor, { event, files, html }) => {
            const data = new DataTransfer()
            for (const [name, bytes] of files) {
                data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }))
            }
            if (html) data.setData("text/html", html)
            const { left, bottom } = editor.querySelector("p").getBoundingClientRect()
            const common = { bubbles: true, cancelable: true }
            const place = { clientX: left + 200, clientY: bottom - 2 }
            editor.dispatchEvent(
                event === "paste"
                    ? new ClipboardEvent("paste", { clipboardData: data, ...common })
                    : new DragEvent("drop", { dataTransfer: data, ...place, ...common }),
            )
        }""",
        {"event": event, "files": [[name, list(content)] for name, content in files], "html": html},
    )


def test_a_pasted_picture_is_uploaded_and_wants_words(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    page.keyboard.type("Before")
    hand_over(page, "paste", ("dusk.png", dusk().getvalue()))
    page.get_by_text("Say what it shows").wait_for()
    image = Image.objects.get()
    assert f'data-image="{image.pk}"' in html(page) and image.uploaded_by == arno
    assert "<p>Before</p>" in html(page)
    page.keyboard.type(" and after")  # the cursor stays where one was writing
    expect(body(page).locator("p").first).to_have_text("Before and after")


def test_a_picture_copied_in_a_browser_is_taken_but_not_that_of_words(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    file = ("dusk.png", dusk().getvalue())
    words = "<p>These words, of which there is a picture too.</p>"
    hand_over(page, "paste", file, html=words)
    assert words in html(page)
    hand_over(page, "paste", file, html='<meta charset="utf-8"><img src="https://elsewhere.example/dusk.png">')
    page.get_by_text("Say what it shows").wait_for()
    image = Image.objects.get()
    assert re.findall('<img src="([^"]*)"', html(page)) == [image.file.url]


def test_a_file_that_is_no_picture_is_refused_in_one_line(chromium, site, arno):
    # Not by `person`: Chromium logs the refusal's status as an error of the console.
    page = chromium.new_page(base_url=site)
    sign_in(page, "arno", ADD)
    body(page).click()
    hand_over(page, "paste", ("bad.png", b"no picture"), ("dusk.png", dusk().getvalue()))
    page.get_by_text("Say what it shows").wait_for()
    expect(page.locator(".editor-status")).to_contain_text(re.compile(r"^bad\.png: \w.*\. The image is in the text\."))
    assert html(page).count("<img") == 1 and Image.objects.count() == 1
    page.close()


def test_dropped_pictures_come_where_they_were_dropped_and_in_their_order(person, arno):
    page = person()
    sign_in(page, "arno", ADD)
    body(page).click()
    page.keyboard.type("First")
    page.keyboard.press("Enter")
    page.keyboard.type("Second")
    # The first is by far the largest: sent all at once, it would come last.
    files = [
        (f"{number}.png", written(picture(size=(edge, edge))).getvalue()) for number, edge in enumerate((2500, 90, 60))
    ]
    hand_over(page, "drop", *files)
    page.get_by_text("Say what it shows").wait_for()
    assert re.search(r"^<p>First</p>(<figure>.*?</figure>){3}<p>Second</p>$", html(page))
    shown = [int(pk) for pk in re.findall('data-image="(\\d+)"', html(page))]
    widths = dict(Image.objects.values_list("pk", "width"))
    assert [widths[pk] for pk in shown] == [2500, 90, 60]


def test_an_image_wants_words_or_a_tick_and_not_both(person, arno):
    image, _made = Image.objects.from_upload(dusk())
    figure = f'<figure><img src="{image.file.url}" data-image="{image.pk}"></figure>'
    post = make_post(author=arno, body=f"{figure}<p>Words</p>", status="draft")
    page = person()
    sign_in(page, "arno", f"/admin/blog/post/{post.pk}/change/")
    body(page).locator("img").click()
    Hands(page, by_keyboard=False).press("Image")
    dialog = page.locator("dialog[open]")
    alt, tick, done = (
        dialog.get_by_label("What it shows"),
        dialog.get_by_label("It only"),
        dialog.get_by_role("button", name="Done"),
    )
    said = "field => field.validationMessage"
    done.click()
    assert alt.evaluate(said) == "Say what the image shows, or tick that it only decorates."
    alt.fill("The shore")
    tick.check()
    done.click()
    assert tick.evaluate(said).startswith("It has words, so it does not only decorate")
    tick.uncheck()
    done.click()
    expect(dialog).to_have_count(0)
    assert 'alt="The shore"' in html(page)


def test_the_library_may_have_the_words_already(person, arno):
    image, _made = Image.objects.from_upload(dusk(), alt="A shoreline")
    figure = f'<figure><img src="{image.file.url}" data-image="{image.pk}"></figure>'
    post = make_post(author=arno, body=f"{figure}<p>Words</p>", status="draft")
    page = person()
    sign_in(page, "arno", f"/admin/blog/post/{post.pk}/change/")
    body(page).locator("img").click()
    Hands(page, by_keyboard=False).press("Image")
    page.locator("dialog[open]").get_by_role("button", name="Done").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert "alt=" not in html(page)
