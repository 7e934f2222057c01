"""With LOG_FORMAT=json all that gunicorn's processes say is JSON, and each says it once."""

import json
import os
import signal
import socket

import pytest

from tests.config.test_metrics_processes import Gunicorn
from tests.config.test_serve import wait_for


@pytest.fixture
def gunicorn(demo_site):
    server = Gunicorn(demo_site, LOG_FORMAT="json")
    yield server
    server.stop()


def send(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        sock.sendall(data)
        return sock.recv(1_000)


def test_every_line_is_an_object(gunicorn):
    for _time in range(5):
        gunicorn.get("/")  # from the memory of one of two processes, once it has made the page: no line
    assert b" 400 " in send(gunicorn.port, b"GET / nonsense\r\nX: zebedee@reader.example\r\n\r\n")
    gunicorn.process.send_signal(signal.SIGHUP)
    before = gunicorn.workers()
    wait_for(lambda: len(gunicorn.workers()) == 2 and not set(before) & set(gunicorn.workers()), 60)
    os.kill(gunicorn.workers()[0], signal.SIGKILL)
    wait_for(lambda: "SIGKILL" in gunicorn.log.read_text(), 30)
    lines = [json.loads(line) for line in gunicorn.log.read_text().splitlines()]
    requests = [line for line in lines if line["logger"] == "marginalia.requests"]
    assert 1 <= len(requests) <= 2
    assert {(line["method"], line["route"], line["status"]) for line in requests} == {("GET", "home", 200)}
    assert requests[0]["request_id"]
    assert sum("Invalid request" in line["message"] for line in lines) == 1
    assert sum("SIGKILL" in line["message"] for line in lines) == 1
    assert not any("zebedee" in line["message"] for line in lines)
