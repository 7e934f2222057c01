"""What somebody typed into the search box, as terms that either database can be asked for."""

import re
from dataclasses import dataclass

from blog.search.normalise import LANGUAGE_MARK, PAIRED, STEM_MARK, STEMMERS, stem, words

MAX_CHARACTERS = 400
MAX_TERMS = 20
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")


@dataclass(frozen=True)
class Term:
    word: str
    stem: str  # in the site's language
    is_prefix: bool
    others: tuple[tuple[str, str], ...] = ()  # languages in which its stem is another, and that stem

    @property
    def forms(self) -> list[str]:
        """What the index may hold for this term: the word, a word of the same stem, or the stem as a word."""
        return list(dict.fromkeys([self.word, *_of_stem(self.stem)]))

    @property
    def forms_elsewhere(self) -> list[tuple[str, list[str]]]:
        """The same by other stems, each for posts with this mark alone: what is no word of their language would find
        too much in the site's."""
        return [(LANGUAGE_MARK + language, _of_stem(stem)) for language, stem in self.others]


def clean(query: str) -> str:
    """`query` fit to be shown again: on one line, without what cannot be encoded, of bounded length."""
    return UNPRINTABLE.sub(" ", query[: 10 * MAX_CHARACTERS]).strip()[:MAX_CHARACTERS]


def terms(query: str, language: str) -> list[Term]:
    """All must be found. The last may be half typed; a single sign of a script without spaces begins a pair.

    `language` is the site's; with an empty one nothing is stemmed.
    """
    asked = [word for word in words(query) if not word.is_extra]
    found: dict[str, Term] = {}
    for word in asked[:MAX_TERMS]:
        is_sign = len(word.text) == 1 and bool(PAIRED.match(word.text))
        is_half_typed = word is asked[-1] and len(word.text) > 1
        own = stem(word.text, language)
        others = _elsewhere(word.text, own) if language else ()
        found[word.text] = Term(word.text, own, is_sign or is_half_typed, others)
    return list(found.values())


def _of_stem(stem: str) -> list[str]:
    return [STEM_MARK + stem, stem] if stem else []


def _elsewhere(word: str, own: str) -> tuple[tuple[str, str], ...]:
    stems = ((language, stem(word, language)) for language in STEMMERS)
    return tuple((language, found) for language, found in stems if found and found != own)
