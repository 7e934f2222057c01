"""Asks the page cache as gunicorn would, in this process."""

import io
import sys
from dataclasses import dataclass

from django.core.handlers.wsgi import WSGIHandler

from config.pagecache import PageCache


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Reader:
    def __init__(self) -> None:
        self.made: list[str] = []  # the paths that Django was asked for
        self.django = WSGIHandler()
        self.cache = PageCache(self._django)

    def _django(self, environ, start_response):
        self.made.append(environ["PATH_INFO"])
        return self.django(environ, start_response)

    def get(self, address: str, method: str = "GET", host: str = "testserver", **environ: str) -> Answer:
        """`environ` has what WSGI calls things, such as HTTP_COOKIE."""
        return ask(self.cache, address, method, host, environ)

    def fresh(self, address: str) -> Answer:
        """What Django says now."""
        return ask(self.django, address, "GET", "testserver", {})

    def is_ready(self, address: str) -> bool:
        """Whether it is answered without Django."""
        before = len(self.made)
        assert self.get(address).status == 200
        return len(self.made) == before

    def close(self) -> None:
        self.cache.pages.watch.close()


def ask(application, address: str, method: str, host: str, environ: dict) -> Answer:
    path, _mark, query = address.partition("?")
    asked = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        **environ,
    }
    said: list = []
    response = application(asked, lambda status, headers, *_error: said.append((status, headers)))
    body = b"".join(response)
    if hasattr(response, "close"):
        response.close()
    status, headers = said[-1]
    return Answer(int(status.split()[0]), {name.lower(): value for name, value in headers}, body)
