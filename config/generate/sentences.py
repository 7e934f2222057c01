"""Ready sentences, each with the HTML and the words that saving would give it: to join them costs little."""

import random
import re
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from blog.sanitize import clean_comment
from comments import search
from comments.models import Comment
from config.generate import words

READY = 3000
SPAM = "spam"
GAP = re.compile(r"\{\}|#")


class Sentence(NamedTuple):
    text: str
    html: str
    found_by: frozenset[str]


class Sentences:
    """Those of one language, or of spam; few are said often, many seldom."""

    def __init__(self, kind: str, chance: random.Random) -> None:
        self.things = words.THINGS.get(kind, words.THINGS["en"]).split(",")
        self.likely = list(accumulate(1 / (place + 1) for place in range(len(self.things))))
        patterns = words.SPAM if kind == SPAM else words.PATTERNS[kind]
        texts = [self.fill(chance.choice(patterns), chance) for _ in range(READY)]
        self.texts = list(dict.fromkeys(texts))
        self.weights = list(accumulate(1 / (place + 20) for place in range(len(self.texts))))

    def some(self, number: int, chance: random.Random) -> list[Sentence]:
        return [_sentence(text) for text in chance.choices(self.texts, cum_weights=self.weights, k=number)]

    def fill(self, pattern: str, chance: random.Random) -> str:
        def one(gap: re.Match) -> str:
            if gap[0] == "#":
                return str(chance.randrange(1, 3000))
            return chance.choices(self.things, cum_weights=self.likely)[0]

        return GAP.sub(one, pattern)


def ready(chance: random.Random) -> dict[str, Sentences]:
    """By language, and spam's."""
    return {kind: Sentences(kind, chance) for kind in [*words.PATTERNS, SPAM]}


@cache
def _sentence(text: str) -> Sentence:
    html = clean_comment(text).removeprefix("<p>").removesuffix("</p>")
    return Sentence(text, html, frozenset(search.indexed(Comment(body_html=html))))
