import os
import time
from datetime import timedelta

import pytest
from django.core import checks
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from blog import versions
from blog.models import Post, SiteSettings
from config import ready
from config.checks import ready_pages_on_one_machine
from config.pagecache import PageCache
from config.ready import clock, files
from config.ready.keeping import Keeper, until_key
from config.tick import CHORES
from config.wsgi import in_utf8
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/2026/03/tides/"
PUBLISHED = timezone.datetime(2026, 3, 14, 12, tzinfo=timezone.get_default_timezone())


class Site:
    """The page cache with its keeper, which here works when it is told to."""

    def __init__(self, root) -> None:
        self.root, self.application, self.keeper = root, PageCache(in_utf8), Keeper(root)

    def get(self, path=PATH, host="testserver", **environ) -> bytes:
        environ = RequestFactory().get(path, HTTP_HOST=host, **environ).environ
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")  # as servers do
        return b"".join(self.application(environ, lambda *args: None))

    def work(self) -> None:
        self.keeper.work(self.keeper.next(0))

    def make(self, *paths: str) -> None:
        for path in paths:
            self.get(path)
        self.work()

    def files(self) -> set[str]:
        found = set()
        for tree in files.TREES:
            top = self.root / tree / "pages"
            found |= {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()}
        return found


@pytest.fixture
def site(tmp_path, settings, monkeypatch):
    settings.READY_PAGES_DIR = tmp_path / "pages"
    settings.READY_PAGES_DIR.mkdir()
    site = Site(settings.READY_PAGES_DIR)
    monkeypatch.setattr(ready, "keeper", site.keeper)
    clock.renew_ready_pages(timezone.now())
    yield site
    site.application.pages.watch.close()


@pytest.fixture
def post():
    SiteSettings.load()  # its row is made before the first reader's
    return make_post(title="Tides", slug="tides", published_at=PUBLISHED, labels=("sea",))


def both(*names: str) -> set[str]:
    return {*names, *(f"{name}.gz" for name in names)}


def test_pages_become_files_in_both_forms_for_everybody_to_read(site, post):
    site.make(PATH, "/", "/feed.atom", "/feed.rss")
    assert site.files() == both("2026/03/tides/index.html", "index.html", "feed.atom", "feed.rss")
    file = site.root / "posts" / "pages" / "2026/03/tides/index.html"
    assert file.read_bytes() == site.get()
    assert oct(file.stat().st_mode & 0o777) == "0o644"
    assert oct(file.parent.stat().st_mode & 0o777) == "0o755"
    assert not any((site.root / "new").iterdir())


def test_a_persian_address_is_a_file_of_that_name(site):
    make_post(title="دریا", slug="دریا", published_at=PUBLISHED)
    site.make("/2026/03/دریا/")
    assert site.files() == both("2026/03/دریا/index.html")


def test_what_is_no_file(site, post, settings):
    long = "ш" * 120  # two bytes each
    make_post(title="Long", slug=long, published_at=PUBLISHED)
    for path in (f"{PATH}?order=newest", "/search/?q=sea", "/robots.txt", f"/2026/03/{long}/", "/nothing/"):
        site.get(path)
    site.get(host="localhost")
    site.get(HTTP_COOKIE="sessionid=abc")
    settings.SITE_URL = "https://testserver"
    site.get("/")
    site.work()
    assert site.files() == set()


def test_a_page_that_says_more_than_nginx_does_is_no_file(site, post):
    site.get()
    (made,) = site.keeper.next(0)
    key = ("http", "testserver", PATH, "")
    for header in (("X-Robots-Tag", "noindex"), ("Cache-Control", "max-age=60")):
        made.page.plain.headers.append(header)
        site.keeper.tried.clear()
        site.keeper.take(key, made.page, made.number)
        assert site.keeper.waiting.empty(), header
        made.page.plain.headers.pop()


def test_a_page_that_may_show_anything_is_no_file(site, post, monkeypatch):
    monkeypatch.setattr("blog.shared.Shown.keys", {versions.SITE, versions.ALL})
    site.make(PATH)
    assert site.files() == set()


def test_a_change_removes_what_shows_it_and_nothing_else(site, post):
    make_post(title="Ebb", slug="ebb", published_at=PUBLISHED, labels=("moon",))
    site.make(PATH, "/2026/03/ebb/", "/label/sea/", "/label/moon/")
    with transaction.atomic():
        versions.touch(versions.post_key(post.pk))
    assert site.files() == both("2026/03/ebb/index.html", "label/moon/index.html")
    with transaction.atomic():
        versions.touch(versions.LISTS)
    assert site.files() == both("2026/03/ebb/index.html")
    make_page(title="About", slug="about")  # stands in every menu
    assert site.files() == set()


def test_a_change_that_is_taken_back_removes_nothing(site, post):
    site.make(PATH)
    with transaction.atomic():
        Post.objects.filter(pk=post.pk).update(title="Ebb")
        transaction.set_rollback(True)
    assert site.files() == both("2026/03/tides/index.html")


def test_a_page_that_a_change_has_overtaken_is_no_file(site, post):
    site.get()
    Post.objects.filter(pk=post.pk).update(title="Ebb")
    site.work()
    assert site.files() == set()
    site.make(PATH)
    assert b"Ebb" in (site.root / "posts/pages/2026/03/tides/index.html").read_bytes()


def test_a_page_of_another_database_in_its_place_is_no_file(site, post):
    site.get()
    (made,) = site.keeper.next(0)
    made.number += 1000
    site.keeper.work([made])
    assert site.files() == set()


def test_a_file_that_cannot_be_removed_ends_the_change(site, post, monkeypatch):
    site.make(PATH)

    def refuse(*args):
        raise PermissionError("no")

    monkeypatch.setattr(files, "_remove", refuse)
    with pytest.raises(DatabaseError, match="cannot be removed"):
        Post.objects.filter(pk=post.pk).update(title="Ebb")
    assert Post.objects.get(pk=post.pk).title == "Tides"
    monkeypatch.undo()


@pytest.mark.parametrize("error", [OSError("No space left"), OperationalError("database is locked\nand more")])
def test_what_cannot_be_kept_is_told_once_and_answered_all_the_same(site, post, monkeypatch, caplog, error):
    def refuse(*args):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(files, "put", refuse)
        for path in (PATH, "/"):
            assert b"Tides" in site.get(path)
            site.work()
    assert [record.getMessage() for record in caplog.records] == [
        f"Ready pages cannot be kept as files: {str(error).splitlines()[0]}"
    ]
    assert site.files() == set() and not any((site.root / "new").iterdir())


def test_a_page_in_memory_whose_file_is_gone_becomes_one_again(site, post):
    site.make(PATH)
    files.empty(site.root)
    clock.renew_ready_pages(timezone.now())
    site.make(PATH)
    assert site.files() == set(), "not at once"
    site.keeper.tried = {key: (made, tried - 11) for key, (made, tried) in site.keeper.tried.items()}
    site.make(PATH)
    assert site.files() == both("2026/03/tides/index.html")


def test_without_a_tick_there_are_no_files(site, post):
    files.empty(site.root)
    site.make(PATH)
    assert site.files() == set()


def test_a_late_tick_empties_the_folder_though_nobody_asks(site, post):
    site.make(PATH)
    late = timezone.now() - timedelta(minutes=31)
    files.renew(site.root, late.timestamp())
    site.work()
    assert site.files() == set()
    assert not files.is_open(site.root)


def test_a_page_whose_time_comes_within_the_hour_is_no_file(site, post):
    make_post(title="Soon", slug="soon", published_at=timezone.now() + timedelta(minutes=59))
    site.make(PATH)
    assert site.files() == set()


def test_the_tick_removes_pages_an_hour_before_their_time(site, post):
    now = timezone.now()
    make_post(title="Soon", slug="soon", published_at=now + timedelta(minutes=90))
    site.make(PATH, "/")
    clock.renew_ready_pages(now + timedelta(minutes=28))
    assert len(site.files()) == 4
    clock.renew_ready_pages(now + timedelta(minutes=31))
    assert site.files() == set()
    assert files.noted(site.root, "until:") == set()


def test_the_clocks_keys_are_whole_minutes():
    assert (until_key(119.9), until_key(120.0)) == ("until:1", "until:2")


def test_the_tick_does_its_part(site):
    assert clock.renew_ready_pages in CHORES


def test_the_tick_deletes_what_changes_have_put_away_and_what_the_dead_have_left(site, post, monkeypatch):
    site.make(PATH, "/")
    with transaction.atomic():
        versions.touch(versions.SITE)
    left = files.write(site.root, ".plain", b"left", 1)
    mine = site.root / "posts.txt"
    mine.touch()
    assert len(list(site.root.glob("*.*"))) == 3
    clock.renew_ready_pages(timezone.now())
    assert left.exists()
    monkeypatch.setattr(files, "UNFINISHED", -1)
    clock.renew_ready_pages(timezone.now())
    assert not left.exists()
    assert sorted(path.name for path in site.root.iterdir()) == ["new", "posts.txt", "stamp"]


def test_the_tick_bounds_what_files_take(site, post, monkeypatch):
    site.make(PATH, "/")
    clock.renew_ready_pages(timezone.now())
    assert len(site.files()) == 4
    monkeypatch.setattr(clock, "MOST_BYTES", 10_000)
    clock.renew_ready_pages(timezone.now())
    assert site.files() == set()


def test_the_time_of_a_file_is_a_digest_of_it(site, post):
    """nginx makes the ETag of it, and of the length."""
    times = set()
    for title in ("Tides 1", "Tides 2"):
        Post.objects.filter(pk=post.pk).update(title=title)
        site.make(PATH)
        for name in both("index.html"):
            times.add(os.stat(site.root / "posts/pages/2026/03/tides" / name).st_mtime)
    assert len(times) == 4
    assert all(0 <= moment < 2**31 and abs(moment - time.time()) > 60 for moment in times)


def test_a_tree_taken_away_while_a_page_is_put_takes_the_page_along(site, post, monkeypatch):
    real = files._make

    def make(path, folder=None):
        if path.startswith("pages"):
            files.empty(site.root)
        real(path, folder)

    monkeypatch.setattr(files, "_make", make)
    site.make(PATH)
    assert site.files() == set()


def test_a_site_that_starts_empties_its_folder_and_the_one_before(site, post, tmp_path):
    site.make(PATH)
    link, other = tmp_path / "link", tmp_path / "other"
    link.symlink_to(site.root)
    other.mkdir()
    (other / "stamp").touch()
    files.begin(other, link)
    assert site.files() == set()
    assert not files.is_open(other)
    assert link.readlink() == other


def test_without_a_folder_nothing_is_done(post, settings):
    settings.READY_PAGES_DIR = None
    clock.renew_ready_pages(timezone.now())
    Post.objects.filter(pk=post.pk).update(title="Ebb")
    ready.keep(("http", "testserver", PATH, ""), None, 1)


@pytest.mark.parametrize(
    ("host", "pages", "told"),
    [
        ("", "/run/pages", 0),
        ("/run/postgresql", "/run/pages", 0),
        ("db.example.org", "", 0),
        ("10.0.0.2", "/run/pages", 1),
    ],
)
def test_it_tells_that_files_are_for_one_machine(settings, monkeypatch, host, pages, told):
    settings.READY_PAGES_DIR = pages
    with monkeypatch.context() as patch:  # the database is still needed
        patch.setitem(connection.settings_dict, "HOST", host)
        found = ready_pages_on_one_machine(None)
    assert [(check.id, check.level) for check in found] == [("marginalia.I002", checks.INFO)] * told
