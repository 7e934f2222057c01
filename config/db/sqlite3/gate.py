"""A line for those who will write: SQLite lets a writer that waits sleep for ever longer, so that under load the last
one to come may be the first, and some wait for seconds (docs/decisions.md)."""

import fcntl
import os
import threading
import time

# Seconds until one looks again: another process ends its transaction and tells nobody.
SOON, LATER = 0.0001, 0.001
SOON_TIMES = 100
# Places in the file. One waits at the second, and leaves it for the first, so that the many writers of one process
# cannot hand on the first among themselves while another process waits.
FIRST, SECOND = 0, 1
locks: dict[str, threading.Lock] = {}  # by database: the line within this process
files: dict[str, int] = {}  # by database: the open file that stands for this process in the line of processes


def _forget() -> None:
    """In a process that was just forked: the locks and files are its parent's."""
    locks.clear()
    files.clear()


os.register_at_fork(after_in_child=_forget)


class Gate:
    """One connection's place in the line, for as long as its transaction lasts.

    It only orders who tries next; what keeps writers apart is SQLite's own lock. So whoever has waited too long, or
    cannot open the file beside the database, goes on without.
    """

    def __init__(self) -> None:
        self.lock: threading.Lock | None = None
        self.file: int | None = None

    def enter(self, database: str, patience: float) -> None:
        """Waits for at most `patience` seconds."""
        until = time.monotonic() + patience
        lock = locks.setdefault(database, threading.Lock())
        if not lock.acquire(timeout=patience):
            return
        self.lock = lock
        try:
            if database not in files:
                files[database] = os.open(f"{database}.gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            file = files[database]
            if _take(file, SECOND, until):
                self.file = file if _take(file, FIRST, until) else None
                _give(file, SECOND)
        except OSError:
            files.pop(database, None)

    def leave(self) -> None:
        if self.file is not None:
            file, self.file = self.file, None
            _give(file, FIRST)
        if self.lock is not None:
            lock, self.lock = self.lock, None
            lock.release()


def _take(file: int, place: int, until: float) -> bool:
    looks = 0
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            return True
        except (BlockingIOError, PermissionError):  # POSIX leaves open which
            if time.monotonic() > until:
                return False
        looks += 1
        time.sleep(SOON if looks < SOON_TIMES else LATER)


def _give(file: int, place: int) -> None:
    fcntl.lockf(file, fcntl.LOCK_UN, 1, place)
