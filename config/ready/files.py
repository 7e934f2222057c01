"""The folder of ready pages: what is where in it. It knows neither the database nor what a page is.

    posts/pages/2026/03/tides/index.html    a page, and index.html.gz
    posts/keys/post:12/|2026|03|tides|index.html    says that the page shows post:12
    lists/                                  the same for the pages that show LISTS
    lists.5f0c…/                            on its way out: renamed, and deleted by the tick
    new/                                    files that are being written
    stamp                                   touched by the tick

Publishing one post makes every list on the site out of date, thousands perhaps: they stand in a tree of their own, so
that one rename takes them all away while the change holds its lock. The key SITE takes both.
"""

import os
import re
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from blog.versions import LISTS, SITE

TREES = ("posts", "lists")
GOING = re.compile(r"(?:posts|lists)\.[0-9a-f]{16}")
LATE = 30 * 60  # seconds: a tick that is later than that turns files off
UNFINISHED = 10 * 60  # seconds after which a file that is being written is one that a dead process has left
LONGEST_NAME = 240  # bytes; with what stands before or behind it, the system takes 255
EACH = 1_000  # bytes that a file or folder takes beside its content
MARK = "|"  # in place of "/" in the names under keys/


def write(root: Path, form: str, body: bytes, modified: int) -> Path:
    """Writes a file that nginx does not know yet."""
    path = root / "new" / f"{secrets.token_hex(8)}{form}"
    path.parent.mkdir(exist_ok=True)
    with open(path, "xb") as file:
        file.write(body)
        os.fchmod(file.fileno(), 0o644)  # nginx runs as somebody else
    os.utime(path, (modified, modified))
    return path


def put(root: Path, name: str, keys: set[str], plain: Path, packed: Path) -> None:
    """Gives the two files their place, after a note under each key that they are there. Under the lock."""
    tree = root / ("lists" if LISTS in keys else "posts")
    _make(str(tree))
    # By the open folder, not by its name: a tree that empty() takes away meanwhile must take both notes and page along.
    folder = os.open(tree, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for key in keys - {SITE, LISTS}:  # these take whole trees away
            _make(f"keys/{key}", folder)
            os.close(os.open(f"keys/{key}/{name.replace('/', MARK)}", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
        page = f"pages{name}"
        _make(os.path.dirname(page), folder)
        # nginx looks for the packed form only where there is a plain one.
        os.rename(packed, f"{page}.gz", dst_dir_fd=folder)
        os.rename(plain, page, dst_dir_fd=folder)
    finally:
        os.close(folder)


def _make(path: str, folder: int | None = None) -> None:
    try:
        os.mkdir(path, dir_fd=folder)
    except FileExistsError:
        return
    except FileNotFoundError:
        parent = os.path.dirname(path)
        if not parent:  # the open folder itself is gone
            raise
        _make(parent, folder)
        os.mkdir(path, dir_fd=folder)
    os.chmod(path, 0o755, dir_fd=folder)  # noqa: S103  nginx must be let in


def drop(root: Path, keys: set[str]) -> None:
    """Removes all pages that show any of these. Under the lock."""
    for tree in TREES:
        if SITE in keys or (tree == "lists" and LISTS in keys):
            _take_away(root / tree)
        else:
            for key in keys:
                _drop(f"{root}/{tree}", key)


def _take_away(tree: Path) -> None:
    with suppress(FileNotFoundError):
        os.rename(tree, f"{tree}.{secrets.token_hex(8)}")


def _drop(tree: str, key: str) -> None:
    notes = f"{tree}/keys/{key}"
    try:
        names = os.listdir(notes)
    except FileNotFoundError:
        return
    for name in names:
        page = f"{tree}/pages{name.replace(MARK, '/')}"
        _remove(page)
        _remove(f"{page}.gz")
        with suppress(OSError):
            os.rmdir(os.path.dirname(page))
        _remove(f"{notes}/{name}")  # last: whoever dies before leaves the note of what is still there
    with suppress(FileNotFoundError):
        os.rmdir(notes)


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def noted(root: Path, prefix: str) -> set[str]:
    """The keys that begin so and have pages."""
    found: set[str] = set()
    for tree in TREES:
        with suppress(FileNotFoundError):
            found.update(key for key in os.listdir(root / tree / "keys") if key.startswith(prefix))
    return found


def renew(root: Path, now: float) -> None:
    """Says that the clock has done its part: pages may be files for another while."""
    (root / "stamp").touch()
    os.utime(root / "stamp", (now, now))


def is_open(root: Path) -> bool:
    try:
        return abs(time.time() - os.stat(root / "stamp").st_mtime) < LATE
    except FileNotFoundError:
        return False


def begin(root: Path, link: Path) -> None:
    """For a site that starts. The link tells whoever else writes to its database where the files are."""
    if link.is_symlink():
        empty(link.readlink())
    empty(root)
    draft = link.with_name(f"{link.name}.{os.getpid()}")
    draft.symlink_to(root)
    draft.replace(link)


def empty(root: Path) -> None:
    """Without a lock and without a database: from here on no page is a file, until renew()."""
    (root / "stamp").unlink(missing_ok=True)
    for tree in TREES:
        _take_away(root / tree)
    _delete_what_goes(root)


def _delete_what_goes(root: Path) -> None:
    with suppress(FileNotFoundError):
        for path in root.iterdir():
            if GOING.fullmatch(path.name):
                shutil.rmtree(path, ignore_errors=True)


def sweep(root: Path, most: int) -> None:
    """Deletes what is on its way out, and takes everything away once it is more than that many bytes."""
    _delete_what_goes(root)
    with suppress(FileNotFoundError):
        for path in (root / "new").iterdir():
            if path.stat().st_ctime < time.time() - UNFINISHED:
                path.unlink(missing_ok=True)
    if sum(_size(root / tree) for tree in TREES) > most:
        for tree in TREES:
            _take_away(root / tree)


def _size(tree: Path) -> int:
    size = 0
    for folder, folders, names in os.walk(tree):
        size += EACH * (len(folders) + len(names))
        for name in names:
            with suppress(FileNotFoundError):
                size += os.stat(os.path.join(folder, name)).st_size
    return size
