"""Every page that a reader can meet: no barrier that axe finds, nothing wider than the window, HTML as it should be."""

import json
import os
import subprocess
from collections import Counter
from urllib.parse import urlencode

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from blog.models import User
from comments import tokens
from tests.config.signin.people import with_second_step
from tests.e2e.pages import everything

# 320 is a window of 1280 pixels at 400 % (WCAG 1.4.10).
WIDTHS = (320, 1280)
# In the first everything is looked for; in the others, which change nothing but colours and lines, what colours decide.
LIGHT, *OTHER_SIGHTS = (
    {"color_scheme": "light", "contrast": "no-preference"},
    {"color_scheme": "dark", "contrast": "no-preference"},
    {"color_scheme": "light", "contrast": "more"},
    {"color_scheme": "dark", "contrast": "more"},
)
OF_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
STATIC = [f"/static/{status}.html" for status in (413, 414, 500, 503)]  # which are shown where the site cannot answer
# What is wider than the window and neither scrolls by itself nor stands in what does.
TOO_WIDE = """() => [...document.body.querySelectorAll("*")].filter((one) => {
  const box = one.getBoundingClientRect()
  if (!box.width || !box.height || (box.right <= innerWidth + 1 && box.left >= -1)) return false
  for (let above = one.parentElement; above; above = above.parentElement) {
    const shown = getComputedStyle(above)
    if (shown.overflowX !== "visible" || shown.clipPath !== "none") return false
  }
  return getComputedStyle(one).clipPath === "none" && !one.closest(".skip")
}).map((one) => one.outerHTML.slice(0, 120))"""


def barriers(page, **options) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options={"resultTypes": ["violations"]} | options).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


def look_at(page) -> list[tuple]:
    """What is wrong with the page at hand, in both widths and every sight."""
    wrong = []
    page.emulate_media(**LIGHT)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wrong += [(page.url, width, *barrier) for barrier in barriers(page)]
        wrong += [(page.url, width, wide) for wide in page.evaluate(TOO_WIDE)[:3]]
    for sight in OTHER_SIGHTS:
        page.emulate_media(**sight)
        wrong += [(page.url, str(sight), *barrier) for barrier in barriers(page, **OF_COLOUR)]
    return wrong


def send(page, address: str, **fields: str) -> int:
    """Shows what a POST of a form that is not there is answered with; the status of that."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    page.route(
        f"**{address}",
        lambda route: route.continue_(method="POST", headers=route.request.headers | form, post_data=urlencode(fields)),
        times=1,
    )
    return page.goto(address).status


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_barrier(chromium, site, language):
    pages = everything(language).pages | dict.fromkeys(STATIC, 200)
    page = chromium.new_page(base_url=site, reduced_motion="reduce")
    wrong = []
    for address, status in pages.items():
        assert page.goto(address).status == status, address
        wrong += look_at(page)
    page.close()
    assert not wrong


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_barrier_in_what_a_form_is_answered_with(chromium, site, client, language):
    here = everything(language)
    form = f"{here.post.get_absolute_url()}comment/"
    said = {"name": "Mudlark", "email": "mud@example.org", "text": "Surely the wind?", "preview": "1"}
    preview = next(address for address in here.pages if address.startswith("/preview/"))
    with_second_step(User.objects.get(username="ada"))
    for _time in range(11):
        client.post("/sign-in/", {"username": "nobody", "password": "wrong"})
    page = chromium.new_page(base_url=site, reduced_motion="reduce")
    wrong = []
    for status, address, fields in [
        (200, form, said | {"token": tokens.for_writer(here.post.pk)}),
        (422, form, {"token": tokens.for_writer(here.post.pk)}),
        (422, preview, {"name": "", "text": ""}),
        (403, "/sign-in/", {"username": "ada", "bio": "What was typed"}),  # of a page that is too old
        (413, "/sign-in/", {f"field-{number}": "" for number in range(3_000)}),
    ]:
        assert send(page, address, **fields) == status, address
        wrong += look_at(page)
    for name, password, then in [
        ("ada", "wrong", ".problem:focus"),
        ("ada", "correct horse", "[name=code]"),
        ("nobody", "wrong", ".list.plain"),
    ]:
        page.goto("/sign-in/")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(password)
        page.locator("[name=password]").press("Enter")
        expect(page.locator(then)).to_be_visible()
        wrong += look_at(page)
    page.close()
    assert not wrong


@pytest.mark.parametrize("look", ["slate", "garden"])
def test_no_barrier_in_another_look(chromium, site, look):
    everything("en", look=look)
    for scheme in ("light", "dark"):
        page = chromium.new_page(base_url=site, color_scheme=scheme, reduced_motion="reduce")
        for address in ("/", "/2026/03/harbour/", "/2026/03/harbour/comment/", "/search/?q=nowherefound"):
            page.goto(address)
            assert not barriers(page), address
            assert not page.evaluate(TOO_WIDE)
        page.close()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_page_is_html_as_it_should_be(client, language):
    """As a strict parser takes it: no tag unclosed or out of its place, no attribute twice; and no id twice."""
    for address, status in everything(language).pages.items():
        answer = client.get(address)
        assert answer.status_code == status, address
        text = answer.content.decode()
        parsed = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
        ids = [element.get("id") for element in parsed.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), address
        labelled = [element.get(name) for element in parsed.iter() for name in ("aria-labelledby", "aria-describedby")]
        named = {one for value in labelled if value for one in value.split()}
        assert named <= set(ids), (address, named - set(ids))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif("not os.environ.get('VNU_JAR')", reason="VNU_JAR names no copy of the Nu HTML Checker (vnu.jar)")
@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_page_is_valid(client, tmp_path, language):
    """As the checker of the W3C and WHATWG takes it, whose jar .ci/run gets where Java is there."""
    names = {}
    for number, address in enumerate(everything(language).pages):
        file = tmp_path / f"{number}.html"
        file.write_bytes(client.get(address).content)
        names[file.name] = address
    command = [
        "java",
        "-jar",
        os.environ["VNU_JAR"],
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
        "--errors-only",
    ]
    said = subprocess.run([*command, *map(str, tmp_path.iterdir())], check=True, capture_output=True, text=True).stdout
    found = json.loads(said)["messages"]
    wrong = [(names[one["url"].rpartition("/")[2]], one["message"], one.get("extract")) for one in found]
    assert not wrong, Counter(message for _address, message, _extract in wrong)
