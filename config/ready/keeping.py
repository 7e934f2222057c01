"""Makes pages files: one thread in each process that serves readers, so that no reader waits for a writer's lock."""

import hmac
import logging
import queue
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import Error, close_old_connections, transaction

from blog.models import Version
from blog.versions import ALL
from config.ready import files

logger = logging.getLogger(__name__)

AHEAD = 60 * 60  # seconds that a page must have before time changes it
LOOK_EVERY = 10  # seconds: whether the tick is late, and how soon a page that is no file is tried again
MOST_AT_ONCE = 20  # pages: the lock is held for all of them
MOST_WAITING = 500
MOST_TRIED = 10_000
# nginx says the type by the end of the address, and the same other headers of every page.
ENDS = {
    "text/html; charset=utf-8": "/",
    "application/atom+xml; charset=utf-8": ".atom",
    "application/rss+xml; charset=utf-8": ".rss",
}
SAID = {"content-type", "cache-control", "content-language", "content-security-policy", "cross-origin-opener-policy"}
SAID |= {
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "speculation-rules",
    "strict-transport-security",
}
SAID |= {"x-content-type-options", "x-frame-options", "vary", "etag", "content-length"}
SEGMENT = r"(?!\.\.?(?:/|$))[^/|\x00-\x1f\x7f]+"
PATH = re.compile(rf"/(?:{SEGMENT}/)*(?:{SEGMENT})?")


@dataclass
class Made:
    name: str  # its file's, below pages/
    page: object  # config.pagecache.page.Page
    number: int  # it is as the database was at this change, or newer
    plain: Path | None = None
    packed: Path | None = None


class Keeper(threading.Thread):
    def __init__(self, root: Path) -> None:
        super().__init__(name="ready pages", daemon=True)
        self.root = root
        self.waiting: queue.Queue[Made] = queue.Queue(MOST_WAITING)
        self.tried: dict[tuple, tuple[float, float]] = {}  # by key: when the page was made, when it was tried
        self.in_trouble = False

    def take(self, key, page, number: int) -> None:
        now = time.monotonic()
        made, tried = self.tried.get(key, (0, 0))
        if made == page.modified and now < tried + LOOK_EVERY:
            return
        if len(self.tried) >= MOST_TRIED:
            self.tried.clear()
        self.tried[key] = page.modified, now
        if name := name_of(key, page):
            with suppress(queue.Full):
                self.waiting.put_nowait(Made(name, page, number))

    def run(self) -> None:
        while True:
            self.work(self.next())

    def next(self, patience: float = LOOK_EVERY) -> list[Made]:
        made = []
        with suppress(queue.Empty):
            made.append(self.waiting.get(timeout=patience))
            while len(made) < MOST_AT_ONCE:
                made.append(self.waiting.get_nowait())
        return made

    def work(self, made: list[Made]) -> None:
        """Makes these files; none if the tick is late, and then takes away what there is."""
        try:
            if not files.is_open(self.root):
                files.empty(self.root)
            elif made:
                close_old_connections()
                self._keep(made)
            self.in_trouble = False
        except (OSError, Error) as error:  # then nginx asks this site for the pages
            if not self.in_trouble:
                logger.warning("Ready pages cannot be kept as files: %s", str(error).strip().partition("\n")[0])
            self.in_trouble = True

    def _keep(self, made: list[Made]) -> None:
        try:
            for each in made:
                each.plain = _written(self.root, ".plain", each.page.plain.body)
                each.packed = _written(self.root, ".gz", each.page.encoded.body)
            with transaction.atomic():
                newest = lock()
                shown = {key for each in made for key in each.page.keys}
                numbers = dict(Version.objects.filter(key__in=shown).values_list("key", "number"))
                for each in made:
                    is_new = all(numbers.get(key, 0) <= each.number for key in each.page.keys)
                    # Less than its number: another database, such as a backup, in its place.
                    if is_new and each.number <= newest and _lasts(each.page) and files.is_open(self.root):
                        files.put(self.root, each.name, _keys(each.page), each.plain, each.packed)
                transaction.set_rollback(True)
        finally:
            for path in [path for each in made for path in (each.plain, each.packed) if path]:
                with suppress(OSError):
                    path.unlink(missing_ok=True)


def lock() -> int:
    """Waits until no change is being committed, and holds them back until the transaction ends.

    The number of the newest change; -1 before the first. SQLite has locked already: its transactions are IMMEDIATE.
    """
    newest = Version.objects.select_for_update().filter(key=ALL).values_list("number", flat=True).first()
    return -1 if newest is None else newest


def name_of(key, page) -> str | None:
    """The name of the page's file; None if it may not be one."""
    scheme, host, path, query = key
    if page.tags or query or f"{scheme}://{host}" != settings.SITE_URL.lower() or ALL in page.keys or not _lasts(page):
        return None
    headers = {name.lower(): value for name, value in page.plain.headers}
    if not headers.keys() <= SAID or headers["cache-control"] != "no-cache":
        return None
    try:
        path = path.encode("latin-1").decode()
    except UnicodeError:
        return None
    if not PATH.fullmatch(path) or not path.endswith(ENDS.get(headers["content-type"], "none")):
        return None
    name = f"{path}index.html" if path.endswith("/") else path
    return name if len(name.encode()) <= files.LONGEST_NAME else None


def _lasts(page) -> bool:
    return page.until > time.time() + AHEAD


def until_key(moment: float) -> str:
    """What a page shows whose time comes then: the clock touches it as changes touch the others."""
    return f"until:{moment // 60:.0f}"


def _keys(page) -> set[str]:
    return set(page.keys) | ({until_key(page.until)} if page.until != float("inf") else set())


def _written(root: Path, form: str, body: bytes) -> Path:
    # nginx makes the ETag of the file's time and length: by a digest in its place, no two pages have the same.
    digest = hmac.digest(settings.SECRET_KEY.encode(), body, "sha256")
    return files.write(root, form, body, int.from_bytes(digest[:4], "big") >> 1)
