"""Clients that move a byte now and then do not hold the threads that serve them; those that keep up get everything."""

import contextlib
import socket
import subprocess
import sys
import threading
import time

import pytest

from tests.config.command import ROOT, environment, free_port
from tests.config.probe import KNOWN
from tests.config.test_gthread import ask, raw, slowest_answer

THREADS = 4
BODY = 300_000  # more than what is waited for without a thread


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Address and log of one worker that waits for a client no longer than two seconds."""
    folder = tmp_path_factory.mktemp("paced")
    port = free_port()
    log = folder / "log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "tests/config/impatient.py"],
            cwd=ROOT,
            env=environment(folder, PORT=str(port), WEB_CONCURRENCY="1"),
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
    process.terminate()
    assert process.wait(10) == 0


@pytest.fixture
def connect(server):
    with contextlib.ExitStack() as stack:

        def make(data: bytes) -> socket.socket:
            sock = stack.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.settimeout(10)
            sock.connect(server[0])
            sock.sendall(data)
            return sock

        yield make


@contextlib.contextmanager
def dripping(step):
    """Does this every half second meanwhile, until the server has had enough."""
    over = threading.Event()

    def drip() -> None:
        with contextlib.suppress(OSError):
            while not over.wait(0.5):
                step()

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def is_held(address) -> bool:
    try:
        with socket.create_connection(address, timeout=0.7) as sock:
            sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return not sock.recv(10)
    except TimeoutError:
        return True


def let_go_within(address, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not is_held(address):
            return True
    return False


def test_bodies_that_drip_hold_no_thread(server, connect):
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % BODY
    slow = [connect(head + b"x" * (256 * 1024)) for _ in range(THREADS)]
    with contextlib.ExitStack() as stack:
        for sock in slow:
            stack.enter_context(dripping(lambda sock=sock: sock.sendall(b"x")))
        time.sleep(0.3)
        assert is_held(server[0])
        assert let_go_within(server[0], 15)
        assert slowest_answer(server[0]) < 1


@pytest.mark.parametrize("path", ["/known-head", "/file"], ids=["from memory", "from a file"])
def test_readers_that_drip_hold_no_thread(server, connect, path):
    slow = [connect(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()) for _ in range(THREADS)]
    with contextlib.ExitStack() as stack:
        for sock in slow:
            stack.enter_context(dripping(lambda sock=sock: sock.recv(2000)))
        assert is_held(server[0])
        assert let_go_within(server[0], 45)
        assert slowest_answer(server[0]) < 1
    assert "Traceback" not in server[1].read_text()


@pytest.mark.parametrize("path", ["/known-head", "/file"])
def test_a_reader_who_stalls_is_let_go(server, connect, path):
    slow = [connect(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()) for _ in range(THREADS)]
    assert is_held(server[0])
    assert let_go_within(server[0], 15)
    assert slow


def test_whoever_keeps_up_gets_all_of_a_file(server):
    for _ in range(2):
        assert raw(server[0], "GET", "/file")[1] == KNOWN
    assert raw(server[0], "HEAD", "/file")[1] == b""
