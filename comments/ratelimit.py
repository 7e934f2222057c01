"""Limits that all processes and machines count together: in Redis where there is one that answers, else in the
database."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from comments.models import RateCount

# (how many, in how many seconds) for one network; a network may be an office or a school.
COMMENTS = ((6, 60), (40, 3600))
# Previews and forms with mistakes cost work too.
TRIES = ((30, 60), (300, 3600))

# One more in each row, none, or one less: the statement, what stands in it for each row, and between two of them.
ROW = '("window" = %s AND key = %s)'  # not `IN (VALUES …)`, for which SQLite reads the whole table
STATEMENTS = {
    1: (
        'INSERT INTO comments_ratecount ("window", key, count) VALUES {} '
        'ON CONFLICT ("window", key) DO UPDATE SET count = comments_ratecount.count + 1 RETURNING key, count',
        "(%s, %s, 1)",
        ", ",
    ),
    0: ("SELECT key, count FROM comments_ratecount WHERE {}", ROW, " OR "),
    -1: ("UPDATE comments_ratecount SET count = count - 1 WHERE {} RETURNING key, count", ROW, " OR "),
}


class Window(NamedTuple):
    """What is counted in one row, which the tick drops once the window has ended."""

    key: str
    end: int  # seconds since 1970
    seconds: int


def wait(key: str, limits: tuple[tuple[int, int], ...], now: float | None = None) -> int:
    """Counts one more for `key`; the seconds to wait if that is too many, else 0.

    Windows are fixed, not sliding: at their border twice the limit may pass. It is simple and needs one row. When Redis
    goes or comes, counting begins anew, with the same effect.
    """
    return _wait(key, limits, now, 1)


def ahead(key: str, limits: tuple[tuple[int, int], ...], now: float | None = None) -> int:
    """The seconds to wait if one more for `key` would be too many, else 0. Counts nothing, waits for no writer."""
    return _wait(key, limits, now, 0)


def give_back(key: str, limits: tuple[tuple[int, int], ...], now: float | None = None) -> None:
    """One less for `key`: what was counted turned out not to be meant."""
    windows = _windows(key, limits, time.time() if now is None else now)
    if settings.REDIS_URL:
        from comments import rediscount

        with suppress(rediscount.Away):
            rediscount.count(windows, -1)
            return
    with _without_disk():
        _count(windows, -1)


def forget(key: str, limits: tuple[tuple[int, int], ...], now: float | None = None) -> None:
    """What was counted for `key` in the windows of the present."""
    windows = _windows(key, limits, time.time() if now is None else now)
    if settings.REDIS_URL:
        from comments import rediscount

        with suppress(rediscount.Away):
            rediscount.forget(windows)
    for window in windows:
        RateCount.objects.filter(window=window.end, key=window.key).delete()


def forget_like(beginning: str) -> None:
    """What was counted for all keys that begin so. Reads all counts: for a command, not for a page."""
    if settings.REDIS_URL:
        from comments import rediscount

        with suppress(rediscount.Away):
            rediscount.forget_like(beginning)
    RateCount.objects.filter(key__contains=f":{beginning}").delete()


def _wait(key: str, limits: tuple[tuple[int, int], ...], now: float | None, more: int) -> int:
    now = time.time() if now is None else now
    if settings.REDIS_URL:
        from comments import rediscount  # here: it takes ten megabytes that most sites can do without

        with suppress(rediscount.Away):
            return _until_fewer(rediscount.count, key, limits, now, more)
    with _without_disk() if more else nullcontext():
        return _until_fewer(_count, key, limits, now, more)


def _until_fewer(count: Callable[[list[Window], int], list[int]], key: str, limits, now: float, more: int) -> int:
    windows = _windows(key, limits, now)
    for place, number in enumerate(count(windows, more) if windows else []):
        if number + 1 - more > limits[place][0]:
            if more and (others := windows[place + 1 :]):  # who is sent away by the minute has not used up the hour
                count(others, -1)
            return max(1, math.ceil(windows[place].end - now))
    return 0


def _windows(key: str, limits, now: float) -> list[Window]:
    return [Window(f"{seconds}:{key}"[:80], int(now // seconds + 1) * seconds, seconds) for _, seconds in limits]


def _count(windows: list[Window], more: int) -> list[int]:
    statement, row, joint = STATEMENTS[more]
    with connection.cursor() as cursor:
        rows = joint.join([row] * len(windows))
        cursor.execute(statement.format(rows), [value for key, end, _ in windows for value in (end, key)])
        found = dict(cursor.fetchall())
    return [found.get(window.key, 0) for window in windows]


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
