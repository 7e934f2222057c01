"""Makes seed.bin, what the filter knows before anybody has taught it: `python -m comments.spam.make_seed PATH_TO_SMS`.

PATH_TO_SMS is the file SMSSpamCollection of the UCI SMS Spam Collection by T. A. Almeida and J. M. Gómez Hidalgo
(https://archive.ics.uci.edu/dataset/228/sms+spam+collection, CC BY 4.0; https://doi.org/10.24432/C5CC84). No message of
it is shipped: only in about what share of them features stood, by their hashes, rounded so that rare ones are gone. To
it come the project's own examples (examples.py), and rules that need no example.
"""

import argparse
import sys
from array import array
from pathlib import Path

from comments.spam.examples import examples
from comments.spam.features import INDEX, LINKS, SHAPE, Told, bucket, buckets
from comments.spam.model import Model

TARGET = Path(__file__).with_name("seed.bin")
# All messages of a kind count as much as so many lessons, an example of a comment as so many.
SMS, TIMES = 30, 5
# In how many of 100 good and of 100 spam comments it might stand; the other features of the kind are not touched.
RULES = {
    ("links", "2"): (2, 10),
    ("links", "3"): (1, 30),
    ("capitals", "4"): (1, 5),
    ("capitals", "5"): (1, 5),
    ("exclamations", "3"): (3, 15),
    ("trick", "tags"): (0, 5),
    ("trick", "unseen"): (0, 5),
    ("trick", "marks"): (0, 5),
    ("trick", "spaced"): (0, 5),
    ("trick", "letters"): (0, 10),
    ("trick", "signs"): (1, 5),
    ("context", "like:spam"): (1, 30),
    ("context", "like:good"): (5, 1),
    ("context", "network:spam"): (1, 20),
    ("context", "network:good"): (20, 1),
    ("seconds", "0"): (0, 5),
    ("seconds", "1"): (0, 5),
    ("seconds", "2"): (1, 5),
}


def make(messages: list[tuple[str, bool]]) -> Model:
    """The seed of these messages, (text, is_spam) each, of the examples and of the rules.

    Only of what they say: what good comments look like differs from site to site, and is neither a telephone's habit
    nor ours.
    """
    model = Model()
    for text, is_spam in messages:
        model.learn([one for one in buckets(Told(text)) if one >> 20 not in (SHAPE, LINKS)], is_spam)
    # Good and spam made as many as each other, and few beside the examples.
    shares = [SMS / max(1, lessons) for lessons in model.lessons]
    model.counts = array("i", [round(count * shares[at % 2]) for at, count in enumerate(model.counts)])
    model.lessons = [SMS if lessons else 0 for lessons in model.lessons]
    for text, is_spam in examples():
        found = [one for one in buckets(Told(text)) if one >> 20 != SHAPE]
        for _ in range(TIMES):
            model.learn(found, is_spam)
    for feature, (good, spam) in RULES.items():
        index = (bucket(*feature) & INDEX) * 2
        model.counts[index] += good * model.lessons[0] // 100
        model.counts[index + 1] += spam * model.lessons[1] // 100
    return model


def read_sms(path: Path) -> list[tuple[str, bool]]:
    """The messages of the collection: a label, a tab, the text. Raises ValueError at a line that is none."""
    messages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        label, tab, text = line.partition("\t")
        if tab and label in ("ham", "spam"):
            messages.append((text, label == "spam"))
        elif line and number > 1:  # some copies begin with a header
            raise ValueError(f"{path}, line {number}: neither ham nor spam")
    return messages


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m comments.spam.make_seed", description=__doc__)
    parser.add_argument("sms", type=Path, metavar="PATH_TO_SMS")
    parser.add_argument("--target", type=Path, default=TARGET)
    given = parser.parse_args(arguments)
    try:
        made = make(read_sms(given.sms))
        given.target.write_bytes(made.dump())
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{given.target}: {sum(made.lessons)} lessons, {given.target.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
