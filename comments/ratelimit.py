"""Limits counted in the database, so that all processes and machines count together."""

import math
import time

from django.db import connection

# (how many, in how many seconds) for one network; a network may be an office or a school.
COMMENTS = ((6, 60), (40, 3600))
# Previews and forms with mistakes cost work too.
TRIES = ((30, 60), (300, 3600))


def wait(key: str, limits: tuple[tuple[int, int], ...], now: float | None = None) -> int:
    """Counts one more for `key`; the seconds to wait if that is too many, else 0.

    Windows are fixed, not sliding: at their border twice the limit may pass. It is simple and needs one row.
    """
    now = time.time() if now is None else now
    for most, seconds in limits:
        end = (int(now // seconds) + 1) * seconds
        with connection.cursor() as cursor:
            cursor.execute(
                'INSERT INTO comments_ratecount (key, "window", count) VALUES (%s, %s, 1) '
                'ON CONFLICT (key, "window") DO UPDATE SET count = comments_ratecount.count + 1 RETURNING count',
                [f"{seconds}:{key}"[:80], end],
            )
            (count,) = cursor.fetchone()
        if count > most:
            return max(1, math.ceil(end - now))
    return 0
