"""How much may be sent at once: more is refused before a byte of it is read.

Django bounds what it keeps in memory, but writes files of any size to the disk; gunicorn has no bound at all.
"""

from collections.abc import Callable, Iterable

from django.conf import settings

from config import outage
from config.headers import before_django

Application = Callable[[dict, Callable], Iterable[bytes]]


class Bounds:
    """A WSGI application before all others but health."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and len(length) < 20 and int(length) <= settings.BODY_MOST:
            # One that does not say how long it is would be taken for none. No browser sends a form so.
            if "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
                return self.application(environ, start_response)
            start_response("411 Length Required", [*before_django(environ).items(), ("Content-Length", "0")])
            return []
        headers, body = _refusal("413.html", environ)
        start_response("413 Content Too Large", list(headers.items()))
        return [body]


def address_too_long() -> bytes:
    """The whole answer: gunicorn refuses such an address itself, before it asks an application."""
    headers, body = _refusal("414.html", {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in (headers | {"Connection": "close"}).items())
    return f"HTTP/1.1 414 URI Too Long\r\n{lines}\r\n".encode() + body


def _refusal(page: str, environ: dict) -> tuple[dict[str, str], bytes]:
    body = outage.page(page).encode()
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return headers | before_django(environ) | {"Content-Length": str(len(body))}, body
