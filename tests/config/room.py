"""A small disk of a test's own, to be filled up; and files that may not be written."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

MISSING = "only root may mount a small file system, and not in every container"


def is_missing() -> NoReturn:
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)


class Room:
    """A tmpfs of so many megabytes, in `folder`."""

    def __init__(self, megabytes: int) -> None:
        self.folder = folder = Path(tempfile.mkdtemp(prefix="marginalia-room-"))
        folder.chmod(0o755)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", folder], stderr=subprocess.DEVNULL
        )
        self.is_there = done.returncode == 0

    def fill(self) -> None:
        """Until not one more page of 4 kB goes in."""
        with (self.folder / "filler").open("ab", buffering=0) as file:
            for size in (1 << 20, 4096):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    def make_room(self) -> None:
        (self.folder / "filler").unlink()

    def remove(self) -> None:
        if self.is_there:
            subprocess.run(["umount", "-l", self.folder], check=True)
        self.folder.rmdir()


def may_mount() -> bool:
    room = Room(1)
    room.remove()
    return room.is_there


@contextlib.contextmanager
def read_only(file: Path) -> Iterator[None]:
    """Nobody may write this file, root neither, until the end or writable()."""
    subprocess.run(["mount", "--bind", file, file], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", file], check=True)
        yield
    finally:
        writable(file)


def writable(file: Path) -> None:
    if any(line.split()[1] == str(file) for line in Path("/proc/mounts").read_text().splitlines()):
        subprocess.run(["umount", "-l", file], check=True)
