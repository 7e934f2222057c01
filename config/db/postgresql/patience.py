"""How long PostgreSQL is waited for. A server that stands still, or a network that swallows everything, gives no error:
without an end to its patience each thread of the site would wait for ever, and with them readers whose pages are in
memory."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

USABLE_WITHIN = 5  # seconds: a connection that is used again is asked first
CANCELS_WITHIN = 2  # seconds
LEFT_ALONE_FOR = 3  # seconds after somebody has waited in vain
STALL = 1  # seconds: an error that comes sooner costs nobody anything

# Seconds for one statement; None: as long as it takes. gunicorn's processes set it (config/gunicorn.py): the worker and
# commands have statements that take minutes, and nobody waits for them.
answers_within: float | None = None


class Connection(psycopg.Connection):
    """Gives a statement up after `patient_for` or else `answers_within` seconds, here and on the server."""

    patient_for: float | None = None

    def wait(self, gen, interval: float = 0.1, timeout: float | None = None):
        patience = self.patient_for or answers_within
        if timeout is not None or patience is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, patience)
        except psycopg.errors._WaitTimeout:  # psycopg's own name for it is private; it raises no other
            patience_ends = f"PostgreSQL did not answer within {patience:g} seconds"
            self._try_cancel(timeout=CANCELS_WITHIN)
            self.close()
            raise psycopg.OperationalError(patience_ends) from None


class Door:
    """Of a server that let somebody wait, one thread at a time tries again, every few seconds; the others are told at
    once that it is away."""

    def __init__(self) -> None:
        self.stalled = False
        self.shut_until = 0.0
        self.trying = threading.Lock()

    @contextmanager
    def entering(self) -> Iterator[None]:
        begun, first = time.monotonic(), not self.stalled
        if not first and (begun < self.shut_until or not self.trying.acquire(blocking=False)):
            raise psycopg.OperationalError("PostgreSQL did not answer a moment ago")
        try:
            yield
        except psycopg.OperationalError:
            self.stalled = time.monotonic() > begun + STALL
            self.shut_until = time.monotonic() + LEFT_ALONE_FOR
            raise
        else:
            self.stalled = False
        finally:
            if not first:
                self.trying.release()


door = Door()
