"""The library of images in a real browser: by mouse, by keyboard alone, without a script, and two hundred at once."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image as Picture
from playwright.sync_api import expect

from blog.models import Image
from tests.blog.pictures import in_library, moving, photo, picture, written
from tests.e2e.desk import click_and_close, press, sign_in, tab_to, wait_until
from tests.factories import make_post, make_user

LIST = "/admin/blog/image/"
SVG = {"name": "plan.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def edda(site):
    return make_user("edda", "Editor")


def png(colour: str, name: str = "") -> dict:
    return {"name": name or f"{colour}.png", "mimeType": "image/png", "buffer": written(picture(colour)).getvalue()}


def show(image: Image, **fields):
    return make_post(body=f'<p><img src="{image.file.url}" alt=""></p>', **fields)


def test_uploaded_described_and_pointed_at_by_mouse(chromium, site, edda):
    # Not `person`: Chromium logs the refusal's status as an error of the console.
    page, troubles = chromium.new_page(base_url=site), []
    page.on("console", lambda said: said.type == "error" and "status of 422" not in said.text and troubles.append(said))
    sign_in(page, "edda", LIST)
    page.get_by_label("Upload images").set_input_files([png("teal"), png("orange"), SVG])
    expect(page.get_by_text("New in the library: 2. Refused: 1.")).to_be_visible()
    expect(page.locator(".drop-files li")).to_have_text(
        "plan.svgSVG drawings can carry programs, so they are not taken. Export it as PNG."
    )
    page.get_by_role("link", name="Describe the new images").click()

    page.get_by_label("What image 1 shows").fill("An orange sea")
    page.get_by_label("It only decorates").nth(1).check()
    page.get_by_role("button", name="Save the words").click()
    expect(page.get_by_text("2 images are described.")).to_be_visible()
    page.get_by_role("link", name="To the library").click()

    page.get_by_role("link", name="An orange sea").click()
    wait_until(page, "(image => image.complete && image.width > 0)(document.querySelector('.focal-frame img'))")
    box = page.locator(".focal-frame img").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    mark = page.locator(".focal-mark").bounding_box()
    assert abs(mark["x"] + mark["width"] / 2 - box["x"] - box["width"] * 0.25) < 2
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LIST}")
    image = Image.objects.get(alt="An orange sea")
    assert (image.focal_x, image.focal_y) == (pytest.approx(0.25, abs=0.02), pytest.approx(0.75, abs=0.02))
    assert Image.objects.filter(decorative=True).count() == 1
    page.close()
    assert not troubles


def test_uploaded_described_and_pointed_at_by_keyboard_alone(person, edda):
    page = person()
    # From the start: asked for only now, the browser may open the chooser before it knows that it is waited for.
    page.on("filechooser", lambda chooser: chooser.set_files([png("teal"), png("orange")]))
    sign_in(page, "edda", LIST)
    tab_to(page, page.get_by_label("Upload images"))
    page.keyboard.press("Space")
    page.wait_for_url("**/words/")  # at once, since none was refused

    tab_to(page, page.get_by_label("What image 1 shows"))
    page.keyboard.type("An orange sea")
    tab_to(page, page.get_by_label("It only decorates").nth(1))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Save the words"))
    press(page, "Enter")

    tab_to(page, page.get_by_role("link", name="To the library"))
    press(page, "Enter")
    tab_to(page, page.locator("#searchbar"))
    page.keyboard.type("orange")
    press(page, "Enter")
    tab_to(page, page.get_by_role("link", name="An orange sea"))
    press(page, "Enter")
    tab_to(page, page.get_by_label("Focal point, across"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".focal-mark")).to_have_attribute("style", "left: 52%; top: 50%;")
    tab_to(page, page.get_by_role("button", name="Save", exact=True))
    press(page, "Enter")
    assert Image.objects.get(alt="An orange sea").focal_x == 0.52
    assert Image.objects.filter(decorative=True).count() == 1


def test_the_progress_of_all_and_of_each_is_seen(person, edda):
    page, held = person(), []
    sign_in(page, "edda", LIST)
    page.route("**/image/upload/", lambda route: held.append(route))
    page.get_by_label("Upload images").set_input_files([png("teal"), png("orange"), png("navy")])
    bar, said, each = page.locator(".drop-all"), page.locator(".drop-said"), page.locator(".drop-files progress")
    expect(said).to_have_text("0 of 3 sent")
    expect(bar).to_have_js_property("value", 0)
    expect(bar).to_have_js_property("max", 3)
    expect(each).to_have_count(2)  # two at a time
    for done in (1, 2):
        held.pop(0).continue_()
        expect(said).to_have_text(f"{done} of 3 sent")
        expect(bar).to_have_js_property("value", done)
    held.pop(0).continue_()
    page.wait_for_url("**/words/")
    assert Image.objects.count() == 3


def test_a_large_file_moves_its_own_bar(person, edda):
    page = person()
    sign_in(page, "edda", LIST)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    speed = {"offline": False, "latency": 0, "downloadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", speed | {"uploadThroughput": 50_000})
    noise = Picture.effect_noise((700, 700), 90)  # half a megabyte: ten seconds
    large = {"name": "noise.png", "mimeType": "image/png", "buffer": written(noise).getvalue()}
    page.get_by_label("Upload images").set_input_files([large])
    bar = "document.querySelector('.drop-files progress').position"
    wait_until(page, f"{bar} > 0.05 && {bar} < 1")
    first = page.evaluate(bar)
    wait_until(page, f"{bar} > {first} && {bar} < 1")
    slow.send("Network.emulateNetworkConditions", speed | {"uploadThroughput": -1})
    page.wait_for_url("**/words/")


def test_files_are_dropped(person, edda):
    page = person()
    sign_in(page, "edda", LIST)
    content = base64.b64encode(png("teal")["buffer"]).decode()
    page.locator(".drop").evaluate(
        """(form, content) => {
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
            const dataTransfer = new DataTransfer()
            dataTransfer.items.add(new File([bytes], "teal.png", {type: "image/png"}))
            form.dispatchEvent(new DragEvent("dragover", {dataTransfer, bubbles: true, cancelable: true}))
            form.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}))
        }""",
        content,
    )
    page.wait_for_url("**/words/")
    assert Image.objects.get().uploaded_by == edda


def test_a_connection_that_breaks_loses_no_file(person, edda, live_server):
    page = person()
    sign_in(page, "edda", LIST)
    # Not by `abort`, which the console would tell as an error: somebody's sign-in page instead of an answer.
    page.route("**/image/upload/", lambda route: route.fulfill(status=200, body="<p>Sign in first</p>"))
    page.get_by_label("Upload images").set_input_files([png("teal")])
    expect(page.get_by_text("you may have been signed out")).to_be_visible()
    page.unroute("**/image/upload/")
    page.get_by_role("button", name="Send again").click()
    page.wait_for_url("**/words/")
    assert Image.objects.count() == 1


def test_the_window_of_choice_tells_its_opener_all_words(person, edda):
    image = in_library(alt="The sea", caption="Low water", credit="Ada")
    page = person()
    sign_in(page, "edda", LIST)
    page.evaluate(
        """() => {
            window.told = []
            addEventListener("message", ({ data }) => data.chosenImage && told.push(data.chosenImage))
        }"""
    )
    with page.expect_popup() as opened:
        page.evaluate(f"() => void window.open('{LIST}pick/?field=id_cover', '_blank', 'width=900')")
    click_and_close(opened.value, opened.value.get_by_role("button", name="The sea"))
    wait_until(page, "told.length === 1")
    words = {"id": str(image.pk), "url": image.file.url, "alt": "The sea", "caption": "Low water", "credit": "Ada"}
    assert page.evaluate("told") == [words | {"decorative": None, "field": "id_cover"}]


def test_a_window_that_was_closed_without_a_choice_is_waited_for_no_longer(person, edda):
    image = in_library(alt="The sea")
    page = person()
    sign_in(page, "edda", "/admin/blog/post/add/")
    page.get_by_role("button", name="Image", exact=True).click()
    library = page.get_by_role("button", name="Choose or upload")
    with page.expect_popup() as closed:
        library.click()
    closed.value.close()
    with page.expect_popup() as opened:
        library.click()
    stale = {"field": "editor-1", "id": "0", "url": "/media/images/stale.png"}
    shown = page.evaluate(
        """(chosenImage) => new Promise((resolve) => {
            const shown = () => resolve(document.querySelector(".editor-picture").getAttribute("src"))
            addEventListener("message", shown, { once: true })
            postMessage({ chosenImage }, location.origin)
        })""",
        stale,
    )
    assert not shown
    click_and_close(opened.value, opened.value.get_by_role("button", name="The sea"))
    expect(page.locator(".editor-picture")).to_have_attribute("src", image.file.url)


def test_without_a_script_all_files_go_in_one_form(person, edda):
    page = person(java_script_enabled=False)
    sign_in(page, "edda", LIST)
    page.get_by_label("Upload images").set_input_files([png("teal"), png("orange"), SVG])
    page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url("**/words/")
    expect(page.get_by_text("2 images are new in the library.")).to_be_visible()
    expect(page.get_by_text("plan.svg: SVG drawings can carry programs")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("javascript", [True, False])
def test_two_hundred_at_once_all_arrive(person, edda, javascript):
    page = person(java_script_enabled=javascript)
    page.set_default_timeout(240_000)
    sign_in(page, "edda", LIST)
    files = [png(f"#{number:02x}{number * 7 % 256:02x}88", f"{number}.png") for number in range(200)]
    page.get_by_label("Upload images").set_input_files(files)
    if not javascript:
        page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url("**/words/")
    assert Image.objects.filter(uploaded_by=edda).count() == 200
    expect(page.get_by_text("200 images have no words yet.")).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_pages_pass_axe_and_no_page_is_wider_than_its_window(chromium, site, edda, width, scheme):
    image = Image.objects.from_upload(written(photo(), "JPEG"), alt="A sea of " + "verylongwordwithoutspaces" * 6)[0]
    in_library("red", alt="Dune", uploaded_by=edda)
    in_library("blue", uploaded_by=edda)
    Image.objects.from_upload(moving(), alt="Waves")
    show(image, title="It shows the sea")
    one = f"{LIST}{image.pk}/"
    # Not `person`: axe itself writes styles, which the content policy stops and the console tells.
    page = chromium.new_page(
        base_url=site, color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    troubles = []
    page.on("console", lambda said: said.type == "error" and troubles.append(said.text))
    sign_in(page, "edda", LIST)
    for address in (
        LIST,
        f"{LIST}?show=moving&q=waves",
        f"{one}change/",
        f"{one}delete/",
        f"{LIST}words/",
        f"{LIST}add/",
        f"{LIST}pick/",
    ):
        troubles.clear()
        page.goto(address)
        assert not troubles, address
        found = Axe().run(page)
        assert not found.response["violations"], (address, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.close()
