import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from comments import cases

LARGEST = 20_000_000  # bytes of a file


class Command(BaseCommand):
    help = "Runs cases in WordPress's words through this site's policy rules. Nothing on the site counts or changes."

    def add_arguments(self, parser) -> None:
        parser.add_argument("cases", metavar="CASES.json", help="of the form of WordPress's restated moderation facts")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *, cases: str, json: bool, **options) -> None:  # noqa: A002  the option's name
        outcomes = run(Path(cases))
        self._print_json(outcomes) if json else self._print_table(outcomes)

    def _print_json(self, outcomes: list[cases.Outcome]) -> None:
        rows = []
        for outcome in outcomes:
            row = {name: getattr(outcome, name) for name in ("id", "expected", "verdict", "deviation", "reasons")}
            rows.append(row | ({"unknown": outcome.unknown} if outcome.unknown else {}))
        self.stdout.write(json.dumps({"cases": rows}, indent=1, ensure_ascii=False))

    def _print_table(self, outcomes: list[cases.Outcome]) -> None:
        width = max((len(outcome.id) for outcome in outcomes), default=0)
        for outcome in outcomes:
            mark = "=" if outcome.agrees else "≠" if outcome.deviation else "?" if outcome.verdict is None else "!"
            verdict = outcome.verdict or "-"
            self.stdout.write(f"{mark} {outcome.id:{width}}  {verdict:7}  expected: {outcome.expected}")
            for words in [*outcome.reasons, *([outcome.deviation] if outcome.deviation else [])]:
                self.stdout.write(f"  {'':{width}}  {words}")
            if outcome.unknown:
                self.stdout.write(f"  {'':{width}}  not known here: {', '.join(outcome.unknown)}")
        agree = sum(outcome.agrees for outcome in outcomes)
        meant = sum(outcome.deviation is not None for outcome in outcomes)
        beside = sum(outcome.verdict is None for outcome in outcomes)
        wrong = len(outcomes) - agree - meant - beside
        self.stdout.write(
            f"{len(outcomes)} cases: {agree} as expected, {meant} differ on purpose, {wrong} differ, "
            f"{beside} not about the policy."
        )


def run(path: Path) -> list[cases.Outcome]:
    try:
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than {LARGEST:,} bytes.")
        return cases.run(cases.read(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from None
    except DatabaseError as error:
        raise CommandError(f"The database is not ready; manage.py prepare makes it so: {error}") from None
    except cases.CasesError as error:
        raise CommandError(f"{path}: {error}") from None
