"""A line for those who will write: SQLite lets a writer that waits sleep for ever longer, so that under load the last
one to come may be the first, and some wait for seconds (docs/decisions.md)."""

import fcntl
import os
import threading
import time

LOOK_EVERY = 0.0005  # seconds: another process ends its transaction and tells nobody
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
            while not self._take(files[database]) and time.monotonic() < until:
                time.sleep(LOOK_EVERY)
        except OSError:
            files.pop(database, None)

    def _take(self, file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.file = file
        return True

    def leave(self) -> None:
        if self.file is not None:
            file, self.file = self.file, None
            fcntl.flock(file, fcntl.LOCK_UN)
        if self.lock is not None:
            lock, self.lock = self.lock, None
            lock.release()
