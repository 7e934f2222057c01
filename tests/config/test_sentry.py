"""Errors go to Sentry where it is asked for: a real one's place, and nothing of who asked."""

import gzip
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest

from config import env
from tests.config.command import ROOT, environment, manage, only_line

TYPED = ["zebedee@reader.example", "203.0.113.77", "Zebedee", "Quokkas", "wallaby", "kookaburra"]


@pytest.fixture
def sentry():
    """A server that takes envelopes, as Sentry does; with what it was sent."""

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}
            server.sent.append((self.path, unpack[self.headers.get("Content-Encoding")](body)))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Taker)
    server.sent = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def probe(folder, *options: str, **values: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *options, "-m", "tests.config.sentry_probe"],
        cwd=ROOT,
        env=environment(folder, **values),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_it_tells_where_and_not_who(sentry, demo_site):
    done = probe(demo_site, SENTRY_DSN=f"http://key@127.0.0.1:{sentry.server_port}/7", TYPED=",".join(TYPED))
    assert "500" in done.stdout, done.stderr
    assert {path for path, _body in sentry.sent} == {"/api/7/envelope/"}
    text = b"".join(body for _path, body in sentry.sent).decode()
    for word in TYPED:
        assert word.lower() not in text.lower(), word
    events = [
        json.loads(line) for _path, body in sentry.sent for line in body.decode().splitlines() if '"platform"' in line
    ]
    (raised,) = events[0]["exception"]["values"]
    assert raised["type"] == "IntegrityError" and raised["value"] == "of …@… at …\nDETAIL: …"
    frames = raised["stacktrace"]["frames"]
    assert frames[-1]["function"] == "fail" and "raise IntegrityError" in frames[-1]["context_line"]
    assert not any("vars" in frame for frame in frames)
    assert events[0]["tags"]["request_id"]
    assert "request" not in events[0] and "user" not in events[0] and "breadcrumbs" not in events[0]
    assert {"message": "The mail to …@… from … failed"} in [event.get("logentry") for event in events]


def test_without_an_address_nothing_is_loaded(demo_site):
    done = manage(demo_site, "shell", "--no-imports", "-c", "import sys; print('sentry_sdk' in sys.modules)")
    assert done.stdout.strip() == "False", done.stderr


def test_without_the_package_it_says_what_to_install(tmp_path):
    (tmp_path / "sentry_sdk.py").write_text("raise ImportError")
    done = manage(tmp_path, "check", SENTRY_DSN="https://key@sentry.example/7", PYTHONPATH=str(tmp_path))
    assert only_line(done) == (
        "marginalia: SENTRY_DSN is set, and sentry-sdk is not installed: "
        "python3 -I config/install.py requirements-sentry.txt"
    )


@pytest.mark.parametrize("value", ["key", "https://sentry.example/7", "https://key@sentry.example/", "ftp://key@x/7"])
def test_a_wrong_address_is_refused_and_not_repeated(monkeypatch, value):
    monkeypatch.setenv("SENTRY_DSN", value)
    with pytest.raises(SystemExit, match="^marginalia: SENTRY_DSN: use the address"):
        env.sentry_dsn("SENTRY_DSN")
