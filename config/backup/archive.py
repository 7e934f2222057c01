"""The file of a backup: written and read as a stream, each member with its SHA-256, and never more of it in memory than
one member of a table."""

import gzip
import hashlib
import io
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from config.backup import BackupFault
from config.backup.sealing import MAGIC, Sealed, Unsealed, is_sealed

MANIFEST, SECRET_KEY, SUMS = "manifest.json", "secret_key", "SHA256SUMS"
FOLDERS = ("media", "theme")
SMALL = {MANIFEST: 4_000_000, SECRET_KEY: 4_000}
MOST_OF_ROWS = 64_000_000  # bytes of one member of a table
MOST_MEMBERS = 5_000_000
LONGEST_NAME, LONGEST_PART = 1_000, 255
MARGIN = 65_536  # what tar's own headers and blocks may take beside a member
CHUNK = 1_000_000
QUICK = 3  # gzip's level: a tenth larger than the best, in a third of the time
ROWS = re.compile(r"tables/([a-z0-9_]{1,63})/\d{6}\.jsonl", re.ASCII)
DAMAGED = "It is damaged or cut off."


class Writer:
    """Members go in one after another; the end of its block ends the file with the sums."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        self.out = out = _Out(out)
        self.sealed = Sealed(out, passphrase) if passphrase else None
        # No name and no time of its own: the same site makes the same file.
        self.gzip = gzip.GzipFile("", "wb", QUICK, self.sealed or out, mtime=0)
        self.tar = tarfile.open(fileobj=self.gzip, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  see _end()
        self.sums = tempfile.TemporaryFile()  # noqa: SIM115

    def add(self, name: str, data: bytes) -> None:
        self.add_file(name, io.BytesIO(data), len(data))

    def add_file(self, name: str, file: BinaryIO, size: int) -> None:
        """Raises OSError if the file has become shorter."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        hashing = _Hashing(file)
        self.tar.addfile(member, hashing)
        self.sums.write(_sum(hashing.digest.hexdigest(), name))

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, error, *rest) -> None:
        if error:
            self.out.is_open = False
        try:
            self._end()
        finally:
            self.sums.close()

    def _end(self) -> None:
        member = tarfile.TarInfo(SUMS)
        member.size, member.mode = self.sums.tell(), 0o600
        self.sums.seek(0)
        self.tar.addfile(member, self.sums)
        self.tar.close()
        self.gzip.close()
        if self.sealed:
            self.sealed.close()


@dataclass
class Member:
    name: str
    size: int
    content: BinaryIO

    @property
    def table(self) -> str | None:
        """Whose rows it holds."""
        found = ROWS.fullmatch(self.name)
        return found and found[1]

    @property
    def folder(self) -> str | None:
        """Where its file belongs."""
        folder, slash, _rest = self.name.partition("/")
        return folder if slash and folder in FOLDERS else None


def members(file: BinaryIO, passphrase: str) -> Iterator[Member]:
    """Each member but the sums; they are checked when all have been taken, so take them all before you believe one.

    Raises BackupFault for whatever is not as Writer leaves it: damage, a file that goes on or ends too early, names
    that lead elsewhere, links and devices, members out of bounds.
    """
    with _damage_said():
        yield from _members(_Bounded(_plain(file, passphrase)))


@contextmanager
def _damage_said() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError):
        raise BackupFault(DAMAGED) from None


def _plain(file: BinaryIO, passphrase: str) -> BinaryIO:
    file.seek(0)
    head = file.read(len(MAGIC))
    file.seek(0)
    if is_sealed(head):
        if not passphrase:
            raise BackupFault("It is sealed: give its passphrase as BACKUP_PASSPHRASE or BACKUP_PASSPHRASE_FILE.")
        return gzip.GzipFile(fileobj=Unsealed(file, passphrase), mode="rb")
    if not head.startswith(b"\x1f\x8b"):
        raise BackupFault("It is no backup of Marginalia.")
    return gzip.GzipFile(fileobj=file, mode="rb")


def _members(stream: "_Bounded") -> Iterator[Member]:
    sums, last = hashlib.sha256(), ""
    # Nothing to close: `stream` is the caller's.
    tar = tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="strict")  # noqa: SIM115
    for number in range(MOST_MEMBERS):
        stream.room = MARGIN
        member = _next(tar)
        if member is None:
            raise BackupFault(DAMAGED)
        name = _checked(member, is_first=number == 0)
        stream.room = member.size + MARGIN
        hashing = _Hashing(tar.extractfile(member))
        if name == SUMS:
            if hashing.rest().hexdigest() != sums.hexdigest():
                raise BackupFault(f"It is damaged: a file in it is not what {SUMS} says.")
            break
        yield Member(name, member.size, hashing)
        sums.update(_sum(hashing.rest().hexdigest(), name))
        tar.members = []  # tarfile remembers each
        last = name
    else:
        raise BackupFault(f"It holds more than {MOST_MEMBERS:,} files.")
    stream.room = MARGIN
    if not last or _next(tar) is not None:
        raise BackupFault(DAMAGED)
    while stream.read(MARGIN):  # its end, whose sum gzip checks
        pass


def _next(tar: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        return tar.next()
    except (ValueError, UnicodeError):  # a header that makes no sense
        raise BackupFault(DAMAGED) from None


def _checked(member: tarfile.TarInfo, *, is_first: bool) -> str:
    name, size = member.name, member.size
    if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.sparse:
        raise BackupFault(f"It holds {name!r}, which is not a plain file.")
    if is_first != (name == MANIFEST):
        raise BackupFault("It is no backup of Marginalia: its first file is not manifest.json, or not alone so named.")
    most = SMALL.get(name, MOST_OF_ROWS if ROWS.fullmatch(name) else None)
    if most is None and name != SUMS and not _is_place(name):
        raise BackupFault(f"It holds {name!r}, which belongs nowhere in a site.")
    if size < 0 or (most is not None and size > most):
        raise BackupFault(f"It holds {name!r} with {size:,} bytes, which is out of bounds.")
    return name


def _is_place(name: str) -> bool:
    """Whether it is a file within one of the folders, whatever the system that reads it."""
    parts = name.split("/")
    if parts[0] not in FOLDERS or len(parts) < 2 or len(name) > LONGEST_NAME or not name.isprintable() or "\\" in name:
        return False
    return all(part not in ("", ".", "..") and len(part.encode()) <= LONGEST_PART for part in parts)


def _sum(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


class _Out:
    """Where a backup goes; once it is given up, tar and gzip end theirs into nothing."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.is_open = True

    def write(self, data: bytes) -> int:
        if self.is_open:
            self.file.write(data)
        return len(data)

    def flush(self) -> None:
        if self.is_open:
            self.file.flush()


class _Hashing:
    """A file that is read; what was read is in `digest`."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        with _damage_said():  # whoever takes a member reads it
            data = self.file.read(size)
        self.digest.update(data)
        return data

    def rest(self):
        """The digest of all of it."""
        while self.read(CHUNK):
            pass
        return self.digest


class _Bounded:
    """A stream of which no more is read than there is room for, so that no header can ask for all memory."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.room = MARGIN

    def read(self, size: int) -> bytes:
        data = self.file.read(min(size, max(self.room, 1)))
        self.room -= len(data)
        if self.room < 0:
            raise BackupFault("It is damaged: it holds more than it says.")
        return data
