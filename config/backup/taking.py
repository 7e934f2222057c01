"""Takes a backup while the site runs."""

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from config.backup import BackupFault, files
from config.backup.archive import MANIFEST, MOST_OF_ROWS, SECRET_KEY, Writer
from config.backup.manifest import Manifest
from config.backup.tables import Table, snapshot, tables

Show = Callable[[str, int, int], None]  # what, how many are done, of how many
MEMBER = 1_000_000  # bytes of rows, and the row that fills it
SHOW_EVERY = 500  # rows


@dataclass
class Taken:
    rows: int = 0
    files: int = 0
    has_key: bool = False
    gone: list[str] = field(default_factory=list)  # files that the database names and the disk has not


def take(to: str, passphrase: str, show: Show, *, force: bool = False) -> Taken:
    """Writes a backup to this path, `-` being standard output; where it ends early, nothing is left.

    Raises BackupFault, OSError or DatabaseError.
    """
    with contextlib.nullcontext(sys.stdout.buffer) if to == "-" else _whole(Path(to), force=force) as out:
        taken = Taken()
        with Writer(out, passphrase) as writer:
            with snapshot():
                _tables(writer, taken, show)
            # Afterwards: an upload's name is its content's, so that it is there or gone, and never another.
            _files(writer, taken, show)
        out.flush()
    return taken


def _tables(writer: Writer, taken: Taken, show: Show) -> None:
    every = tables()
    manifest = Manifest.of(every)
    writer.add(MANIFEST, manifest.dumped())
    if key := _kept_key():
        writer.add(SECRET_KEY, key)
        taken.has_key = True
    for table in every:
        _rows(writer, table, taken, lambda: show("Rows", taken.rows, manifest.rows))


def _rows(writer: Writer, table: Table, taken: Taken, show: Callable[[], None]) -> None:
    lines, size, number = [], 0, 0
    paths = [table.columns.index(column) for column in table.files]

    def write() -> None:
        nonlocal lines, size, number
        number += 1
        if size > MOST_OF_ROWS:
            raise BackupFault(f"A row of {table.name} is larger than a backup can hold.")
        writer.add(f"tables/{table.name}/{number:06}.jsonl", b"".join(lines))
        lines, size = [], 0

    for row in table.rows():
        line = table.line(row)
        lines.append(line)
        size += len(line)
        taken.rows += 1
        taken.gone += [row[at] for at in paths if row[at] and not (Path(settings.MEDIA_ROOT) / row[at]).is_file()]
        if size >= MEMBER:
            write()
        if not taken.rows % SHOW_EVERY:
            show()
    if lines:
        write()


def _files(writer: Writer, taken: Taken, show: Show) -> None:
    found = list(files.found())
    for number, (name, path) in enumerate(found):
        show("Files", number, len(found))
        try:
            with open(path, "rb") as file:
                writer.add_file(name, file, os.fstat(file.fileno()).st_size)
        except FileNotFoundError:
            taken.gone.append(name)
            continue
        taken.files += 1


def _kept_key() -> bytes | None:
    """The secret key, if the site itself keeps it; one that is given, its giver has."""
    path = settings.DATA_DIR / "secret_key"
    kept = path.read_text().strip() if path.is_file() else ""
    return kept.encode() if kept == settings.SECRET_KEY else None


@contextmanager
def _whole(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file that has its name only once it is whole and on the disk."""
    if path.is_dir() or (os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode)):
        raise BackupFault(f"{path} is no plain file: name another.")
    if path.exists() and not force:
        raise BackupFault(f"{path} is there already: name another, or replace it with --force.")
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)  # for its owner only
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not force:
            _claim(path)
        os.replace(draft, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)


def _claim(path: Path) -> None:
    """Takes the name, so that what is renamed to it replaces nothing; not every disk has hard links."""
    try:
        path.touch(0o600, exist_ok=False)
    except FileExistsError:
        raise BackupFault(f"{path} has come meanwhile: name another.") from None
