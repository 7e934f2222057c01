"""gunicorn believes nobody about the site's scheme and place, not even who asks from this machine."""

import http.client

import pytest

from tests.config.node import SITE, Node

pytestmark = pytest.mark.django_db(transaction=True)
SECURE = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Ssl", "on"), ("X-Forwarded-Protocol", "ssl")]


@pytest.fixture
def node(static_only):
    """Starts one with these settings."""
    started = []

    def start(**values: str) -> Node:
        node = Node(static_only, WEB_CONCURRENCY="1", FORWARDED_ALLOW_IPS="*", **values)
        node.start()
        started.append(node)
        node.wait_until_up()
        return node

    yield start
    for node in started:
        node.stop()


def ask(node: Node, path: str, **headers: str) -> tuple[int, str]:
    """Status and where it leads. Raises OSError where no answer comes."""
    connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": SITE} | headers)
        response = connection.getresponse()
        response.read()
        return response.status, response.headers.get("Location", "")
    finally:
        connection.close()


def test_nobody_says_where_the_site_begins(node):
    site = node()
    for name in ("SCRIPT_NAME", "Script-Name", "PATH_INFO"):
        assert ask(site, "/", **{name: "/x"}) == (200, ""), name
        assert ask(site, "/x/admin/", **{name: "/x"})[0] == 404, name
        assert ask(site, "/admin/", **{name: "/x"}) == (302, "/admin/login/?next=/admin/"), name


def test_without_a_trusted_proxy_nobody_says_by_which_scheme(node):
    site = node(SITE_URL=f"https://{SITE}")
    for name, value in SECURE:
        assert ask(site, "/", **{name: value}) == (301, f"https://{SITE}/"), name


def test_a_trusted_proxy_says_it_by_one_header(node):
    site = node(SITE_URL=f"https://{SITE}", TRUSTED_PROXIES="127.0.0.1")
    assert ask(site, "/", **{"X-Forwarded-Proto": "https"})[0] == 200
    for name, value in SECURE[1:]:
        assert ask(site, "/", **{name: value})[0] == 301, name
        assert ask(site, "/", **{"X-Forwarded-Proto": "https", name: "off"})[0] == 200, name
