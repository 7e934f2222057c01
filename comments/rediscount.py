"""Counts in Redis, which is quicker than a row in the database and may go away at any moment."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    with _patiently() as redis:
        pipeline = redis.pipeline()
        for window in windows:
            pipeline.incrby(_name(window), more).expire(_name(window), window.seconds)
        return pipeline.execute()[::2]


def forget(windows: list[Window]) -> None:
    """Raises Away."""
    with _patiently() as redis:
        redis.delete(*map(_name, windows))


def forget_like(beginning: str) -> None:
    """Raises Away."""
    with _patiently() as redis:
        for name in redis.scan_iter(match=f"marginalia:*:{beginning}*", count=1000):
            redis.delete(name)


@contextmanager
def _patiently() -> Iterator[Redis]:
    """Redis, unless it did not answer a moment ago. Raises Away if it does not now."""
    global ask_again_at
    if time.monotonic() < ask_again_at:
        raise Away
    try:
        yield _redis(settings.REDIS_URL)
    except RedisError as error:
        ask_again_at = time.monotonic() + LEFT_ALONE_FOR
        logger.warning("Redis does not answer (%s); limits are counted in the database.", type(error).__name__)
        raise Away from None


def _name(window: Window) -> str:
    return f"marginalia:{window.key}:{window.end}"


def answers() -> bool:
    """Whether it does at this moment, as quickly as counting needs it to."""
    try:
        return bool(_redis(settings.REDIS_URL).ping())
    except RedisError:
        return False


@cache
def _redis(url: str) -> Redis:
    patience = {"socket_timeout": ANSWERS_WITHIN, "socket_connect_timeout": ANSWERS_WITHIN}
    return Redis.from_url(url, **patience, retry=Retry(NoBackoff(), 0))
