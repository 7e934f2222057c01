import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from config.backup import BackupFault
from config.backup.restoring import restore
from config.database import first_line
from config.progress import Bars

KEY = {
    "same": "The secret key is the same: links that were mailed, and writers’ own pages, work on.",
    "put": "Its secret key is in DATA_DIR/secret_key: links that were mailed work on once the site is started.",
    "beside": (
        "Its secret key differs from SECRET_KEY: links that were mailed work on if you give what is in"
        " DATA_DIR/secret_key.restored as SECRET_KEY, then delete that file."
    ),
    "missing": (
        "Its secret key is another and not in it: give the old site’s SECRET_KEY, or links that were mailed and"
        " writers’ own pages lead nowhere."
    ),
}
NOTHING = "Nothing was restored; the site is as it was."


class Command(BaseCommand):
    help = "Fills an empty site from a backup, of SQLite or PostgreSQL. Stop the site first. See docs/operating.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="what `manage.py backup` wrote; “-” is standard input")

    def handle(self, *, file: str, **options) -> None:
        started, bars = time.monotonic(), Bars()
        try:
            with _opened(file) as opened:
                restored = restore(opened, settings.BACKUP_PASSPHRASE, bars.show)
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. {NOTHING}", returncode=130) from None
        except BackupFault as fault:
            raise CommandError(f"{file}: {fault} {NOTHING}") from None
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {first_line(error)}. {NOTHING}") from None
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror or error}. {NOTHING}") from None
        finally:
            bars.end()
        made = restored.manifest
        self.stdout.write(
            f"Restored {restored.posts:,} posts and pages, {restored.comments:,} comments, {restored.users:,} users and"
            f" {restored.files:,} files ({restored.rows:,} rows) in {time.monotonic() - started:.0f} seconds."
        )
        self.stdout.write(f"The backup was made at {made.made_at} on {made.database}, by version {made.version}.")
        self.stdout.write(KEY[restored.key])
        self.stdout.write("Everybody signs in again. Next: manage.py prepare, then serve.")


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """It is read twice, so what comes through a pipe is kept meanwhile."""
    if file != "-":
        with open(file, "rb") as opened:
            yield opened
        return
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept, 1_000_000)
        yield kept
