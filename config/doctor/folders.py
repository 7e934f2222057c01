import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.doctor.finding import Finding, ok, problem, warning

MB = 1024 * 1024
FULL = 100 * MB
TIGHT = 1024 * MB


def look() -> Iterator[Finding]:
    data, media, pages = settings.DATA_DIR, settings.MEDIA_ROOT, settings.READY_PAGES_DIR
    yield user()
    yield writable("DATA_DIR", data)
    yield space(data, FULL, TIGHT)
    if media.exists():
        yield writable("The folder of uploads", media)
        if media.stat().st_dev != data.stat().st_dev:
            yield space(media, FULL, TIGHT)
    if pages:
        yield writable("READY_PAGES_DIR", pages)
        yield space(pages, 0, 20 * MB)
    yield from secrets()


def user() -> Finding:
    """What is found below is true for who runs this, who should be who runs the site."""
    mine, owner = os.geteuid(), settings.DATA_DIR.stat().st_uid
    if mine == owner:
        return ok(f"This runs as {_name(mine)}, to whom DATA_DIR belongs.")
    words = f"This runs as {_name(mine)}, and DATA_DIR belongs to {_name(owner)}."
    return warning(words, f"Run it as the site runs, else it says little: sudo -u {_name(owner)} …")


def writable(name: str, path: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=path):
            return ok(f"{name} can be written: {path}.")
    except OSError as error:
        todo = f"Let {_name(os.geteuid())} write there: chown -R {_name(os.geteuid())} {path}"
        return problem(f"{name} cannot be written: {path}: {error.strerror}.", todo)


def space(path: Path, full: int, tight: int) -> Finding:
    free = shutil.disk_usage(path).free
    words = f"{free // MB:,} MB are left on the disk of {path}."
    if free < full:
        return problem(words, "Make room now: comments and posts cannot be stored on a full disk.")
    if free < tight:
        return warning(words, "Make room, or take a larger disk, before it is full.")
    return ok(words)


def secrets() -> Iterator[Finding]:
    """Files that nobody else on this machine should read."""
    key = settings.DATA_DIR / "secret_key"
    if _is_open(key):
        yield problem(f"Everybody on this machine can read the secret key: {key}.", f"Run: chmod 600 {key}")
    if connection.vendor == "sqlite" and _is_open(path := Path(connection.settings_dict["NAME"])):
        # Its -wal and -shm take after it when they are made next.
        words = f"Everybody on this machine who gets that far can read the database: {path}."
        yield warning(words, f"Run: chmod 640 {path}*")


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH))
    except FileNotFoundError:
        return False


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # in a container, users need no name
        return str(number)
