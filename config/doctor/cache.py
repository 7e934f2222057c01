import time
from collections.abc import Iterator

from django.conf import settings

from config.doctor.finding import Finding, ok, warning

PATIENCE = 2.0  # seconds
FALLS_BACK = "Limits are counted in the database meanwhile, and nothing is lost."


def look() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        yield ok("There is no Redis: limits are counted in the database, which is right for one machine.")
        return
    from redis import Redis  # here, as elsewhere: it takes ten megabytes that most sites can do without
    from redis.backoff import NoBackoff
    from redis.exceptions import RedisError
    from redis.retry import Retry

    from comments.rediscount import ANSWERS_WITHIN

    patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    client = Redis.from_url(settings.REDIS_URL, **patience, retry=Retry(NoBackoff(), 0))
    try:
        began = time.monotonic()
        client.pipeline().incrby("marginalia:doctor", 1).delete("marginalia:doctor").execute()
        took = time.monotonic() - began
    except RedisError as error:
        words = f"Redis does not answer or refuses to count ({error}). {FALLS_BACK}"
        yield warning(words, "Start Redis, or mend or unset REDIS_URL.")
    else:
        if took > ANSWERS_WITHIN:
            words = f"Redis took {took:.2f} seconds; the site waits {ANSWERS_WITHIN} and then counts in the database."
            yield warning(words, "Use a Redis that is nearer, or unset REDIS_URL.")
        else:
            yield ok(f"Redis counts, within {took * 1000:.0f} ms.")
    finally:
        client.close()
