"""Counts in Redis, which is quicker than a row in the database and may go away at any moment."""

import logging
import time
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from comments.ratelimit import Window

ANSWERS_WITHIN = 0.1  # seconds
LEFT_ALONE_FOR = 5.0  # seconds after it did not

logger = logging.getLogger(__name__)
ask_again_at = 0.0


class Away(Exception):
    """Redis does not answer, or did not a moment ago."""


def count(windows: list[Window], more: int) -> list[int]:
    """With so many more in each of the windows. Redis forgets them by itself. Raises Away."""
    global ask_again_at
    if time.monotonic() < ask_again_at:
        raise Away
    pipeline = _redis(settings.REDIS_URL).pipeline()
    for key, end, seconds in windows:
        name = f"marginalia:{key}:{end}"
        pipeline.incrby(name, more).expire(name, seconds)
    try:
        return pipeline.execute()[::2]
    except RedisError as error:
        ask_again_at = time.monotonic() + LEFT_ALONE_FOR
        logger.warning("Redis does not answer (%s); limits are counted in the database.", type(error).__name__)
        raise Away from None


@cache
def _redis(url: str) -> Redis:
    patience = {"socket_timeout": ANSWERS_WITHIN, "socket_connect_timeout": ANSWERS_WITHIN}
    return Redis.from_url(url, **patience, retry=Retry(NoBackoff(), 0))
