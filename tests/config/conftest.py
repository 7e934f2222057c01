import shutil

import pytest

from tests.config.blogger_feeds import BLOG_OF_ALL
from tests.config.command import manage


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
