"""/healthz says that a process answers; /readyz also that it has what it needs, and what else is amiss.

They stand in front of all others, so that neither the page cache nor a middleware, the database nor ALLOWED_HOSTS can
keep a process from saying that it is alive.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from config import heartbeat
from config.database import waiting_migrations
from config.headers import before_django

KEPT_FOR = 1  # second: however many ask, they cost no more
ROOM = 20 * 1024 * 1024
HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}
# Without these a request fails. Without the others the site goes on: taking every machine out of service because one
# Redis or one worker is down would make an outage of it.
NEEDED = ("database", "migrations", "storage")
OK, AWAY, LATE = "ok", "away", "late"

Application = Callable[[dict, Callable], Iterable[bytes]]


class Health:
    """A WSGI application before all others."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.is_up_to_date = False  # once it is, this process's code asks for no more migrations
        self.looked = float("-inf")
        self.seen: dict[str, str] = {}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path not in ("/healthz", "/readyz"):
            return self.application(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _answer(environ, start_response, HTTPStatus.METHOD_NOT_ALLOWED, {}, {"Allow": "GET, HEAD"})
        if path == "/healthz":
            return _answer(environ, start_response, HTTPStatus.OK, {"alive": True}, {})
        seen = self._seen()
        is_ready = all(seen[name] == OK for name in NEEDED)
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        return _answer(environ, start_response, status, {"ready": is_ready} | seen, {})

    def _seen(self) -> dict[str, str]:
        """What was seen a moment ago, or is seen now."""
        if time.monotonic() >= self.looked + KEPT_FOR:
            close_old_connections()  # Django does so for its own requests alone
            try:
                self.seen = self._look()
            finally:
                close_old_connections()
            self.looked = time.monotonic()
        return self.seen

    def _look(self) -> dict[str, str]:
        seen = {"database": AWAY, "migrations": AWAY, "storage": storage(), "cache": cache(), "worker": AWAY}
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            seen["database"] = OK
            self.is_up_to_date = self.is_up_to_date or not waiting_migrations()
            seen["migrations"] = OK if self.is_up_to_date else LATE
            seen["worker"] = LATE if heartbeat.is_late(timezone.now()) else OK
        except (DatabaseError, CommandError):
            pass  # what was not seen is away
        return seen


def storage() -> str:
    """Whether an upload could be stored; writes nothing."""
    root = settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.DATA_DIR
    try:
        return OK if os.access(root, os.W_OK | os.X_OK) and shutil.disk_usage(root).free > ROOM else AWAY
    except OSError:
        return AWAY


def cache() -> str:
    if not settings.REDIS_URL:
        return "off"
    from comments import rediscount  # here: it takes ten megabytes that most sites can do without

    return OK if rediscount.answers() else AWAY


def _answer(
    environ: dict, start_response: Callable, status: HTTPStatus, said: dict, more: dict[str, str]
) -> list[bytes]:
    body = json.dumps(said).encode()
    headers = before_django(environ) | HEADERS | more | {"Content-Length": str(len(body))}
    start_response(f"{status.value} {status.phrase}", list(headers.items()))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
