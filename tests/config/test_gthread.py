"""The worker of config/gthread.py under a real gunicorn, over real sockets: idle and slow clients stop nobody."""

import contextlib
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.config.command import ROOT, environment, free_port
from tests.config.probe import KNOWN


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """(host, port) of one worker with four threads, and its log file."""
    folder = tmp_path_factory.mktemp("gthread")
    port = free_port()
    env = environment(folder, PORT=str(port), WEB_CONCURRENCY="1")
    log = folder / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "tests.config.probe:application"],
            cwd=ROOT,
            env=env,
            stdout=file,
            stderr=file,
        )
    address = ("127.0.0.1", port)
    for _ in range(100):
        try:
            ask(address)
            break
        except OSError:
            time.sleep(0.1)
    yield address, log
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0


@pytest.fixture
def connect(server):
    """Makes connections to the server, each having sent some bytes."""
    with contextlib.ExitStack() as stack:

        def make(data: bytes = b"") -> socket.socket:
            sock = stack.enter_context(socket.create_connection(server[0], timeout=10))
            sock.sendall(data)
            return sock

        yield make


def ask(address, method="GET", path="/", body=None, headers=None):
    connection = http.client.HTTPConnection(*address, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def slowest_answer(address, times: int = 20) -> float:
    slowest = 0.0
    for _ in range(times):
        start = time.monotonic()
        assert ask(address)[0] == 200
        slowest = max(slowest, time.monotonic() - start)
    return slowest


def worker_pid(address) -> int:
    return json.loads(ask(address)[1])["pid"]


def read_all(sock) -> bytes:
    data = b""
    while chunk := sock.recv(65536):
        data += chunk
    return data


def test_it_answers(server):
    address, _ = server
    status, body = ask(address, path="/hello")
    said = json.loads(body)
    assert (status, said["method"], said["path"], said["body"]) == (200, "GET", "/hello", 0)


def test_a_head_that_is_given_again_is_sent_as_the_first_time(server):
    """By gunicorn itself the first time (config/head.py), by the same rules afterwards; HEAD and HTTP/1.0 too."""
    asked = [("GET", "/known-head"), ("HEAD", "/known-head"), ("GET", "/known-304"), ("GET", "/known-head")]
    first, again = ([raw(server[0], *what) for what in asked] for _ in range(2))
    assert first == again
    lines = first[0][0].split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 200 OK"
    assert lines[-3:] == [b"Content-Type: text/plain", b"Content-Length: 6000000", b"X-Known: \xe9"]
    assert first[0][1] == KNOWN
    assert first[1] == (first[0][0], b"")
    assert first[2][0].endswith(b'\r\nETag: "known"') and first[2][1] == b""
    older = raw(server[0], "GET", "/known-head", "HTTP/1.0")
    assert older == (first[0][0].replace(b"HTTP/1.1", b"HTTP/1.0"), KNOWN)


def test_a_head_that_would_be_split_is_never_sent(server):
    assert [raw(server[0], "GET", "/split-head")[0].split(b"\r\n")[0] for _ in range(2)] == [
        b"HTTP/1.1 500 Internal Server Error"
    ] * 2


def test_known_and_other_heads_share_a_connection(server):
    connection = http.client.HTTPConnection(*server[0], timeout=10)
    for path in ("/known-head", "/known-304", "/", "/known-head"):
        connection.request("GET", path)
        response = connection.getresponse()
        assert not response.will_close
        assert response.read().startswith({"/": b"{", "/known-304": b""}.get(path, b"known"))
    connection.close()


def raw(address, method: str, path: str, version: str = "HTTP/1.1") -> tuple[bytes, bytes]:
    """Head and body of the answer as sent, without the date."""
    with socket.create_connection(address, timeout=10) as sock:
        sock.sendall(f"{method} {path} {version}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        head, _, body = read_all(sock).partition(b"\r\n\r\n")
    return re.sub(rb"\r\nDate: [^\r]+", b"", head), body


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Half", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf"],
    ids=["idle", "half a head", "half a body"],
)
def test_two_hundred_waiting_connections_stop_nobody(server, connect, sent):
    address, _ = server
    for _ in range(200):
        connect(sent)
    assert slowest_answer(address) < 1


def test_the_longest_waiting_goes_when_too_many_wait(server, connect):
    address, _ = server
    waiting = [connect() for _ in range(520)]
    assert slowest_answer(address, 3) < 1
    waiting[0].settimeout(5)
    assert waiting[0].recv(1) == b""
    waiting[-1].sendall(b"GET / HTTP/1.0\r\n\r\n")
    assert b" 200 OK" in read_all(waiting[-1])


def test_clients_that_do_not_close_stop_nobody(server, connect):
    """gunicorn waits two seconds in its main loop for each of these to close its side."""
    address, _ = server
    lingering = [connect(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") for _ in range(10)]
    assert slowest_answer(address) < 1
    assert all(read_all(sock).startswith(b"HTTP/1.1 200") for sock in lingering)


def test_a_head_that_comes_too_slowly_is_dropped_at_its_deadline(connect):
    sock = connect(b"GET / HTTP/1.1\r\n")
    start = time.monotonic()
    sock.settimeout(0.5)
    while time.monotonic() - start < 20:
        try:
            if sock.recv(1) == b"":
                break
        except TimeoutError:
            sock.sendall(b"X")  # more bytes do not move the deadline
        except ConnectionError:
            break
    assert 8 < time.monotonic() - start < 14


def test_a_head_without_end_is_refused(connect):
    sock = connect()
    with contextlib.suppress(ConnectionError):
        for _ in range(40):
            sock.sendall(b"X-Long: " + b"x" * 4000 + b"\r\n")
    assert sock.recv(100).startswith(b"HTTP/1.1 431")


def test_a_connection_is_kept_for_more_requests(server):
    address, _ = server
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.connect()
    local = connection.sock.getsockname()
    for number in range(3):
        connection.request("GET", f"/{number}")
        assert json.loads(connection.getresponse().read())["path"] == f"/{number}"
    time.sleep(1)
    connection.request("POST", "/later", b"x" * 5000)
    assert json.loads(connection.getresponse().read())["body"] == 5000
    assert connection.sock.getsockname() == local
    connection.close()


def test_large_bodies_arrive_whole(server):
    address, _ = server
    for size in (1, 255_000, 256 * 1024, 300_000, 1_000_000, 5_000_000):
        assert json.loads(ask(address, "POST", "/", b"x" * size)[1])["body"] == size


def test_a_body_in_many_pieces_arrives_whole(connect):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 26\r\n\r\n"
    sock = connect()
    for byte in head + b"abcdefghijklmnopqrstuvwxyz":
        sock.sendall(bytes([byte]))
    assert b'"body": 26' in read_all(sock)


def test_a_chunked_body_arrives_whole(server):
    address, _ = server
    status, body = ask(address, "POST", "/", iter([b"abc"] * 1000))
    assert (status, json.loads(body)["body"]) == (200, 3000)


def test_a_client_that_waits_for_100_continue_is_told_to(connect):
    sock = connect(
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    )
    assert sock.recv(100).startswith(b"HTTP/1.1 100")
    sock.sendall(b"abc")
    assert b'"body": 3' in read_all(sock)


def test_requests_sent_together_are_answered_in_order(connect):
    one = b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345"
    last = b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    sock = connect(b"".join(one % number for number in range(30)) + last)
    answers = read_all(sock)
    paths = [part.split(b'"')[0] for part in answers.split(b'"path": "')[1:]]
    assert paths == [b"/%d" % number for number in range(30)] + [b"/last"]


def test_half_of_the_next_request_waits_for_the_rest(connect):
    sock = connect(b"GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /two HT")
    answer = b""
    while b"/one" not in answer:
        answer += sock.recv(65536)
    time.sleep(0.3)
    sock.sendall(b"TP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"/two" in read_all(sock)


def test_an_unread_body_does_not_become_the_next_request(server):
    address, _ = server
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("POST", "/ignores-body", b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
    assert json.loads(connection.getresponse().read())["path"] == "/ignores-body"
    connection.request("GET", "/next")
    assert json.loads(connection.getresponse().read())["path"] == "/next"
    connection.close()


def test_an_answer_that_breaks_off_ends_its_connection_alone(server, connect):
    address, _ = server
    before = worker_pid(address)
    with connect(b"GET /breaks HTTP/1.1\r\nHost: x\r\n\r\n") as sock:
        assert read_all(sock).endswith(b'{"met')
    time.sleep(0.3)
    assert worker_pid(address) == before


def test_head_has_no_body(server):
    address, _ = server
    assert ask(address, "HEAD") == (200, b"")


def test_nonsense_is_a_400_and_the_log_names_no_address(server, connect):
    address, log = server
    before = len(log.read_text())
    sock = connect(b"\x16\x03\x01\r\n\r\n")
    assert read_all(sock).startswith(b"HTTP/1.1 400")
    time.sleep(0.2)
    text = log.read_text()[before:]
    assert "Invalid request" in text and "Traceback" not in text
    assert "127.0.0.1" not in text


def test_many_at_once_are_all_answered(connect):
    sockets = [connect(b"GET /slow HTTP/1.0\r\n\r\n") for _ in range(40)]
    assert all(b'"/slow"' in read_all(sock) for sock in sockets)
