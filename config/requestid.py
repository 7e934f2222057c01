"""A name for the request, the task or the tick that is at work: lines of a log that belong together show it."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

PLAIN = re.compile(r"[A-Za-z0-9._-]{8,64}")

current: ContextVar[str] = ContextVar("request_id", default="")


def new() -> str:
    return secrets.token_hex(8)


def of_proxy(given: str) -> str:
    """The one that a proxy has given, if it is one; else a new one. Ask only for a proxy that is trusted."""
    return given if PLAIN.fullmatch(given) else new()


@contextmanager
def called(name: str) -> Iterator[None]:
    token = current.set(name)
    try:
        yield
    finally:
        current.reset(token)
