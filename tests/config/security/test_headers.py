"""The headers of every kind of answer, of gunicorn itself and by way of nginx: what the Observatory calls A+."""

import http.client
import time
from datetime import UTC, datetime
from email.message import Message

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from blog.models import SiteSettings
from config.roles import make_roles
from config.settings import BODY_MOST
from tests.blog.pictures import in_library
from tests.config.node import SITE, Node
from tests.config.security.observatory import policy_of, score, total
from tests.config.test_nginx import answer, start  # noqa: F401  a fixture
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db(transaction=True)
# What every answer by https says, but one of 304, by which a browser keeps what it was told before.
ALWAYS = ("Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy")
ALWAYS += ("Referrer-Policy", "Strict-Transport-Security", "X-Content-Type-Options")
PAGES = [
    "/",
    "/2026/03/tides/",
    "/p/nowhere/",
    "/sign-in/",
    "/admin/login/",
    "/search/?q=tides",
    "/password/",
    "/healthz",
]
FOR_ALL = [
    "/static/favicon.svg",
    "/static/503.html",
    "/static/css/site.css",
    "/favicon.ico",
]  # pages elsewhere show them
OTHERS = [
    "/feed.atom",
    "/feed.json",
    "/robots.txt",
    "/sitemap.xml",
    "/readyz",
    "/comment/9/",
    "/2026/03/tides",
    "/admin/",
]


class ByHttps:
    """A gunicorn whose proxy says that readers come by https."""

    def __init__(self, folder, **values: str) -> None:
        values = {"SITE_URL": f"https://{SITE}", "TRUSTED_PROXIES": "127.0.0.1", "HSTS_SECONDS": "31536000"} | values
        self.node = Node(folder, **values)

    def wait_until_up(self) -> None:
        for _ in range(300):
            try:
                self.ask("/robots.txt")
                return
            except OSError:
                assert self.node.process.poll() is None, self.node.log.read_text()
                time.sleep(0.1)
        raise AssertionError(self.node.log.read_text())

    def ask(self, path, method="GET", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.node.port, timeout=30)
        return answer(connection, method, path, {"Host": SITE, "X-Forwarded-Proto": "https"} | (headers or {}))


@pytest.fixture
def site(static_only, settings):
    settings.MEDIA_ROOT = static_only / "media"
    make_roles(apps)
    SiteSettings(title="Tidewater").save()
    make_post(title="Tides", slug="tides", published_at=datetime(2026, 3, 14, 12, tzinfo=UTC))
    return static_only


@pytest.fixture
def gunicorn(site):
    by = ByHttps(site)
    by.node.start()
    by.wait_until_up()
    yield by
    by.node.stop()


def check(by, hashed: str, picture: str) -> None:
    owner = Client()
    owner.force_login(make_user("olive", "Owner"))
    signed_in = {"Cookie": f"sessionid={owner.session.session_key}"}
    for path in PAGES:
        for headers in ({}, {"Accept-Encoding": "gzip"}, signed_in):
            points = score(by.ask(path, headers=headers)[1])
            assert total(points) >= 100, (path, headers, points)
    for path in (*PAGES, *OTHERS, *FOR_ALL, hashed, picture):
        status, headers, _ = by.ask(path)
        missing = [name for name in ALWAYS if not headers[name]]
        assert not missing, (path, status, missing)
        policy = policy_of(headers["Content-Security-Policy"])
        assert policy["default-src"] == {"'none'"}, path
        assert "'unsafe-inline'" not in headers["Content-Security-Policy"], path
        embeds = path in (*FOR_ALL, hashed, picture)
        assert headers["Cross-Origin-Resource-Policy"] == ("cross-origin" if embeds else "same-origin"), path
    for path in ("/", "/2026/03/tides/", picture):
        _, first, _ = by.ask(path)
        status, again, body = by.ask(path, headers={"If-None-Match": first["ETag"]})
        assert (status, body) == (304, b"")
        assert all(again[name] in (None, first[name]) for name in ALWAYS), path
    status, headers, _ = by.ask("/admin/blog/post/add/", headers=signed_in)
    assert status == 200
    scripts = policy_of(headers["Content-Security-Policy"])["script-src"]
    assert any(source.startswith("'nonce-") for source in scripts) and scripts & {"'self'"} and len(scripts) == 2
    status, headers, _ = by.ask(picture, headers=signed_in)
    assert status == 200 and not headers["Set-Cookie"] and "Cookie" not in (headers["Vary"] or "")
    assert (headers["Content-Type"], policy_of(headers["Content-Security-Policy"])) == (
        "image/png",
        {"default-src": {"'none'"}, "sandbox": set()},
    )


def hashed_name(site) -> str:
    return "/static/css/" + next((site / "static" / "css").glob("site.????????????.css")).name


def test_gunicorn(gunicorn, site):
    check(gunicorn, hashed_name(site), in_library().get_absolute_url())


def test_nginx(start, site):  # noqa: F811
    behind = start(tls=True)
    behind.wait_for_file("/2026/03/tides/")
    check(behind, hashed_name(site), in_library().get_absolute_url())


def test_nginx_refuses_what_is_too_large_with_the_sites_own_page(start):  # noqa: F811
    status, headers, body = start(tls=True).ask("/sign-in/", "POST", {"Content-Length": str(BODY_MOST + 1)})
    assert status == 413 and b"more than this site takes at once" in body
    assert not [name for name in ALWAYS if not headers[name]]


def test_an_address_that_is_too_long_is_answered_with_the_sites_own_page(gunicorn, start):  # noqa: F811
    # gunicorn refuses it before the header is read that says whether the reader asks by https.
    for server, missing in ((gunicorn, ["Strict-Transport-Security"]), (start(tls=True), [])):
        status, headers, body = server.ask(f"/search/?q={'a' * 9_000}")
        assert status == 414 and b"longer than this site reads" in body
        assert [name for name in ALWAYS if not headers[name]] == missing


def test_a_closed_site_and_a_broken_one(gunicorn, site):
    with connection.cursor() as cursor:  # what no page can do without
        cursor.execute("ALTER TABLE blog_sitesettings RENAME TO elsewhere")
    try:
        broken = gunicorn.ask("/archive/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO blog_sitesettings")
    (site / "maintenance").write_text("")
    end = time.monotonic() + 20
    while (closed := gunicorn.ask("/"))[0] != 503 and time.monotonic() < end:
        time.sleep(0.2)
    assert (broken[0], closed[0]) == (500, 503)
    for _status, headers, _body in (broken, closed):
        assert total(score(headers)) >= 100
        assert not [name for name in ALWAYS if not headers[name]]


def test_by_http_no_browser_is_told_of_https(gunicorn):
    status, headers, _ = gunicorn.ask("/2026/03/tides/", headers={"X-Forwarded-Proto": "http"})
    assert (status, headers["Location"]) == (301, f"https://{SITE}/2026/03/tides/")
    assert headers["Strict-Transport-Security"] is None
    status, headers, _ = gunicorn.ask("/healthz", headers={"X-Forwarded-Proto": "http"})
    assert status == 200 and headers["Strict-Transport-Security"] is None


def test_the_rules_take_points_off():
    """So that the tests above can fail."""
    bare = Message()
    assert total(score(bare)) == 100 - 25 - 20 - 5 - 20
    for name, value in {
        "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "Set-Cookie": "sessionid=a; HttpOnly; SameSite=Lax",
    }.items():
        bare[name] = value
    assert (score(bare)["content-security-policy"], score(bare)["cookies"]) == (-20, -40)
