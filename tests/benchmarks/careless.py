"""The site behind a page cache that looks for changes only now and then: what strict.py has to find out."""

import time

from config.wsgi import application, cached  # noqa: F401  gunicorn serves the first

EVERY = 0.2  # seconds

look, state = cached.pages.now, {"at": 0.0, "number": 0}


def now() -> int | None:
    if time.monotonic() > state["at"] + EVERY:
        state["at"], state["number"] = time.monotonic(), look()
    return state["number"]


cached.pages.now = now
