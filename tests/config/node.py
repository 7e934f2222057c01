"""Nodes of a site: gunicorns of two workers with folders of their own, on the tests' database; and who visits them."""

import http.client
import os
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import lxml.html

from tests.config.command import ROOT, database_url, environment, free_port

SITE = "blog.example.org"
READER = {"name": "Reader", "email": "reader@example.org"}
TOO_QUICK = 2.1  # seconds: whoever sends a comment sooner is asked again


class Node:
    """`values` are settings; DATABASE_URL is the tests' own unless it is among them."""

    def __init__(self, folder: Path, **values: str) -> None:
        self.port, self.log = free_port(), folder / "log"
        self.values = {
            "DATABASE_URL": database_url(),
            "SECRET_KEY": os.environ["SECRET_KEY"],
            "SITE_URL": f"http://{SITE}",
            "PORT": str(self.port),
        } | values
        self.folder = folder

    def start(self) -> None:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"],
                cwd=ROOT,
                env=environment(self.folder, **self.values),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def wait_until_up(self) -> None:
        for _ in range(300):
            try:
                Visitor(self).get("/healthz")  # it needs no https
                return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(15)


class Visitor:
    """A browser without scripts, as far as these tests need one."""

    def __init__(self, node: Node) -> None:
        self.node, self.cookies = node, SimpleCookie()
        self.path, self.status, self.headers, self.text = "", 0, {}, ""

    def get(self, path: str) -> str:
        return self._ask("GET", path)

    def send(self, has: str, to: str = "", **changes: str) -> str:
        """Sends the first form of the page at hand that has this field, there or to another address (formaction).

        Follows where that leads.
        """
        form = next(form for form in lxml.html.fromstring(self.text).forms if has in form.fields)
        fields = [(name, value) for name, value in form.form_values() if name not in changes]
        return self._ask("POST", to or form.action or self.path, urlencode(fields + list(changes.items())))

    def sign_in(self, username: str) -> None:
        self.get("/sign-in/")
        self.send("username", username=username, password="correct horse")
        assert "sessionid" in self.cookies, self.text

    def comment_under(self, path: str, text: str) -> None:
        """By the page's form and the preview that follows; ends on the comment's own page."""
        self.get(path)
        self.send("text", text=text, **READER)
        time.sleep(TOO_QUICK)
        self.send("text")
        assert self.path.startswith("/comment/status/"), self.text

    def _ask(self, method: str, path: str, body: str = "") -> str:
        # Each by a connection of its own, so that all workers of the node have their turn.
        connection = http.client.HTTPConnection("127.0.0.1", self.node.port, timeout=60)
        headers = {"Host": SITE, "Cookie": "; ".join(f"{name}={kept.value}" for name, kept in self.cookies.items())}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{SITE}"}
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            self.path, self.status, self.headers = path, response.status, response.headers
            self.text = response.read().decode()
        finally:
            connection.close()
        for cookie in self.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        if self.status in (301, 302, 303):
            parts = urlsplit(self.headers["Location"])
            return self._ask("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
        return self.text
