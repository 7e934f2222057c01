"""Ready sentences, each with the HTML and the words that saving would give it: to join them costs little."""

import random
import re
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from blog.sanitize import clean_comment
from comments import search
from config.generate import words

READY = 3000
LEAN = 20  # the first 20 are about as likely as one another, the thousandth fifty times less than those
SPAM = "spam"
GAP = re.compile(r"\{\}|#")


class Sentence(NamedTuple):
    text: str
    inline: str
    html: str
    words: str  # as the comments' search has them


class Sentences:
    """Those of one language, or of spam; few are said often, many seldom."""

    def __init__(self, kind: str, chance: random.Random) -> None:
        self.chance = chance
        self.things = words.THINGS.get(kind, words.THINGS["en"]).split(",")
        self.likely = list(accumulate(1 / (place + 1) for place in range(len(self.things))))
        patterns = words.SPAM if kind == SPAM else words.PATTERNS[kind]
        self.texts = list(dict.fromkeys(self.fill(chance.choice(patterns)) for _ in range(READY)))
        self.range = len(self.texts) / LEAN + 1

    def one(self) -> Sentence:
        return sentence(self.text())

    def text(self) -> str:
        return self.texts[int(LEAN * self.range ** self.chance.random()) - LEAN]

    def fill(self, pattern: str) -> str:
        def one(gap: re.Match) -> str:
            if gap[0] == "#":
                return str(self.chance.randrange(1, 3000))
            return self.chance.choices(self.things, cum_weights=self.likely)[0]

        return GAP.sub(one, pattern)


def ready(chance: random.Random) -> dict[str, Sentences]:
    """By language, and spam's."""
    return {kind: Sentences(kind, chance) for kind in [*words.PATTERNS, SPAM]}


@cache
def sentence(text: str) -> Sentence:
    html = clean_comment(text)
    return Sentence(text, html.removeprefix("<p>").removesuffix("</p>"), html, found_by(html))


class Said(NamedTuple):
    """As much of a comment as search.indexed() looks at."""

    body_html: str = ""
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""


def found_by(*said: str) -> str:
    """The words under which a comment with this HTML, name, address and website is found."""
    return search.document(search.indexed(Said(*said)))
