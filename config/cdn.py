"""A CDN in front: which pages it may hold and for how long (CDN_MAX_AGE), and telling it what is out of date
(CDN_PURGE_URL).

What it is to be told is written down already: versions (blog/versions.py) are part of the transaction that makes a
change, under numbers that grow, and one row remembers up to which of them it has been told. So nothing is lost, what
changes meanwhile goes into one request, and no change costs more for it. A worker that is killed between telling and
remembering leaves it to be told twice.
"""

import http.client
import json
import logging
import threading
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from blog.models import Version
from blog.versions import ALL, SITE
from config.models import CdnPurge

logger = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
LONGEST_TAG = 1_000  # characters; servers in between take 4,000 of all headers
LOOK_EVERY = 1  # seconds
LONGEST_WAIT = 60  # seconds between two tries, while the CDN does not answer
PATIENCE = 10  # seconds for each step of a request
LEASE = timedelta(minutes=1)  # longer than a request takes: then its worker is gone
MOST_KEYS = 500  # of more, the whole site is out of date


def tags(keys: Collection[str]) -> Headers:
    """The headers by which a CDN knows a page that shows this; none where it may not hold the page."""
    named = sorted(keys)
    if not settings.CDN_MAX_AGE or ALL in keys or len(" ".join(named)) > LONGEST_TAG:
        return []
    return [("Surrogate-Key", " ".join(named)), ("Cache-Tag", ",".join(named))]


def held(headers: Headers, tags: Headers, until: float) -> Headers:
    """The headers of a page that a CDN may hold, but never past the moment at which time alone changes it."""
    seconds = int(min(settings.CDN_MAX_AGE, until - time.time()))
    if seconds < 1:
        return headers
    others = [header for header in headers if header[0] != "Cache-Control"]
    return [*others, ("Cache-Control", f"max-age=0, must-revalidate, s-maxage={seconds}"), *tags]


class NotTold(Exception):
    """In words that hold neither the hook's address nor its token."""


def keep_telling(stopping: threading.Event) -> None:
    """Tells the CDN of each change soon after it; while that fails, ever more seldom."""
    failures = 0
    while not stopping.wait(min(LOOK_EVERY * 2**failures, LONGEST_WAIT)):
        try:
            close_old_connections()
            tell(timezone.now())
            if failures:
                logger.warning("The CDN is told of changes again.")
            failures = 0
        except (NotTold, Error) as error:
            if not failures:
                reason = str(error).strip().partition("\n")[0]
                logger.warning("The CDN could not be told of changes; it is tried again: %s", reason)
            failures += 1
    connection.close()


def tell(now: datetime) -> None:
    """Tells the CDN what is out of date since it was last told, if anything. Raises NotTold."""
    told, _is_new = CdnPurge.objects.get_or_create(pk=1)
    newest = Version.objects.filter(key=ALL).values_list("number", flat=True).first() or 0
    is_free = Q(taken_at=None) | Q(taken_at__lte=now - LEASE)
    if newest == told.number or not CdnPurge.objects.filter(is_free, number=told.number).update(taken_at=now):
        return
    mine = CdnPurge.objects.filter(taken_at=now)
    try:
        _post(_changed(told.number, newest))
    except NotTold:
        mine.update(taken_at=None)
        raise
    mine.update(number=newest, taken_at=None)


def _changed(since: int, newest: int) -> list[str]:
    if newest < since:  # another database, such as a backup, in its place
        return [SITE]
    keys = Version.objects.filter(number__gt=since).exclude(key=ALL).values_list("key", flat=True)[: MOST_KEYS + 1]
    return [SITE] if SITE in keys or len(keys) > MOST_KEYS else sorted(keys)


def _post(keys: list[str]) -> None:
    hook = urlsplit(settings.CDN_PURGE_URL)
    scheme = http.client.HTTPSConnection if hook.scheme == "https" else http.client.HTTPConnection
    headers = {"Content-Type": "application/json"}
    if settings.CDN_PURGE_TOKEN:
        headers["Authorization"] = f"Bearer {settings.CDN_PURGE_TOKEN}"
    try:
        to = scheme(hook.hostname, hook.port, timeout=PATIENCE)
        try:
            to.request("POST", hook._replace(scheme="", netloc="").geturl() or "/", json.dumps({"keys": keys}), headers)
            status = to.getresponse().status
        finally:
            to.close()
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise NotTold(getattr(error, "strerror", None) or type(error).__name__) from None
    if not 200 <= status < 300:  # it does not lead elsewhere either: the token is for this address
        raise NotTold(f"it answers {status}")
