"""Limits that all processes and machines count together: in Redis where there is one that answers, else in the
database."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress

from django.conf import settings
from django.db import connection, transaction

# (how many, in how many seconds) for one network; a network may be an office or a school.
COMMENTS = ((6, 60), (40, 3600))
# Previews and forms with mistakes cost work too.
TRIES = ((30, 60), (300, 3600))

COUNT = """
    INSERT INTO comments_ratecount (key, "window", count) VALUES (%s, %s, 1)
    ON CONFLICT (key, "window") DO UPDATE SET count = comments_ratecount.count + 1 RETURNING count
"""
COUNTED = 'SELECT count FROM comments_ratecount WHERE key = %s AND "window" = %s'


def wait(key: str, limits: tuple[tuple[int, int], ...], now: float | None = None) -> int:
    """Counts one more for `key`; the seconds to wait if that is too many, else 0.

    Windows are fixed, not sliding: at their border twice the limit may pass. It is simple and needs one row. When Redis
    goes or comes, counting begins anew, with the same effect.
    """
    return _wait(key, limits, now, 1)


def ahead(key: str, limits: tuple[tuple[int, int], ...], now: float | None = None) -> int:
    """The seconds to wait if one more for `key` would be too many, else 0. Counts nothing, waits for no writer."""
    return _wait(key, limits, now, 0)


def _wait(key: str, limits: tuple[tuple[int, int], ...], now: float | None, more: int) -> int:
    now = time.time() if now is None else now
    if settings.REDIS_URL:
        from comments import rediscount  # here: it takes ten megabytes that most sites can do without

        with suppress(rediscount.Away):
            return _until_fewer(rediscount.count, key, limits, now, more)
    with _without_disk() if more else nullcontext():
        return _until_fewer(_count, key, limits, now, more)


def _until_fewer(count: Callable[[str, int, int, int], int], key: str, limits, now: float, more: int) -> int:
    for most, seconds in limits:
        end = (int(now // seconds) + 1) * seconds
        if count(f"{seconds}:{key}"[:80], end, seconds, more) + 1 - more > most:
            return max(1, math.ceil(end - now))
    return 0


def _count(key: str, end: int, seconds: int, more: int) -> int:
    """In the row of this key and window, which the tick drops once it has ended."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT if more else COUNTED, [key, end])
        (number,) = cursor.fetchone() or (0,)
        return number


@contextmanager
def _without_disk() -> Iterator[None]:
    """On SQLite, one transaction that does not wait until the disk has it: nobody misses a count after a power cut."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = NORMAL")
        try:
            with transaction.atomic():
                yield
        finally:
            cursor.execute("PRAGMA synchronous = FULL")
