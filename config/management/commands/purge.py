from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from comments import retention
from config.bin import CHORES
from config.database import database_or_stop
from config.progress import Bars

STOPPED = "Stopped. What was forgotten is gone; the same command goes on from there."


class Command(BaseCommand):
    help = (
        "Forgets what is old enough by the comment settings, and what was in the bin for 30 days. Runs daily by itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how much is due")

    def handle(self, *, dry_run: bool, **options) -> None:
        database_or_stop()
        figures = retention.count(timezone.now(), CHORES) if dry_run else self._purge()
        width = max(len(chore.name) for chore in CHORES) + 1
        for chore in CHORES:
            figure = f"{figures[chore.name]:,}" if chore.name in figures else "failed"
            self.stdout.write(f"{chore.name + ':':{width}} {figure}")
        if dry_run:
            self.stdout.write("Nothing was changed.")
        elif failed := len(CHORES) - len(figures):
            raise CommandError(f"{failed} of {len(CHORES)} failed, as the log says. All others are done.")

    def _purge(self) -> dict[str, int]:
        bars = Bars()
        try:
            return retention.purge(timezone.now(), bars.show, CHORES)
        except KeyboardInterrupt:
            raise CommandError(STOPPED, returncode=130) from None
        finally:
            bars.end()
