import json
import sys
from collections import Counter

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from config.doctor import Finding, Level, examine

SIGN = {Level.OK: "ok      ", Level.WARNING: "WARNING ", Level.PROBLEM: "PROBLEM "}


class Command(BaseCommand):
    help = (
        "Looks at settings, folders, database, worker, mail and all else that the site needs, and says what to do. "
        "Changes nothing. Ends with 1 if there is a problem."
    )
    requires_system_checks = ()  # they are among what is looked at

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs: a list of findings")
        parser.add_argument("--mail-to", default="", metavar="ADDRESS", help="also send a mail there")

    def handle(self, *, mail_to: str, **options) -> None:
        try:
            if mail_to:
                validate_email(mail_to)
        except ValidationError:
            raise CommandError(f"--mail-to: {mail_to!r} is no e-mail address.") from None
        found = []
        for name, finding in examine(mail_to):
            found.append((name, finding))
            if not options["json"]:
                self.say(name, finding)
        counts = Counter(finding.level for _name, finding in found)
        if options["json"]:
            self.stdout.write(json.dumps([as_json(name, finding) for name, finding in found], indent=2))
        else:
            self.stdout.write(f"\nProblems: {counts[Level.PROBLEM]}. Warnings: {counts[Level.WARNING]}.")
        if counts[Level.PROBLEM]:
            sys.exit(1)

    def say(self, name: str, finding: Finding) -> None:
        style = {Level.OK: self.style.SUCCESS, Level.WARNING: self.style.WARNING, Level.PROBLEM: self.style.ERROR}
        self.stdout.write(f"{style[finding.level](SIGN[finding.level])}{name}: {finding.words}")
        if finding.todo:
            self.stdout.write(f"        → {finding.todo}")
        self.stdout.flush()


def as_json(name: str, finding: Finding) -> dict[str, str]:
    return {"check": name, "level": finding.level, "words": finding.words, "todo": finding.todo}
