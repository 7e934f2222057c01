import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import Error
from django.http import HttpResponse
from django.urls import Resolver404, resolve

from blog.models import Post
from config import cdn, ready
from config.headers import scheme_of
from config.metrics import counters
from config.pagecache.page import Page
from config.pagecache.pages import Key, Pages

LONGEST_ADDRESS = 2_000
FOR_EVER = float("inf")
MOBILE = "m"  # Blogger's parameter: Django answers it with a redirect (blog/legacy.py)

Application = Callable[[dict, Callable], Iterable[bytes]]


class PageCache:
    """A WSGI application before `django`."""

    def __init__(self, django: Application) -> None:
        self.django, self.pages = django, Pages()
        self.session_cookie = f"{settings.SESSION_COOKIE_NAME}="
        self.lock = threading.Lock()
        self.being_made: dict[Key, threading.Event] = {}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        key = self._key(environ)
        number = key and self.pages.now()
        if number is None:
            # Without a database nobody can ask what is newest: what was when it was last asked is shown.
            page = key and self.pages.get(key)
            (counters.hit if page else counters.passed).inc()
            return page.answer(environ, start_response, False) if page else self.django(environ, start_response)
        page = self.pages.get(key)
        if page is None:
            if shared_parameters(key[2]) is None:
                counters.passed.inc()
                return self.django(environ, start_response)
            page = self._made_by_other(key)
            if page is None:
                return self._make(key, environ, start_response)
        counters.hit.inc()
        ready.keep(key, page, number)
        return page.answer(environ, start_response)

    def _key(self, environ: dict) -> Key | None:
        """What the page may differ by; None for what is not answered from here."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or self.session_cookie in environ.get("HTTP_COOKIE", ""):
            return None
        path, query, host = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""), environ.get("HTTP_HOST", "")
        if len(path) + len(query) + len(host) > LONGEST_ADDRESS or environ.get("SCRIPT_NAME"):
            return None
        scheme = scheme_of(environ)
        if settings.SECURE_SSL_REDIRECT and scheme != "https":
            return None
        if query:
            query = canonical(path, query)
            if query is None:
                return None
        return scheme, host.lower(), path, query

    def _made_by_other(self, key: Key) -> Page | None:
        """Waits for the thread that makes this page already. None: now it is for this thread to make it."""
        while True:
            with self.lock:
                made = self.being_made.get(key)
                if made is None:
                    self.being_made[key] = threading.Event()
                    return None
            made.wait()
            # It may have been made from what was there before this request came, or not be for everybody.
            if self.pages.now() is not None and (page := self.pages.get(key)):
                return page

    def _make(self, key: Key, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """Has Django make the page, by GET and without what the page does not differ by, and keeps it if it may."""
        try:
            number, made = self.pages.now(), time.time()
            try:
                due = Post.objects.next_change()
            except Error:
                number = None
            if number is None:  # Django will say why there is no database
                counters.passed.inc()
                return self.django(environ, start_response)
            asked = environ | {"REQUEST_METHOD": "GET", "QUERY_STRING": key[3]}
            said: list = []
            response = self.django(asked, lambda *args: said.append(args))
            shown = getattr(response, "shown", None)
            (counters.passed if shown is None else counters.made).inc()
            if shown is None:
                start_response(*said[0])
                return response if environ["REQUEST_METHOD"] == "GET" else _headers_only(response)
            shown.no_longer_than(due)
            page = _page(response, shown, made)
            if self.pages.keep(key, page, number):
                page.tags = cdn.tags(page.keys)  # no other: a CDN might get it after it was told of the change
                ready.keep(key, page, number)
            return page.answer(environ, start_response)
        finally:
            with self.lock:
                self.being_made.pop(key).set()


def _page(response: HttpResponse, shown, made: float) -> Page:
    until = shown.until.timestamp() if shown.until else FOR_EVER
    page = Page(response, frozenset(shown.keys), until, made)
    response.close()  # for Django the request ends here
    return page


def _headers_only(response: HttpResponse) -> Iterable[bytes]:
    response.close()
    return ()


@lru_cache(maxsize=5_000)
def shared_parameters(path: str) -> frozenset[str] | None:
    """The parameters of the query that the view at this path reads; None if its answers are not for everybody."""
    try:
        path = path.encode("latin-1").decode()
        return getattr(resolve(path).func, "parameters", None)
    except (Resolver404, UnicodeError):
        return None


def canonical(path: str, query: str) -> str | None:
    """Of a query what the view reads, in one order; None where it has to be left to Django."""
    parameters = shared_parameters(path)
    if parameters is None:
        return None
    try:
        pairs = dict(parse_qsl(query.encode("latin-1").decode(), max_num_fields=50))
    except ValueError:
        return None
    if MOBILE in pairs:
        return None
    return urlencode(sorted((name, value) for name, value in pairs.items() if name in parameters))
