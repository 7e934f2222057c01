"""Every page that a reader can meet: no barrier that axe finds, nothing wider than the window, HTML as it should be."""

import json
import os
import subprocess
from collections import Counter

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.pages import everything

# 320 is a window of 1280 pixels at 400 % (WCAG 1.4.10).
WIDTHS = (320, 1280)
SIGHTS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "high contrast": {"color_scheme": "dark", "contrast": "more"},
}
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


def barriers(page) -> list[tuple[str, list[str]]]:
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in Axe().run(page).response["violations"]]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("sight", "language"), [("light", "en"), ("light", "fa"), ("dark", "en"), ("high contrast", "fa")]
)
def test_no_barrier(chromium, site, sight, language):
    pages = everything(language).pages
    context = chromium.new_context(base_url=site, reduced_motion="reduce", **SIGHTS[sight])
    page = context.new_page()
    wrong = []
    for address, status in pages.items():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.goto(address).status == status, address
            wrong += [(address, width, *barrier) for barrier in barriers(page)]
            wrong += [(address, width, wide) for wide in page.evaluate(TOO_WIDE)[:3]]
    context.close()
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
