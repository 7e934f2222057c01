"""Closes the site to readers for a while: `manage.py maintenance on` leaves a file in DATA_DIR, `off` takes it away.

Nothing but the file is asked, so that it works while there is no database. What is open is what the owner needs.
"""

import time
from collections.abc import Callable, Iterable

from django.conf import settings

from config import outage
from config.headers import before_django

FILE = settings.DATA_DIR / "maintenance"  # holds what readers are told; empty: our own words
LOOK_EVERY = 1  # second
OPEN = ("/admin/", "/static/", "/media/", "/colours-")
MOST_WORDS = 1_000
Application = Callable[[dict, Callable], Iterable[bytes]]


def begin(words: str) -> None:
    """Closes the site; raises OSError if the file cannot be written."""
    draft = FILE.with_suffix(".draft")
    draft.write_text(words, encoding="utf-8")
    draft.chmod(0o644)  # nginx looks whether it is there
    draft.replace(FILE)


def end() -> bool:
    """Opens the site; False if it was not closed."""
    is_closed = FILE.exists()
    FILE.unlink(missing_ok=True)
    return is_closed


class Maintenance:
    """A WSGI application before all others."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.looked = float("-inf")
        self.words: str | None = None  # None: the site is open

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if not self._is_closed() or environ.get("PATH_INFO", "").startswith(OPEN):
            return self.application(environ, start_response)
        response = outage.unavailable(self.words)
        headers = [*response.items(), *before_django(environ).items(), ("Content-Length", str(len(response.content)))]
        start_response("503 Service Unavailable", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [response.content]

    def _is_closed(self) -> bool:
        now = time.monotonic()
        if now >= self.looked + LOOK_EVERY:
            self.words, self.looked = _words(), now
        return self.words is not None


def _words() -> str | None:
    try:
        return FILE.read_text(encoding="utf-8", errors="replace")[:MOST_WORDS].strip()
    except FileNotFoundError:
        return None
    except OSError:  # it is there, and that is what counts
        return ""
