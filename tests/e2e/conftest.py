"""A real Chromium against a real server: Debian's package, driven by Playwright."""

import os
import shutil
import threading
import time

import pytest
from django.apps import apps
from django.db import connection

from config.roles import make_roles

# Playwright's own loop runs in this thread; Django would refuse the database in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE = 15_000  # milliseconds; a busy machine may need some seconds for a page
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


# What a browser makes of a page does not depend on the database that it was read from: on PostgreSQL it is enough
# to see that people and their work get through.
ON_POSTGRESQL = {"test_loop.py", "test_commenting.py", "test_publishing.py"}


def pytest_collection_modifyitems(items) -> None:
    skipped = pytest.mark.skip(reason="Browser tests run on SQLite")
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker("e2e")
            if connection.vendor != "sqlite" and item.path.name not in ON_POSTGRESQL:
                item.add_marker(skipped)


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        message = "There is no Chromium here: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, transactional_db, settings):
    """The address of a server with an empty site, whose roles are in place (a flush takes them away)."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    make_roles(apps)
    yield live_server.url
    _answer_all()


def _answer_all() -> None:
    """Waits for what a page sent as it was closed, such as words to keep: the tables are emptied next."""
    quiet, until = 0, time.monotonic() + 5
    while quiet < 3 and time.monotonic() < until:
        is_busy = any("process_request_thread" in thread.name for thread in threading.enumerate())
        quiet = 0 if is_busy else quiet + 1
        time.sleep(0.05)


@pytest.fixture
def person(chromium, site):
    """Makes a browser of somebody's own; every error in its console fails the test."""
    opened, troubles = [], []

    def open_browser(**options):
        context = chromium.new_context(base_url=site, **options)
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda message: message.type == "error" and troubles.append(message.text))
        context.on("weberror", lambda error: failed(str(error.error)))
        context.on("request", lambda request: foreign(request.url))
        opened.append(context)
        return context.new_page()

    def failed(error: str) -> None:
        # A page that comes late is shown without the transition, and Chromium says so.
        if not error.startswith("Transition was aborted"):
            troubles.append(error)

    def foreign(url: str) -> None:
        if not url.startswith((site, "data:", "blob:", "about:")):
            troubles.append(f"asked somebody else's server: {url}")

    yield open_browser
    for context in opened:
        context.close()
    assert not troubles


@pytest.fixture
def post(site):
    # Here, not above: `make screenshots` imports this file without Django's settings.
    from tests.e2e.desk import START
    from tests.factories import make_post

    return make_post(title="Tides", published_at=START, labels=("sea",))


@pytest.fixture
def mona(site):
    from tests.factories import make_user

    return make_user("mona", "Moderator", display_name="Mona")
