import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comments.spam import evaluation


class Command(BaseCommand):
    help = "Says how good the spam filter would be, learnt from one CSV file and asked about another, beginning empty."

    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument("--train", required=True, metavar="A.csv", help="with columns text and label (1 or 0)")
        parser.add_argument("--test", required=True, metavar="B.csv", help="likewise; nothing is learnt from it")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *, train: str, test: str, json: bool, **options) -> None:  # noqa: A002  the option's name
        try:
            known, asked = evaluation.read(Path(train)), evaluation.read(Path(test))
        except evaluation.EvaluationError as error:
            raise CommandError(str(error)) from None
        for path, found in ((train, known), (test, asked)):
            if found.skipped:
                self.stderr.write(self._skipped(path, found.skipped))
        outcome = evaluation.evaluate(known.rows, asked.rows)
        self._print_json(outcome) if json else self._print_table(known, asked, outcome)

    def _skipped(self, path: str, lines: list[int]) -> str:
        first = ", ".join(map(str, lines[:5])) + (", …" if len(lines) > 5 else "")
        return f"{path}: {len(lines)} without a label of 1 or 0, spam or ham, left out (line {first})."

    def _print_json(self, outcome: evaluation.Outcome) -> None:
        self.stdout.write(json.dumps({name: round(value, 6) for name, value in outcome._asdict().items()}))

    def _print_table(self, known: evaluation.Read, asked: evaluation.Read, outcome: evaluation.Outcome) -> None:
        for word, found in (("Learnt", known), ("Asked about", asked)):
            spam = sum(row.is_spam for row in found.rows)
            self.stdout.write(f"{word:12} {len(found.rows):6} comments, {spam} of them spam")
        spam = sum(row.is_spam for row in asked.rows)
        for words, value in (
            ("right where the line is 50 %", f"{outcome.accuracy:7.1%}"),
            ("area under the ROC curve", f"{outcome.auc:7.4f}"),
            ("spam found, 1 % of good held", self._recall(outcome.recall_at_1_fpr, spam)),
            ("spam found, 2 % of good held", self._recall(outcome.recall_at_2_fpr, spam)),
            ("good held, threshold as learnt", f"{outcome.ham_held:7.1%}"),
            ("time to score a comment", f"{outcome.score_ms:7.2f} ms"),
            ("time to learn a comment", f"{outcome.learn_ms:7.2f} ms"),
        ):
            self.stdout.write(f"{words:31} {value}")

    def _recall(self, share: float, count: int) -> str:
        low, high = evaluation.interval(share, count)
        return f"{share:7.1%}  ({low:.1%} to {high:.1%})"
