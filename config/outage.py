"""Pages for when the site can make none: whole files that need no database, no template and no settings of the site.

nginx shows the same files when the site itself does not answer (deploy/nginx.conf).
"""

import errno
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.utils.html import escape

from blog.media import UploadsAway

AGAIN = 120  # seconds after which a machine may ask again
FULL = (
    "There is no room left on this site’s server, so nothing was stored. What is here can be read. "
    "Keep your words and try again later."
)
READ_ONLY = (
    "This site can be read, but takes nothing in just now, so nothing was stored. Keep your words and try again later."
)
# Begin of codes: the connection, resources, an operator, the system; and others' transactions, which pass.
AWAY = ("08", "53", "57", "58", "40001", "40P01", "55P03", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR")
AWAY += ("SQLITE_CANTOPEN", "SQLITE_PROTOCOL")
WORDS = re.compile(r'<p id="words">.*?</p>', re.DOTALL)


@cache
def page(name: str) -> str:
    """Such as 503.html, of the theme or of static/. Read once: a process that is in trouble may open no file."""
    return Path(finders.find(name)).read_text(encoding="utf-8")


def broken() -> HttpResponse:
    return HttpResponse(page("500.html"), status=500)


def unavailable(words: str = "", kept: str = "") -> HttpResponse:
    """503, with other words in place of ours if there are any, and what somebody had sent (config/resend.py)."""
    said = f'<p dir="auto">{escape(words)}</p>' if words else WORDS.search(page("503.html"))[0]
    text = WORDS.sub(lambda _ours: said + kept, page("503.html"))
    return HttpResponse(text, status=503, headers={"Retry-After": str(AGAIN), "Cache-Control": "no-store"})


def why(error: BaseException | None) -> str | None:
    """What a reader is told if nothing is wrong with the site but what it stands on; None if something is.

    Empty: the page's own words are right.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        return READ_ONLY if error.errno == errno.EROFS else FULL
    if isinstance(error, UploadsAway):
        return ""
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    if isinstance(error.__cause__, OSError):  # a ready page that cannot be removed: config/db/commit.py
        return READ_ONLY
    code = _code(error)
    if code.startswith(("SQLITE_FULL", "53100")):
        return FULL
    if code.startswith(("SQLITE_READONLY", "25006")):
        return READ_ONLY
    return "" if code.startswith(AWAY) or is_database_away(error) else None


def _code(error: BaseException) -> str:
    """PostgreSQL's or SQLite's own; empty if the error came from neither."""
    cause = error.__cause__ or error
    return getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or ""


def is_database_away(error: BaseException | None) -> bool:
    """Whether the database cannot be asked at present; False where it was asked for nonsense."""
    if not isinstance(error, InterfaceError | OperationalError):
        return False
    return connection.connection is None or "locked" in str(error) or not connection.is_usable()
