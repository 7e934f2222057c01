"""The backups in BACKUP_DIR: each made under a name of its own, and old ones deleted."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from blog.models import SiteSettings
from config.backup import BackupFault, files
from config.backup.schedule import record_made
from config.backup.taking import Show, Taken, take

DAYS, WEEKS = 7, 4  # of the last days, and of the last weeks, that have a backup, the newest one stays
NAME = re.compile(r"marginalia-(\d{4}-\d\d-\d\d)-\d{6}\.backup", re.ASCII)
MARGIN = 100_000_000  # bytes that a backup leaves free
MB = 1_000_000


def keep(passphrase: str, show: Show) -> tuple[Path, Taken]:
    """Makes one, then deletes those that are too old. Raises BackupFault, OSError or DatabaseError."""
    folder = usable_folder()
    with _alone(folder):
        for draft in folder.glob(".marginalia-*.part"):  # of one that was killed
            draft.unlink()
        refuse_full_disk(folder)
        now = timezone.now()
        path = folder / f"marginalia-{now.astimezone(SiteSettings.load().zone):%Y-%m-%d-%H%M%S}.backup"
        taken = take(str(path), passphrase, show)
        record_made(now, path)
        for name in too_old(kept(folder)):
            (folder / name).unlink(missing_ok=True)
    return path, taken


def usable_folder() -> Path:
    """It is not made: where a disk is not mounted, the backup would fill the one below it."""
    folder = settings.BACKUP_DIR
    if not folder:
        raise BackupFault("Say where to: name a file, or set BACKUP_DIR.")
    if not folder.is_dir():
        raise BackupFault(f"BACKUP_DIR is {folder}, which is not there: mount its disk, or make the folder.")
    return folder


def refuse_full_disk(folder: Path) -> None:
    """Raises BackupFault where the next one will hardly fit."""
    needed, free = size_of_next(folder) + MARGIN, shutil.disk_usage(folder).free
    if free < needed:
        raise BackupFault(
            f"The disk of {folder} has {free / MB:,.0f} MB left, and a backup needs about {needed / MB:,.0f} MB:"
            " make room, or name another disk."
        )


def size_of_next(folder: Path) -> int:
    """As large as the last one, and at least as all files, which hardly become smaller."""
    last = max(kept(folder), default=None)
    before = (folder / last).stat().st_size if last else 0
    return max(before, sum(path.stat().st_size for _name, path in files.found()))


def kept(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if NAME.fullmatch(path.name)]


def too_old(names: list[str]) -> list[str]:
    by_day: dict[str, str] = {}
    by_week: dict[tuple[int, int], str] = {}
    for name in sorted(names):
        day = NAME.fullmatch(name)[1]
        by_day[day] = by_week[date.fromisoformat(day).isocalendar()[:2]] = name
    stay = {by_day[day] for day in sorted(by_day)[-DAYS:]} | {by_week[week] for week in sorted(by_week)[-WEEKS:]}
    return [name for name in names if name not in stay]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Never two at once; the lock ends with the process, however that ends."""
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFault("Another backup is being made there: wait until it is done.") from None
        yield
    finally:
        os.close(descriptor)
