import shutil
import sys

import pytest
from django.db import connection

from tests.config.blogger_feeds import BLOG_OF_ALL
from tests.config.command import manage

OF_A_FOLDER = {"prepared", "demo_site", "static_only"}
OF_THE_TESTS = {"db", "transactional_db"}


def pytest_collection_modifyitems(items) -> None:
    """A site in a folder of its own brings its own database, whichever the tests have: once is enough."""
    skipped = pytest.mark.skip(reason="It brings its own database: run with SQLite")
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if connection.vendor == "sqlite" or not asked & OF_A_FOLDER:
            continue
        if not asked & OF_THE_TESTS and not item.get_closest_marker("django_db"):
            item.add_marker(skipped)


@pytest.fixture(autouse=True)
def _let_go_of_the_database():
    """The site's own page cache has a connection beside Django's; with it open, no database can be dropped."""
    yield
    if loaded := sys.modules.get("config.wsgi"):
        loaded.cached.pages.watch.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A folder with a demo site, and what `manage.py prepare` said; for looking at only."""
    folder = tmp_path_factory.mktemp("prepared")
    done = manage(folder, "prepare", PORT="8123")
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


@pytest.fixture
def demo_site(prepared, tmp_path):
    """A folder with a copy of that site, for a test to change."""
    return shutil.copytree(prepared[0], tmp_path / "site")


@pytest.fixture
def static_only(prepared, tmp_path):
    """A folder with nothing but static files: compressing them is the slowest part of `prepare`."""
    shutil.copytree(prepared[0] / "static", tmp_path / "site" / "static")
    shutil.copy(prepared[0] / "static.digest", tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def source(tmp_path):
    """A small export that has something of everything."""
    path = tmp_path / "feed.atom"
    path.write_text(BLOG_OF_ALL)
    return path


@pytest.fixture
def reader(transactional_db):
    """A reader behind a page cache of its own, which watches the test's database as another process would."""
    from tests.config.reader import Reader  # here: it needs Django's settings

    reader = Reader()
    yield reader
    reader.close()
