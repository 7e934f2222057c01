"""What somebody typed into the search box, as terms that either database can be asked for."""

import re
from dataclasses import dataclass

from blog.search.normalise import PAIRED, STEM_MARK, stem, words

MAX_CHARACTERS = 400
MAX_TERMS = 20
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")


@dataclass(frozen=True)
class Term:
    word: str
    stem: str
    is_prefix: bool

    @property
    def forms(self) -> list[str]:
        """What the index may hold for this term: the word, a word of the same stem, or the stem as a word."""
        if not self.stem:
            return [self.word]
        return list(dict.fromkeys([self.word, STEM_MARK + self.stem, self.stem]))


def clean(query: str) -> str:
    """`query` fit to be shown again: on one line, without what cannot be encoded, of bounded length."""
    return UNPRINTABLE.sub(" ", query[: 10 * MAX_CHARACTERS]).strip()[:MAX_CHARACTERS]


def terms(query: str, language: str) -> list[Term]:
    """All must be found. The last may be half typed; a single sign of a script without spaces begins a pair."""
    asked = [word for word in words(query) if not word.is_extra]
    found: dict[str, Term] = {}
    for word in asked[:MAX_TERMS]:
        is_sign = len(word.text) == 1 and bool(PAIRED.match(word.text))
        is_half_typed = word is asked[-1] and len(word.text) > 1
        found[word.text] = Term(word.text, stem(word.text, language), is_sign or is_half_typed)
    return list(found.values())
