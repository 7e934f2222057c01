"""What readers asked for in vain is counted, so that an editor can lead them on (blog/admin/missing.py).

Only the path is kept, never who asked, and no path that may hold a key or somebody's address. A scanner that asks for
thousands of them neither fills the table nor slows the site: both are bounded.
"""

import logging
import unicodedata

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils import timezone

from blog.models import MissingPath
from blog.pace import Pace

logger = logging.getLogger(__name__)

KEPT = 1000
LONGEST = 300
pace = Pace(5)  # writes a second

ASIDE = ("/admin/", "/media/", "/static/")
# What follows one of these in a path may be a key that opens something private.
BEFORE_KEYS = {"preview", "comment", "moderate", "unsubscribe", "password", "invitation"}

COUNT = """
    INSERT INTO blog_missingpath (path, count, first_at, last_at, ignored) VALUES (%s, 1, %s, %s, %s)
    ON CONFLICT (path) DO UPDATE SET count = blog_missingpath.count + 1, last_at = excluded.last_at
    RETURNING count
"""
# What somebody decided to leave goes last: asked for again, it would be shown again.
MAKE_ROOM = """
    DELETE FROM blog_missingpath WHERE id = (
        SELECT id FROM blog_missingpath WHERE path <> %s ORDER BY ignored, count, last_at, id LIMIT 1
    ) AND (SELECT count(*) FROM blog_missingpath) > %s
"""


def count(request: HttpRequest) -> None:
    """Counts a 404 that a reader was answered with. Whatever happens here, the answer stays."""
    if not _is_readers(request) or not is_fit(request.path) or not pace.allows():
        return
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    try:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [request.path, now, now, False])
            if cursor.fetchone()[0] == 1:
                cursor.execute(MAKE_ROOM, [request.path, KEPT])
    except DatabaseError as error:
        logger.warning("A missing address was not counted: %s", str(error).strip().partition("\n")[0])


def found(path: str) -> None:
    """It leads somewhere from now on, or is said to be gone."""
    MissingPath.objects.filter(path=path).delete()


def _is_readers(request: HttpRequest) -> bool:
    # With a session, somebody looks around from the desk. Without the last slash, the reader is sent on to the path
    # with it, and asks again.
    if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    return request.path.endswith("/") or not is_valid_path(f"{request.path}/")


def is_fit(path: str) -> bool:
    """Whether a path may be a reader's, and holds nothing private."""
    if len(path) > LONGEST or "@" in path or path.startswith(ASIDE):
        return False
    is_plain = not any(unicodedata.category(char) in ("Cc", "Cs") for char in path)
    return is_plain and BEFORE_KEYS.isdisjoint(path.casefold().split("/"))
