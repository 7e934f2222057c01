"""A reader beside the machine, in its network: `python -m tests.install.reader SITE CERTIFICATE look|keep-reading`."""

import http.client
import re
import select
import socket
import ssl
import sys
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode


class ToTheMachine(http.client.HTTPSConnection):
    """Who is called by its name and is found on the loopback."""

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", 443), 10)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


class Reader:
    def __init__(self, site: str, certificate: str) -> None:
        self.site, self.context, self.cookies = site, ssl.create_default_context(cafile=certificate), SimpleCookie()

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, http.client.HTTPMessage, str]:
        connection = ToTheMachine(self.site, context=self.context, timeout=15)
        headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{self.site}{path}"}
        try:
            connection.request("GET" if form is None else "POST", path, urlencode(form or {}), headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                self.cookies.load(cookie)
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()


def look(reader: Reader, password: str) -> None:
    """Raises AssertionError unless the site is whole, as far as a reader and its owner see."""
    status, headers, page = reader.ask("/")
    assert status == 200 and "</html>" in page, (status, page[:500])
    assert headers["Strict-Transport-Security"] and headers["Content-Security-Policy"], headers.items()
    for style in re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', page):
        status, headers, _text = reader.ask(style)
        assert status == 200 and "immutable" in headers["Cache-Control"], (style, status, headers.items())

    plain = http.client.HTTPConnection("127.0.0.1", 80, timeout=10)
    plain.request("GET", "/about/", headers={"Host": reader.site})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{reader.site}/about/"), answer.status
    plain.close()

    status, _headers, page = reader.ask("/admin/login/?next=/admin/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert status == 200 and token, (status, page[:500])
    form = {"csrfmiddlewaretoken": token[1], "username": "owner", "password": password, "next": "/admin/"}
    status, headers, page = reader.ask("/admin/login/", form)
    assert status == 302, (status, page[:2000])
    assert all(morsel["secure"] for morsel in reader.cookies.values())


def keep_reading(reader: Reader) -> None:
    """Until a line comes in: then says how many pages there were, and what was wrong with those that were wrong."""
    asked, wrong = 0, []
    while not select.select([sys.stdin], [], [], 0)[0]:
        try:
            status, _headers, _page = reader.ask(f"/?asked={asked}")  # no ready page has a query: the site is asked
            problem = "" if status == 200 else str(status)
        except (OSError, http.client.HTTPException) as error:
            problem = repr(error)
        asked += 1
        if problem:
            wrong.append(f"{time.strftime('%H:%M:%S')} {problem}")
        time.sleep(0.02)
    print(f"{asked} pages, {len(wrong)} of them wrong: {wrong[:5]}")
    sys.exit(1 if wrong or not asked else 0)


if __name__ == "__main__":
    _program, site, certificate, what, *rest = sys.argv
    reader = Reader(site, certificate)
    look(reader, *rest) if what == "look" else keep_reading(reader)
