"""`make screenshots`: the pictures of README and docs, taken of the demo site. Needs Chromium."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM

ROOT = Path(__file__).resolve().parent.parent.parent
PORT = "8765"
SITE = f"http://127.0.0.1:{PORT}"
MOST_BYTES = 200_000


def take(page, name: str) -> None:
    path = ROOT / "docs" / f"{name}.png"
    page.screenshot(path=path)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path.name} has more than {MOST_BYTES:,} bytes.")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"DATA_DIR": folder, "PORT": PORT, "HOST": "127.0.0.1"}
        run = [sys.executable, "manage.py"]
        prepare = [*run, "prepare"]
        prepared = subprocess.run(prepare, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
        server = subprocess.Popen([*run, "serve"], cwd=ROOT, env=environ)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                page = browser.new_page(viewport={"width": 1120, "height": 720}, base_url=SITE)
                wait_for_it()
                page.goto("/")
                page.get_by_role("link", name="What the tide table leaves out").first.click()
                page.wait_for_load_state("networkidle")
                take(page, "post")
                page.goto("/admin/")
                page.get_by_label("Username").fill("owner")
                page.get_by_label("Password").fill(re.search(r"Password:\s+(\S+)", prepared.stdout)[1])
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
                browser.close()
        finally:
            server.terminate()
            server.wait(15)


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
