"""The files of a site: copied into a backup, and back to where they were."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from config.backup import BackupFault
from config.backup.archive import CHUNK, FOLDERS, Member


def folder(name: str) -> Path:
    return {"media": Path(settings.MEDIA_ROOT), "theme": settings.THEME_DIR}[name]


def found() -> Iterator[tuple[str, Path]]:
    """The name in a backup, and the path, of each file; of links and the like, none."""
    for name in FOLDERS:
        top = folder(name)
        for here, folders, files in os.walk(top):
            folders.sort()
            for file in sorted(files):
                path = Path(here, file)
                if path.is_file() and not path.is_symlink():
                    yield f"{name}/{path.relative_to(top).as_posix()}", path


class Putting:
    """Puts files where they belong, and takes them away again if the rest fails."""

    def __init__(self) -> None:
        self.made: list[Path] = []
        self.number = 0

    def put(self, member: Member) -> None:
        """Raises BackupFault where another file is in the way, OSError where it cannot be written."""
        top = folder(member.folder).resolve()
        path = top.joinpath(*member.name.split("/")[1:])
        if not path.parent.resolve().is_relative_to(top):
            raise BackupFault(f"{path.parent} leads out of {top}: remove the link.")
        self._make(path.parent)
        draft = path.with_name(f".{os.getpid()}.restoring")
        try:
            with open(draft, "xb") as file:
                self.made.append(draft)
                shutil.copyfileobj(member.content, file, CHUNK)
            draft.chmod(0o644)  # nginx reads it
            self._name(draft, path)
        finally:
            draft.unlink(missing_ok=True)
            if draft in self.made:
                self.made.remove(draft)
        self.number += 1

    def take_back(self) -> None:
        for path in reversed(self.made):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            else:
                path.unlink(missing_ok=True)

    def _make(self, path: Path) -> None:
        if not path.exists():
            self._make(path.parent)
            path.mkdir(exist_ok=True)
            self.made.append(path)

    def _name(self, draft: Path, path: Path) -> None:
        try:
            path.touch(exist_ok=False)  # a rename alone would replace what is there
            self.made.append(path)
            draft.replace(path)
        except FileExistsError:
            if path.is_symlink() or not path.is_file() or _digest(draft) != _digest(path):
                raise BackupFault(f"{path} is there already and is another: move it away.") from None


def _digest(path: Path) -> bytes:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
