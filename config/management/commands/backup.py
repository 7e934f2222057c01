import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from config.backup import BackupFault, restoring
from config.backup.keeping import keep
from config.backup.taking import Taken, take
from config.database import database_or_stop, first_line
from config.progress import Bars

MOST_NAMED = 3


class Command(BaseCommand):
    help = "Writes the whole site into one file, while it runs: database, uploads, theme. See docs/operating.md."

    def add_arguments(self, parser: CommandParser) -> None:
        without = "without, into BACKUP_DIR under a name of its own, and old ones are deleted"
        parser.add_argument("file", nargs="?", help=f"such as site.backup; “-” is standard output; {without}")
        parser.add_argument("--force", action="store_true", help="replace a file of that name")
        parser.add_argument("--check", action="store_true", help="read the file to its end instead: is it whole?")

    def handle(self, *, file: str | None, force: bool, check: bool, **options) -> None:
        if check:
            self._check(file)
            return
        if force and not file:
            raise CommandError("--force: name the file that may be replaced.")
        if file == "-" and sys.stdout.isatty():
            raise CommandError("A backup is no text for a terminal: name a file, or send “-” into a pipe.")
        database_or_stop()
        started = time.monotonic()
        file, taken = self._make(file, force=force)
        self._say(file, taken, time.monotonic() - started)

    def _make(self, file: str | None, *, force: bool) -> tuple[str, Taken]:
        bars = Bars()
        try:
            if file is None:
                path, taken = keep(settings.BACKUP_PASSPHRASE, bars.show)
                return str(path), taken
            return file, take(file, settings.BACKUP_PASSPHRASE, bars.show, force=force)
        except KeyboardInterrupt:
            raise CommandError("Stopped. No backup was made.", returncode=130) from None
        except BackupFault as fault:
            raise CommandError(str(fault)) from None
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {first_line(error)}. No backup was made.") from None
        except OSError as error:
            where = file or settings.BACKUP_DIR
            raise CommandError(f"{where} cannot be written: {error.strerror or error}. No backup was made.") from None
        finally:
            bars.end()

    def _say(self, file: str, taken: Taken, took: float) -> None:
        out = self.stderr if file == "-" else self.stdout
        size = "" if file == "-" else f" ({Path(file).stat().st_size / 1e6:,.1f} MB)"
        sealed = "sealed" if settings.BACKUP_PASSPHRASE else "not sealed: keep it where nobody else reads"
        lines = [f"{file}{size}: {taken.rows:,} rows and {taken.files:,} files in {took:.0f} seconds, {sealed}."]
        if not taken.has_key:
            lines.append("The secret key is not in it, since SECRET_KEY is given: keep that beside it.")
        if taken.gone:
            named = ", ".join(taken.gone[:MOST_NAMED]) + (", …" if len(taken.gone) > MOST_NAMED else "")
            lines.append(f"{len(taken.gone):,} files are gone from the disk and not in it: {named}")
        for line in lines:
            out.write(line)

    def _check(self, file: str | None) -> None:
        if file in (None, "-"):
            raise CommandError("--check: name the file.")
        bars = Bars()
        try:
            with open(file, "rb") as opened:
                manifest = restoring.check(opened, settings.BACKUP_PASSPHRASE, bars.show)
        except KeyboardInterrupt:
            raise CommandError("Stopped.", returncode=130) from None
        except BackupFault as fault:
            raise CommandError(f"{file}: {fault}") from None
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}.") from None
        finally:
            bars.end()
        self.stdout.write(
            f"{file} is whole: {manifest.rows:,} rows of {manifest.made_at}, made on {manifest.database} by version"
            f" {manifest.version}. This version can restore it."
        )
