"""One ready page: its headers and its body, in each encoding that browsers ask for."""

import gzip
import hashlib
import time
from collections.abc import Callable, Iterable
from functools import lru_cache

from django.http import HttpResponse
from django.utils.http import http_date, parse_http_date_safe

from config import cdn
from config.head import Head

GZIP_LEVEL = 6
SETTLED = 2  # seconds: a moment in whole seconds tells a page from another only if it has stood for so long
LEFT_OUT = {"content-length", "vary", "etag", "last-modified", "set-cookie"}
KEPT_IN_304 = {"cache-control", "content-location", "expires", "vary"}


class Page:
    """`keys` say what it shows (blog/versions.py); `until` is when time alone changes it, in seconds since 1970."""

    __slots__ = ("encoded", "keys", "modified", "plain", "size", "tags", "until", "used")

    def __init__(self, response: HttpResponse, keys: frozenset[str], until: float, made: float) -> None:
        headers = [(name, value) for name, value in response.items() if name.lower() not in LEFT_OUT]
        headers.append(("Vary", "Accept-Encoding"))
        body = response.content
        digest = hashlib.sha256(body).hexdigest()[:24]
        self.keys, self.until, self.modified, self.used = keys, until, made, made
        self.tags: list[tuple[str, str]] = []  # by which a CDN knows it, if one may hold it
        self.plain = Form(headers, body, f'"{digest}"', made)
        packed = [*headers, ("Content-Encoding", "gzip")]
        self.encoded = Form(packed, gzip.compress(body, GZIP_LEVEL, mtime=0), f'"{digest}-gzip"', made)
        self.size = len(self.plain.body) + len(self.encoded.body) + 4_000  # headers, keys, what Python adds

    def answer(self, environ: dict, start_response: Callable, is_certain: bool = True) -> Iterable[bytes]:
        """`is_certain`: it is known to be the newest, so that a CDN may hold it."""
        tags = self.tags if is_certain else []
        form = self.encoded if takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else self.plain
        is_settled = time.time() >= self.modified + SETTLED
        if self._has_it(environ, form, is_settled):
            start_response("304 Not Modified", self._held(form.unchanged, tags))
            return ()
        start_response("200 OK", self._held(form.settled if is_settled else form.headers, tags))
        return () if environ["REQUEST_METHOD"] == "HEAD" else (form.body,)

    def _held(self, headers: list[tuple[str, str]], tags: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return cdn.held(headers, tags, self.until) if tags else headers

    def _has_it(self, environ: dict, form: "Form", is_settled: bool) -> bool:
        if known := environ.get("HTTP_IF_NONE_MATCH"):
            # A proxy that compressed it says “weak”.
            return known == form.etag or form.etag in known.replace("W/", "").replace(" ", "").split(",")
        if is_settled and (since := environ.get("HTTP_IF_MODIFIED_SINCE")):
            moment = parse_http_date_safe(since)
            return moment is not None and moment >= int(self.modified)
        return False


class Form:
    """A page in one encoding."""

    __slots__ = ("body", "etag", "headers", "settled", "unchanged")

    def __init__(self, headers: list[tuple[str, str]], body: bytes, etag: str, made: float) -> None:
        self.body, self.etag = body, etag
        self.headers = Head([*headers, ("ETag", etag), ("Content-Length", str(len(body)))])
        self.settled = Head([*self.headers, ("Last-Modified", http_date(made))])
        self.unchanged = Head(header for header in self.headers if header[0].lower() in KEPT_IN_304 | {"etag"})


@lru_cache(maxsize=500)
def takes_gzip(accepted: str) -> bool:
    """Whether Accept-Encoding lets gzip through: named, and not with a weight of 0."""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
