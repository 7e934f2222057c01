"""`make screenshots`: the pictures of README and docs, taken of the demo site; and one of every page of a site
with one of everything, to be looked at, in three widths, light and dark, in English and Persian. Needs Chromium."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM

ROOT = Path(__file__).resolve().parent.parent.parent
PORT = "8765"
SITE = f"http://127.0.0.1:{PORT}"
MOST_BYTES = 200_000
FOLDER = ROOT / "var" / "screenshots"
WIDTHS = (360, 768, 1280)
MADE = "import json; from tests.e2e.pages import everything; print(json.dumps(everything('{}').pages))"


def take(page, name: str) -> None:
    path = ROOT / "docs" / f"{name}.png"
    page.screenshot(path=path)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path.name} has more than {MOST_BYTES:,} bytes.")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with served("prepare") as prepared:
            of_the_demo(browser, prepared)
        for language in ("en", "fa"):
            with served("shell", "-c", MADE.format(language)) as made:
                of_every_page(browser, language, json.loads(made.splitlines()[-1]))
        browser.close()


@contextmanager
def served(*command: str) -> Iterator[str]:
    """A site of its own, begun by this command, whose words are given; it is there until the end."""
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"DATA_DIR": folder, "PORT": PORT, "HOST": "127.0.0.1", "SITE_URL": SITE}
        environ["EMAIL_URL"] = "smtp://127.0.0.1:9"  # nothing is sent, but readers are offered mail
        run = [sys.executable, "manage.py"]
        given = {"cwd": ROOT, "env": environ}
        if command[0] != "prepare":
            for before in (["migrate"], ["collectstatic", "--noinput"]):
                subprocess.run([*run, *before], check=True, capture_output=True, **given)
        said = subprocess.run([*run, *command], check=True, capture_output=True, text=True, **given).stdout
        server = subprocess.Popen([*run, "serve"], **given)
        try:
            wait_for_it()
            yield said
        finally:
            server.terminate()
            server.wait(15)


def of_every_page(browser, language: str, addresses: dict[str, int]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page = browser.new_page(base_url=SITE, color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for address in addresses:
                if (status := page.goto(address).status) != addresses[address]:
                    sys.exit(f"{address} answers {status}.")
                name = re.sub(r"[^\w-]+", "-", address).strip("-")[:60] or "home"
                page.screenshot(path=FOLDER / f"{name}-{language}-{scheme}-{width}.png", full_page=True)
        page.close()
    print(f"{FOLDER.relative_to(ROOT)}: {len(addresses) * 2 * len(WIDTHS)} pictures, language {language}")


def of_the_demo(browser, prepared: str) -> None:
    page = browser.new_page(viewport={"width": 1120, "height": 720}, base_url=SITE)
    page.goto("/", wait_until="networkidle")
    take(page, "home")
    page.get_by_role("link", name="What the tide table leaves out").first.click()
    page.wait_for_load_state("networkidle")
    take(page, "post")
    page.goto("/admin/")
    page.get_by_label("Username").fill("owner")
    page.get_by_label("Password").fill(re.search(r"Password:\s+(\S+)", prepared)[1])
    page.get_by_role("button", name="Log in").click()
    page.goto("/admin/comments/comment/")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("a")
    page.evaluate("scrollTo(0, 0)")
    take(page, "queue")
    page.goto("/admin/comments/comment/?status=rejected")
    page.locator(".case .when").first.click()
    page.get_by_text("Undo").first.wait_for()
    take(page, "comment")
    page.goto("/admin/comments/commentsettings/1/change/")
    take(page, "policy")
    page.close()


def wait_for_it() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(SITE, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{SITE} does not answer.")


if __name__ == "__main__":
    main()
