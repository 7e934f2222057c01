"""Opens what a person points an import at: a file, an unpacked folder, or the archive as it was downloaded."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from blog.importers.records import ImportFault

FEED = "feed.atom"
FOLDERS = 5  # Takeout/Blogger/Blogs/<blog>/feed.atom has four above the file
MAX_BYTES = 2 * 2**30
MAX_RATIO = 100  # text packs about 1 : 10
DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError)


class Source:
    """A file that counts what was read of it, and whose faults are ImportFaults."""

    def __init__(self, name: str, file: BinaryIO, size: int) -> None:
        self.name, self.file, self.size, self.done = name, file, size, 0

    def read(self, size: int) -> bytes:
        with _clear_faults():
            data = self.file.read(size)
        self.done += len(data)
        return data


@contextmanager
def open_source(path: Path, blog: str = "") -> Iterator[Source]:
    """The feed that `path` is or holds; `blog` chooses by its folder's name where there are several.

    Raises ImportFault: nothing there, no feed in it, several of them, too large, or not readable.
    """
    with ExitStack() as opened:
        with _clear_faults():
            source = _open(path, blog, opened)
        yield source


@contextmanager
def _clear_faults() -> Iterator[None]:
    try:
        yield
    except DAMAGED as error:
        raise ImportFault(f"the zip archive is damaged ({error}). Download it again.") from None
    except OSError as error:
        raise ImportFault(f"it cannot be read: {error.strerror or error}.") from None


def _open(path: Path, blog: str, opened: ExitStack) -> Source:
    if path.is_dir():
        path = _one({found.relative_to(path).as_posix(): found for found in _feeds_below(path)}, blog)
    if not path.exists():
        raise ImportFault("there is no such file or folder.")
    if not path.is_file():
        raise ImportFault("it is neither a file nor a folder.")
    if not zipfile.is_zipfile(path):
        return Source(path.name, opened.enter_context(path.open("rb")), _bounded(path.stat().st_size))
    archive = opened.enter_context(zipfile.ZipFile(path))
    info = _one(_feeds_in(archive), blog)
    if info.flag_bits & 1:
        raise ImportFault("the zip archive has a password. Unpack it and name the folder.")
    if _bounded(info.file_size) > MAX_RATIO * max(info.compress_size, 2**20):
        raise ImportFault(f"{info.filename} in it would unpack to {info.file_size // 2**20} MB: that is no blog.")
    return Source(info.filename, opened.enter_context(archive.open(info)), info.file_size)


def _feeds_below(folder: Path) -> list[Path]:
    return [found for depth in range(FOLDERS + 1) for found in sorted(folder.glob("*/" * depth + FEED))]


def _feeds_in(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    return {
        info.filename: info
        for info in archive.infolist()
        if PurePosixPath(info.filename).name == FEED and not info.filename.startswith("__MACOSX/")
    }


def _one(found: dict, blog: str):
    """The only value of `found`, whose keys are paths; of several the one in the folder `blog`."""
    if blog:
        found = {name: value for name, value in found.items() if PurePosixPath(name).parent.name == blog}
    if not found:
        raise ImportFault(f"there is no {FEED} of “{blog}” in it." if blog else f"there is no {FEED} in it.")
    if len(found) > 1:
        blogs = ", ".join(f"“{PurePosixPath(name).parent.name}”" for name in sorted(found))
        raise ImportFault(f"there are several blogs in it. Choose one with --blog: {blogs}.")
    return found.popitem()[1]


def _bounded(size: int) -> int:
    if size > MAX_BYTES:
        raise ImportFault(f"it is larger than {MAX_BYTES // 2**30} GB: that is no blog.")
    return size
