"""How good the filter would be: learnt from one set of comments, asked about another. No database, and no seed.

Figures: the area under the ROC curve is the share of pairs of a spam and a good comment in which the spam has more
evidence, ties counting half (J. Hanley and B. McNeil, 1982). Recall at x % is the share of spam above a threshold that
at most x % of the good comments exceed; its interval is Wilson's (E. Wilson, 1927).
"""

import csv
import io
import math
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from comments.spam.calibration import Calibration
from comments.spam.features import Told, buckets
from comments.spam.model import Model

HOLD = 0.02  # the share of good comments that may be held, as the settings have it at first
LARGEST = 200_000_000  # bytes of a file
COLUMNS = {
    "text": ("text", "content", "comment", "body", "message"),
    "label": ("label", "class", "is_spam", "spam"),
    "name": ("author", "author_name", "name"),
    "email": ("email", "author_email"),
    "url": ("url", "author_url", "website"),
    "created_at": ("created_at", "date"),
}
SPAM, GOOD = {"1", "spam", "true", "yes"}, {"0", "ham", "good", "false", "no", "not spam"}


class EvaluationError(Exception):
    """What is wrong with a file, in one line for who gave it."""


class Row(NamedTuple):
    told: Told
    is_spam: bool
    created_at: str = ""


class Read(NamedTuple):
    rows: list[Row]
    skipped: list[int]  # lines that are no comment with a label


class Outcome(NamedTuple):
    """`ham_held` is the share of good comments above the threshold for HOLD, times are of one comment."""

    accuracy: float
    auc: float
    recall_at_1_fpr: float
    recall_at_2_fpr: float
    ham_held: float
    score_ms: float
    learn_ms: float


def read(path: Path) -> Read:
    """The comments of a CSV file; columns are found by their names. Raises EvaluationError."""
    try:
        if path.stat().st_size > LARGEST:
            raise EvaluationError(_("%(file)s is larger than %(most)d bytes.") % {"file": path, "most": LARGEST})
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(_("%(file)s cannot be read: %(why)s.") % {"file": path, "why": error}) from None
    table = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    try:
        header = [name.strip().lower() for name in next(table, [])]
        places = {
            column: next((header.index(name) for name in names if name in header), None)
            for column, names in COLUMNS.items()
        }
        for column in ("text", "label"):
            if places[column] is None:
                raise EvaluationError(_("%(file)s has no column “%(name)s”.") % {"file": path, "name": column})
        return _rows(table, places, path)
    except csv.Error as error:
        line = {"file": path, "line": table.line_num, "why": error}
        raise EvaluationError(_("%(file)s, line %(line)d: %(why)s.") % line) from None


def _rows(table, places: dict[str, int | None], path: Path) -> Read:
    rows, skipped = [], []
    for cells in table:
        found = {column: cells[at] if at is not None and at < len(cells) else "" for column, at in places.items()}
        label = found["label"].strip().lower()
        if label not in SPAM | GOOD:
            if cells:
                skipped.append(table.line_num)
            continue
        told = Told(found["text"], found["name"], found["email"], found["url"])
        rows.append(Row(told, label in SPAM, found["created_at"]))
    if not rows:
        raise EvaluationError(_("%(file)s has no comment with a label (1 or 0, spam or ham).") % {"file": path})
    for kind, words in ((True, _("no spam")), (False, _("no good comment"))):
        if all(row.is_spam is not kind for row in rows):
            raise EvaluationError(_("%(file)s has %(what)s: both are needed.") % {"file": path, "what": words})
    return Read(rows, skipped)


def learn(rows: Iterable[Row]) -> tuple[Model, float]:
    """A calibrated model that began with nothing, and how many milliseconds it took to learn one comment."""
    model, lessons, spent = Model(), [], 0.0
    for row in rows:
        found = buckets(row.told)
        began = time.perf_counter()
        model.learn(found, row.is_spam)
        spent += time.perf_counter() - began
        lessons.append((found, row.is_spam, row.created_at))
    # Written dates of one form sort as they are; without any, the last rows are the newest.
    lessons.sort(key=lambda lesson: _moment(lesson[2]))
    model.calibration = Calibration.of(model, ((found, is_spam) for found, is_spam, _when in reversed(lessons)))
    return model, 1000 * spent / max(1, len(lessons))


def _moment(written: str) -> float:
    try:
        return datetime.fromisoformat(written.strip()).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def evaluate(train: list[Row], test: list[Row]) -> Outcome:
    """Learns `train` and asks about `test`. Its hold threshold and its probabilities are of `train` alone."""
    model, learn_ms = learn(train)
    began = time.perf_counter()
    scored = [model.score(row.told) for row in test]
    score_ms = 1000 * (time.perf_counter() - began) / len(test)
    scores, truth = [score.evidence for score in scored], [row.is_spam for row in test]
    right = sum((score.probability >= 0.5) == row.is_spam for score, row in zip(scored, test, strict=True))
    threshold = model.calibration.threshold(HOLD)
    goods = [evidence for evidence, is_spam in zip(scores, truth, strict=True) if not is_spam]
    return Outcome(
        accuracy=right / len(test),
        auc=auc(scores, truth),
        recall_at_1_fpr=recall_at(scores, truth, 0.01),
        recall_at_2_fpr=recall_at(scores, truth, 0.02),
        ham_held=sum(evidence > threshold for evidence in goods) / len(goods),
        score_ms=score_ms,
        learn_ms=learn_ms,
    )


def auc(scores: list[float], truth: list[bool]) -> float:
    """The area under the ROC curve. There must be both spam and good comments."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks, at = 0.0, 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and scores[order[end + 1]] == scores[order[at]]:
            end += 1
        ranks += (at + end + 2) / 2 * sum(truth[order[place]] for place in range(at, end + 1))
        at = end + 1
    spam = sum(truth)
    return (ranks - spam * (spam + 1) / 2) / (spam * (len(truth) - spam))


def recall_at(scores: list[float], truth: list[bool], share: float) -> float:
    """The share of spam above the evidence that at most `share` of the good comments exceed."""
    goods = sorted((score for score, is_spam in zip(scores, truth, strict=True) if not is_spam), reverse=True)
    threshold = goods[min(len(goods) - 1, int(share * len(goods) + 1e-9))]
    spams = [score for score, is_spam in zip(scores, truth, strict=True) if is_spam]
    return sum(score > threshold for score in spams) / len(spams)


def interval(share: float, count: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval around a share of `count`: where it may truly lie, 95 times in 100."""
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    width = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - width), min(1.0, middle + width)
