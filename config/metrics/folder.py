"""Where gunicorn's processes keep their numbers. prometheus_client must find it in the environment when it is imported;
gunicorn's first process, which only watches the others, never imports it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

NAME = "PROMETHEUS_MULTIPROC_DIR"
KB = 1024
# Of each process, by the kind of its numbers. Room is taken at once: the files are memory of the process, and one that
# the disk had no room for would kill it at the next number.
EMPTY = 8  # bytes
FILES = {"counter": 64 * KB, "gauge_livesum": 64 * KB, "histogram": KB * KB}


def choose(data: Path) -> None:
    """In DATA_DIR, unless the environment names another folder. Without one, each process counts for itself."""
    folder = Path(os.environ.setdefault(NAME, str(data / "metrics")))
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError:
        del os.environ[NAME]


def empty() -> None:
    """For a site that starts: the numbers of its last run are over."""
    for path in _files("*"):
        path.unlink(missing_ok=True)


def make_room(pid: int) -> None:
    """For a process that starts, before it counts. Raises OSError if there is none, and then nothing is left behind."""
    if NAME not in os.environ:
        return
    try:
        for kind, size in FILES.items():
            with open(Path(os.environ[NAME]) / f"{kind}_{pid}.db", "ab") as file:
                os.posix_fallocate(file.fileno(), 0, size)
    except OSError:
        with suppress(OSError):
            for path in _files(str(pid)):
                path.unlink()
        del os.environ[NAME]
        raise


def forget(pid: int) -> None:
    """What a process that has ended held; what it has counted stays counted, in no more room than that takes."""
    for path in _files(str(pid)):
        with path.open("r+b") as file:
            used = int.from_bytes(file.read(4), sys.byteorder)  # as prometheus_client's mmap_dict.py begins its files
            file.truncate(used)
        if path.name.startswith("gauge_live") or used <= EMPTY:
            path.unlink()


def _files(pid: str) -> Iterator[Path]:
    if NAME in os.environ:
        yield from Path(os.environ[NAME]).glob(f"*_{pid}.db")
