"""What may be sent is bounded before it is read, and who sends nothing holds nobody up: with a real site."""

import contextlib
import http.client
import socket
import time
from urllib.parse import quote

import pytest
from django.test import Client

from config.settings import BODY_MOST
from tests.config.node import SITE, Node, Visitor
from tests.factories import make_post, make_user

IDLE = HALF = 200


@pytest.fixture
def node(transactional_db, static_only):
    make_post(title="Tides", slug="tides")
    node = Node(static_only)
    node.start()
    node.wait_until_up()
    yield node
    node.stop()


def send(node, data: bytes) -> bytes:
    """The first line of the answer to these bytes, and its body."""
    with socket.create_connection(("127.0.0.1", node.port), timeout=20) as sock:
        with contextlib.suppress(ConnectionError):
            sock.sendall(data)
        answer = http.client.HTTPResponse(sock)
        answer.begin()
        return answer.status, answer.read()


def head(*lines: str, method: str = "POST", path: str = "/sign-in/") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {SITE}", *lines, "", ""]).encode()


def test_requests_are_bounded(node):
    form = "Content-Type: multipart/form-data; boundary=x"
    # Nothing of the body is sent: it is refused by what it says of itself.
    status, body = send(node, head(form, f"Content-Length: {BODY_MOST + 1}"))
    assert status == 413 and b"more than this site takes at once" in body
    for path in ("/nowhere", "/healthz", "/media/x", "/read/1/"):
        assert send(node, head(f"Content-Length: {10**12}", path=path))[0] in (405, 413), path
    assert send(node, head("Content-Length: " + "9" * 5_000))[0] in (400, 413)
    status, _ = send(node, head(form, "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n")
    assert status == 411
    for length in (8_200, 100_000):
        status, body = send(node, head(method="GET", path="/search/?q=" + "a" * length))
        assert status == 414 and b"longer than this site reads" in body and b"error.css" in body, length
    box = quote("水" * 400)  # as much as the search's box takes
    assert send(node, head(method="GET", path=f"/search/?label={box}&q={box}"))[0] in (200, 404)
    long = {
        "a header": head("X-Long: " + "a" * 9_000, method="GET"),
        "headers": head(*["X-Many: a"] * 120, method="GET"),
        "all headers": head(*["X-Many: " + "a" * 4_000] * 40, method="GET"),
    }
    for name, data in long.items():
        assert send(node, data)[0] in (400, 414, 431), name
    twice = head("Content-Length: 3", "Content-Length: 4") + b"abcd"
    both = head("Content-Length: 3", "Transfer-Encoding: chunked") + b"0\r\n\r\n"
    for smuggled in (twice, both, head(f"Host: {SITE}", method="GET"), head("X Y: z", method="GET")):
        assert send(node, smuggled)[0] == 400
    assert send(node, head(method="GET", path="/2026/"))[0] in (200, 404), "and the site goes on"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"a": ' * 50_000),
        ("application/json", b"1" * 3_000_000),
        ("application/x-www-form-urlencoded", b"a=1&" * 3_000),
        ("application/x-www-form-urlencoded", b"a=" + b"1" * 3_000_000),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 3_000 + b"--x--",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n1\r\n' * 300 + b"--x--",
        ),
    ],
    ids=["nested lists", "nested objects", "a long number", "fields", "bytes", "parts", "files"],
)
def test_forms_and_json_are_bounded(kind, sent):
    client = Client(raise_request_exception=False)
    client.force_login(make_user("olive", "Owner"))
    for path in ("/sign-in/", "/admin/blog/post/add/", "/admin/blog/image/upload/", "/admin/blog/post/autosave/"):
        start = time.monotonic()
        assert client.post(path, sent, content_type=kind).status_code in (200, 400, 413, 422), path
        assert time.monotonic() - start < 10


def test_readers_get_pages_while_others_hold_connections(node):
    """200 that say nothing and 200 that stop in the middle, half of these in a form; pages that are ready and not."""
    halves = (head(method="GET")[:-10], head("Content-Length: 1000") + b"username=")
    with contextlib.ExitStack() as stack:
        for number in range(IDLE + HALF):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", node.port), timeout=20))
            if number >= IDLE:
                sock.sendall(halves[number % 2])
        slowest = 0.0
        for number in range(20):
            for path in ("/", "/archive/", f"/search/?q=tides{number}"):
                start = time.monotonic()
                visitor = Visitor(node)
                visitor.get(path)
                slowest = max(slowest, time.monotonic() - start)
                assert visitor.status == 200
        print(f"slowest {slowest:.2f} s with {IDLE + HALF} connections held")
        assert slowest < 5
