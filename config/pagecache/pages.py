"""The ready pages of one process, none of which is older than the newest change that this process knows of."""

import threading
import time
from collections import defaultdict

from django.conf import settings

from blog import versions
from config.metrics import counters
from config.pagecache.page import Page
from config.pagecache.watch import watch

Key = tuple[str, str, str, str]  # scheme, host, path, query

MOST_BYTES = 64 * 1024 * 1024
# Pages with a query, and those for other names of this host, are as many as anybody likes to ask for: they have a room
# of their own, and do not push the others out.
MOST_BYTES_ASIDE = MOST_BYTES // 4
MOST_NEWS = 5_000  # changes at once; of more, everything is dropped


class Pages:
    def __init__(self) -> None:
        self.watch = watch()
        self.lock = threading.Lock()
        self.pages: dict[Key, Page] = {}
        self.showing: defaultdict[str, set[Key]] = defaultdict(set)  # by what they show
        self.bytes = {False: 0, True: 0}  # by is_aside()
        self.seen = 0  # the number of the newest change that is taken account of

    def now(self) -> int | None:
        """The number of the newest change; every page here is up to date with it. None without a database."""
        number = self.watch.number()
        if number is not None and number != self.seen:
            with self.lock:
                if self._catch_up(self.seen) is None:
                    return None
                counters.pages.set(len(self.pages))
        return number

    def get(self, key: Key) -> Page | None:
        """Call now() first, within the same request."""
        page = self.pages.get(key)
        moment = time.time()
        if page is None or page.until <= moment:
            return None
        page.used = moment
        return page

    def keep(self, key: Key, page: Page, number: int) -> bool:
        """Keeps a page that was made from what the database held when its number was that, or later.

        Not one that shows what has been touched since: it may be older than that change.
        """
        with self.lock:
            changed = self._catch_up(min(self.seen, number))
            if changed is None or any(changed.get(shown, 0) > number for shown in page.keys):
                return False
            self._drop(key)
            self.pages[key] = page
            for shown in page.keys:
                self.showing[shown].add(key)
            self.bytes[is_aside(key)] += page.size
            self._make_room(is_aside(key))
            counters.pages.set(len(self.pages))
            return True

    def _catch_up(self, since: int) -> dict[str, int] | None:
        """Drops what changes have touched that were not taken account of; all that was touched since then, with the
        numbers. None without a database. The caller has the lock."""
        changed = self.watch.news(since)
        if changed is None:
            return None
        newest = changed.get(versions.ALL, 0)
        if newest < self.seen or len(changed) > MOST_NEWS:  # less: another database, such as a backup, in its place
            touched = list(self.showing)
        else:
            touched = [key for key, number in changed.items() if number > self.seen]
        for shown in touched:
            for key in list(self.showing.get(shown, ())):
                self._drop(key)
        self.seen = newest
        return changed

    def _drop(self, key: Key) -> None:
        page = self.pages.pop(key, None)
        if page is None:
            return
        self.bytes[is_aside(key)] -= page.size
        for shown in page.keys:
            self.showing[shown].discard(key)
            if not self.showing[shown]:
                del self.showing[shown]

    def _make_room(self, aside: bool) -> None:
        """Drops a quarter, those first that nobody has asked for longest."""
        most = MOST_BYTES_ASIDE if aside else MOST_BYTES
        if self.bytes[aside] <= most:
            return
        oldest_first = sorted(self.pages, key=lambda key: self.pages[key].used)
        for key in (key for key in oldest_first if is_aside(key) == aside):
            if self.bytes[aside] <= most * 3 // 4:
                return
            self._drop(key)


def is_aside(key: Key) -> bool:
    scheme, host, _path, query = key
    return bool(query) or f"{scheme}://{host}" != settings.SITE_URL.lower()
