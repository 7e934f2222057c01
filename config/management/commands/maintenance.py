from django.core.management.base import BaseCommand, CommandError

from config import maintenance


class Command(BaseCommand):
    help = "Closes the site to readers for a while, and opens it again; the desk stays open. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("state", choices=["on", "off"])
        parser.add_argument("--words", default="", help="what readers are told, in place of our own words")

    def handle(self, *, state: str, words: str, **options) -> None:
        if words and state == "off":
            raise CommandError("--words goes with on.")
        if len(words) > maintenance.MOST_WORDS:
            raise CommandError(f"--words: {maintenance.MOST_WORDS} characters at most.")
        try:
            self.stdout.write(self.close(words) if state == "on" else self.open())
        except OSError as error:
            raise CommandError(f"{maintenance.FILE}: {error.strerror}.") from None

    def close(self, words: str) -> str:
        maintenance.begin(words.strip())
        return "Closed to readers within a second. The desk is open: /admin/. To open again: manage.py maintenance off"

    def open(self) -> str:
        return "Open." if maintenance.end() else "It was open already."
