"""deploy/nginx.conf in a real nginx, before the real site: what it answers by itself is what the site would say."""

import http.client
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from blog.models import Post, SiteSettings
from config.ready import files
from config.ready.clock import renew_ready_pages
from config.roles import make_roles
from tests.config import nginx
from tests.config.command import ROOT, database_url, environment, free_port, manage
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db(transaction=True)
PUBLISHED = timezone.datetime(2026, 3, 14, 12, tzinfo=timezone.get_default_timezone())
PAGE = "/2026/03/tides/"
GZIP = {"Accept-Encoding": "gzip"}


class Behind:
    """nginx and, behind it, the site of the tests' own database."""

    def __init__(self, data, pages, tls: bool) -> None:
        self.tls, self.site_port, self.pages, self.data = tls, free_port(), pages, data
        self.nginx = nginx.Nginx(data.parent / "nginx", self.site_port, data, pages, tls=tls)
        self.url = f"{'https' if tls else 'http'}://{self.nginx.host}"

    def start(self) -> None:
        values = {"DATABASE_URL": database_url(), "SECRET_KEY": os.environ["SECRET_KEY"], "SITE_URL": self.url}
        values |= {"PORT": str(self.site_port), "TRUSTED_PROXIES": "127.0.0.1", "READY_PAGES_DIR": str(self.pages)}
        self.log = self.data / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"],
                cwd=ROOT,
                env=environment(self.data, **values),
                stdout=log,
                stderr=log,
            )
        for _ in range(200):
            try:
                self.ask_site("/robots.txt")
                break
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        self.nginx.start()

    def stop(self) -> None:
        self.nginx.stop()
        self.process.terminate()
        self.process.wait(15)

    def ask(self, path, method="GET", headers=None):
        """(status, headers, body) by way of nginx."""
        if self.tls:
            context = ssl.create_default_context(cafile=self.nginx.folder / "fullchain.pem")
            connection = http.client.HTTPSConnection("127.0.0.1", self.nginx.port, timeout=20, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.nginx.port, timeout=20)
        return answer(connection, method, path, headers)

    def ask_site(self, path, method="GET", headers=None):
        """The same without nginx."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site_port, timeout=20)
        headers = {"Host": self.nginx.host, "X-Forwarded-Proto": self.url.split(":")[0]} | (headers or {})
        return answer(connection, method, path, headers)

    def wait_for_file(self, path: str):
        """Asks for a page until it is a file."""
        name = f"{path}index.html" if path.endswith("/") else path
        for _ in range(100):
            assert self.ask(path)[0] == 200
            for tree in files.TREES:
                if (found := self.pages / tree / f"pages{name}").exists():
                    return found
            time.sleep(0.05)
        raise AssertionError(f"{path} does not become a file.")


def answer(connection, method, path, headers):
    try:
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def is_from_file(headers) -> bool:
    return bool(re.fullmatch(r'"[0-9a-f]{1,8}-[0-9a-f]+"', headers["ETag"] or ""))


def said(headers) -> dict:
    """All that is said of a page. The order of a policy's parts means nothing; who served it, and when, may differ."""
    found = {name.lower(): value for name, value in headers.items()}
    for name in ("date", "server", "connection", "etag", "last-modified", "content-language"):
        found.pop(name, None)
    found["content-security-policy"] = {part.strip() for part in found["content-security-policy"].split(";")}
    return found


@pytest.fixture
def start(static_only, settings):
    """Starts the site and nginx; the tests' process shares their folder of ready pages."""
    if not nginx.PROGRAM:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(nginx.MISSING)
    make_roles(apps)
    started = []

    def start(tls: bool = False) -> Behind:
        pages = static_only.parent / "pages"
        pages.mkdir()
        behind = Behind(static_only, pages, tls)
        started.append(behind)
        behind.start()
        settings.READY_PAGES_DIR = pages
        renew_ready_pages(timezone.now())
        return behind

    yield start
    for behind in started:
        behind.stop()


@pytest.fixture
def behind(start):
    return start()


def test_a_page_from_a_file_says_all_that_the_site_says(start):
    post = make_post(title="Tides", slug="tides", published_at=PUBLISHED, labels=("sea",))
    make_comment(post)
    behind = start(tls=True)
    for path in (PAGE, "/", "/label/sea/", "/feed.atom", "/label/sea/feed.rss", f"{PAGE}feed.atom"):
        behind.wait_for_file(path)
        for encoding in ({}, GZIP):
            status, headers, body = behind.ask(path, headers=encoding)
            assert is_from_file(headers), path
            of_site = behind.ask_site(path, headers=encoding)
            assert (status, said(headers), body) == (200, said(of_site[1]), of_site[2])
            assert ("Content-Encoding" in headers) == bool(encoding)
            status, unchanged, body = behind.ask(path, headers=encoding | {"If-None-Match": headers["ETag"]})
            assert (status, unchanged["ETag"], body) == (304, headers["ETag"], b"")
            status, of_head, body = behind.ask(path, method="HEAD", headers=encoding)
            assert (status, said(of_head), body) == (200, said(headers), b"")
    assert headers["Strict-Transport-Security"] == "max-age=3600"


def test_only_a_reader_who_is_not_signed_in_gets_a_file_and_only_the_page_itself(behind):
    make_post(title="Tides", slug="tides", published_at=PUBLISHED)
    file = behind.wait_for_file(PAGE)
    file.write_bytes(b"from a file")
    for headers in ({}, {"Cookie": "commenter=1; theme=dark"}, {"If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"}):
        assert behind.ask(PAGE, headers=headers)[2] == b"from a file"
    assert b"<h1" in behind.ask(PAGE, headers={"Cookie": "a=b; sessionid=abc"})[2]
    assert b"<h1" in behind.ask(f"{PAGE}?thread=")[2]
    assert behind.ask(PAGE, headers={"Host": "other.example.org"})[0] == 400
    assert behind.ask(PAGE, method="POST")[0] in (403, 405)
    not_pages = [
        f"{PAGE}index.html",
        f"/posts/pages{PAGE}",
        "/2026//03/tides/",
        f"{PAGE}index.html.gz",
        "/stamp",
        "/none",
    ]
    for path in not_pages:
        assert behind.ask(path)[0] == 404, path


def test_uploads_and_static_files_come_from_the_disk(behind):
    name = "images/ab/ab" + "0" * 30 + ".png"
    image = behind.data / "media" / name
    image.parent.mkdir(parents=True)
    image.write_bytes(b"picture")
    (behind.data / "media" / "other.html").write_text("<script>")
    status, headers, body = behind.ask(f"/media/{name}")
    of_site = behind.ask_site(f"/media/{name}")[1]
    assert (status, body, is_from_file(headers)) == (200, b"picture", True)
    for header in ("Content-Type", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options"):
        assert headers[header] == of_site[header]
    assert behind.ask("/media/other.html")[0] == behind.ask(f"/media/{name.replace('/ab/', '/cd/')}")[0] == 404

    css = next(
        path for path in (behind.data / "static" / "css").iterdir() if re.search(r"\.[0-9a-f]{12}\.css$", path.name)
    )
    status, headers, body = behind.ask(f"/static/css/{css.name}", headers=GZIP)
    of_site = behind.ask_site(f"/static/css/{css.name}", headers=GZIP)
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert headers["Content-Encoding"] == "gzip"
    assert (headers["Content-Type"], body) == (of_site[1]["Content-Type"].replace('"', ""), of_site[2])
    assert "immutable" not in behind.ask("/static/css/site.css")[1]["Cache-Control"]


def test_the_log_holds_no_address_no_query_and_no_key(behind):
    for path in (
        "/comment/status/aSecret/?q=aQuery",
        "/password/aUser/aSecret/",
        "/invitation/aSecret/",
        "/moderate/a%53ecret/",
        "/search/?q=aQuery",
    ):
        behind.ask(path, headers={"Referer": "http://aQuery.example.org", "User-Agent": "aQuery"})
    behind.process.terminate()
    behind.process.wait(15)
    assert behind.ask("/moderate/aSecret/")[0] == 502
    behind.nginx.stop()  # it writes when it has answered
    lines = behind.nginx.accesses()
    assert [line.split()[2] for line in lines.splitlines()] == [
        "/comment/status/...",
        "/password/...",
        "/invitation/...",
        "/moderate/...",
        "/search/",
        "/moderate/...",
    ]
    for word in ("127.0.0.1", "aQuery", "Secret"):
        assert word not in lines + behind.nginx.errors()


def test_a_closed_site_uses_no_file_and_one_that_is_down_has_a_page(behind):
    make_post(title="Tides", slug="tides", published_at=PUBLISHED)
    behind.wait_for_file(PAGE)
    (behind.data / "maintenance").write_text("Back at noon.")
    time.sleep(1.1)
    status, headers, body = behind.ask(PAGE)
    assert (status, headers["Retry-After"]) == (503, "120") and b"Back at noon." in body
    assert behind.ask("/admin/login/")[0] == 200
    (behind.data / "maintenance").unlink()
    assert is_from_file(behind.ask(PAGE)[1])

    behind.process.terminate()
    behind.process.wait(15)
    for path, method in (("/archive/", "GET"), ("/archive/", "POST"), ("/admin/", "GET")):
        status, headers, body = behind.ask(path, method)
        assert (status, headers["Retry-After"], headers["Content-Type"]) == (502, "120", "text/html; charset=utf-8")
        assert b"Back in a moment" in body and "style-src 'self'" in headers["Content-Security-Policy"]
    for sheet in re.findall(r'href="(/static/[^"]+)"', body.decode()):
        status, headers, _body = behind.ask(sheet)
        assert (status, headers["Content-Type"], headers["Retry-After"]) == (200, "text/css; charset=utf-8", None)


@pytest.mark.slow
def test_a_read_that_begins_after_a_change_shows_it(behind):
    """Four readers in a row after each of 200 changes, and readers that never pause."""
    post = make_post(title="Version 0", slug="tides", published_at=PUBLISHED, labels=("sea",))
    paths = (PAGE, "/", "/feed.atom")
    known, stop, wrong, count = 0, threading.Event(), [], {True: 0, False: 0}

    def read(path: str) -> None:
        least = known
        _status, headers, body = behind.ask(path)
        shown = max(int(number) for number in re.findall(rb"Version (\d+)", body))
        count[is_from_file(headers)] += 1
        if shown < least:
            wrong.append((path, least, shown, is_from_file(headers)))

    def keep_reading() -> None:
        while not stop.is_set():
            for path in paths:
                read(path)

    readers = [threading.Thread(target=keep_reading) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 201):
            if number % 2:
                post.title = f"Version {number}"
                post.save()
            else:
                Post.objects.filter(pk=post.pk).update(title=f"Version {number}")
            known = number
            for path in (*paths, PAGE):
                read(path)
            time.sleep(0.01)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    print(f"from files {count[True]}, from the site {count[False]}, old {len(wrong)}")
    assert wrong == []
    assert min(count.values()) > 200, "both ways were tried"


def test_changes_of_equal_length_within_a_second_are_no_304(behind):
    SiteSettings.load()  # its row is made before the first reader's
    post = make_post(title="Tide 00", slug="tides", published_at=PUBLISHED)
    etag = ""
    for number in range(10, 30):
        Post.objects.filter(pk=post.pk).update(title=f"Tide {number}")
        behind.wait_for_file(PAGE)
        status, headers, body = behind.ask(PAGE, headers={"If-None-Match": etag})
        assert is_from_file(headers)
        assert (status, f"Tide {number}".encode() in body) == (200, True)
        etag = headers["ETag"]


def test_without_the_worker_there_are_soon_no_files_though_nobody_asks(behind, monkeypatch):
    make_post(title="Tides", slug="tides", published_at=PUBLISHED)
    behind.wait_for_file(PAGE)
    files.renew(behind.pages, (timezone.now() - timedelta(minutes=31)).timestamp())
    make_post(title="Ebb", slug="ebb", published_at=PUBLISHED)
    behind.ask("/2026/03/ebb/")  # a page that would become a file: the web process looks at the stamp
    for _ in range(100):
        if not (behind.pages / "posts").exists():
            break
        time.sleep(0.05)
    assert not is_from_file(behind.ask(PAGE)[1])
    renew_ready_pages(timezone.now())
    assert not (behind.pages / "lists").exists()


def test_a_command_run_without_the_setting_leaves_no_old_page(behind):
    make_post(title="Tides", slug="tides", published_at=PUBLISHED)
    behind.wait_for_file(PAGE)
    values = {"DATABASE_URL": database_url(), "SECRET_KEY": os.environ["SECRET_KEY"]}
    script = "from blog.models import Post; Post.objects.update(title='Ebb')"
    done = manage(behind.data, "shell", "-c", script, **values)
    assert done.returncode == 0, done.stderr
    assert b"Ebb" in behind.ask(PAGE)[2]


def test_a_site_that_stops_leaves_no_file(behind):
    make_post(title="Tides", slug="tides", published_at=PUBLISHED)
    behind.wait_for_file(PAGE)
    behind.process.terminate()
    behind.process.wait(15)
    assert behind.ask(PAGE)[0] == 502
    assert not (behind.pages / "stamp").exists()
