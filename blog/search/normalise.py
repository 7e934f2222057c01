"""One normalisation for what is indexed, what is asked and what a snippet marks."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

WORD_MAX = 64
# Stands before a stem, so that it is never taken for a word: no word contains it.
STEM_MARK = "="
# Stands before a language's code, for a post that names its language: the stems of others do not find it.
LANGUAGE_MARK = "=="

STEMMERS = {"ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fa": "persian", "fr": "french"}
# Words are kept in Persian letters.
ARABIC = str.maketrans("یک", "يك")

# The zero-width non-joiner and space part words; all other invisible characters are dropped.
ZWNJ = "\u200c"
PARTING = ZWNJ + "\u200b"
TATWEEL = "\u0640"

# Marks that people leave out when they type a search. Those of Indic scripts and of kana are letters to their readers.
ACCENT = re.compile(
    "["
    "\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # Latin, Greek, Cyrillic
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff"  # Arabic
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variants of a sign
    "]"
)
# One letter to a reader, two to Unicode, and no decomposition says so.
SAME = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ٱ": "ا", "ة": "ه", "ۃ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه"}
    | {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# Scripts without spaces between words: Chinese, Japanese, Korean (particles), Thai, Lao, Burmese, Khmer.
PAIRED = re.compile(
    "["
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\uac00-\ud7a3"
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"
    "]+"
)


class Word(NamedTuple):
    text: str
    start: int
    end: int
    # There to be found, not to be asked for: the last character of a run of pairs alone, so that one sign finds every
    # pair; words that a ZWNJ joins, as those write them who have no key for it.
    is_extra: bool = False


class _ByCharacter(dict):
    """A table for str.translate that fills itself; only characters that exist are kept."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self.make = make

    def __missing__(self, code: int) -> str:
        char = chr(code)
        made = self.make(char)
        if unicodedata.category(char) not in ("Cn", "Co", "Cs"):
            self[code] = made
        return made


def _fold(char: str) -> str:
    if char in PARTING:
        return " "
    if char == TATWEEL or unicodedata.category(char) == "Cf":
        return ""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold())
    parts = ACCENT.sub("", parts).translate(SAME)
    return unicodedata.normalize("NFC", "".join(_keep(part) for part in parts))


def _keep(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return char if category[0] in "LMN" else " "


def _shape(char: str) -> str:
    """One character for one: of a word, of a run that is cut into pairs, ZWNJ, invisible, or none of these."""
    if char == ZWNJ:
        return "z"
    folded = FOLD[ord(char)]
    if not folded:
        return "-"
    if folded.isspace():
        return " "
    return "p" if PAIRED.fullmatch(folded) else "w"


FOLD = _ByCharacter(_fold)
SHAPE = _ByCharacter(_shape)
RUN = re.compile("w[w-]*(?:zw[w-]*)*|p[p-]*")


def normalise(text: str) -> str:
    """`text` in the one form that is compared: words and single spaces only."""
    return " ".join(word.text for word in words(text) if not word.is_extra)


def words(text: str) -> Iterator[Word]:
    """The words of `text`, normalised, with where they stand in the NFC form of `text`.

    Takes any string, lone surrogates and null bytes too. Scripts without spaces come as overlapping pairs.
    """
    text = unicodedata.normalize("NFC", text)
    for start, end in runs(text):
        for word in read(text[start:end]):
            yield Word(word.text, start + word.start, start + word.end, word.is_extra)


def texts(text: str) -> Iterator[str]:
    """What words() finds, without the places: an index keeps none, and a whole site is read in half the time."""
    text = unicodedata.normalize("NFC", text)
    for start, end in runs(text):
        for word in read(text[start:end]):
            yield word.text


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Where each run of letters of a text in NFC begins and ends: one or several words for read()."""
    return map(re.Match.span, RUN.finditer(text.translate(SHAPE)))


def read(run: str) -> tuple[Word, ...]:
    """The words of one run of letters, placed from its start."""
    # Most runs are words that have been read before; a page of text without spaces is no use to remember.
    return _remembered(run) if len(run) <= WORD_MAX else _read(run)


def _read(run: str) -> tuple[Word, ...]:
    shape = run.translate(SHAPE)
    if shape[0] == "p":
        return tuple(_pairs(_folded(run), len(run)))
    if "z" in shape:
        return tuple(_joined(run))
    return tuple(Word(word[:WORD_MAX], 0, len(run)) for word in _folded(run).split())


_remembered = lru_cache(maxsize=50_000)(_read)


def _folded(text: str) -> str:
    # Composed again: half-width kana and Hangul come in parts that are one letter only together.
    return unicodedata.normalize("NFC", text.translate(FOLD))


def _joined(run: str) -> Iterator[Word]:
    at = 0
    for part in run.split(ZWNJ):
        for word in _folded(part).split():
            yield Word(word[:WORD_MAX], at, at + len(part))
        at += len(part) + 1
    whole = _folded(run.replace(ZWNJ, "")).replace(" ", "")
    yield Word(whole[:WORD_MAX], 0, len(run), is_extra=True)


def _pairs(folded: str, length: int) -> Iterator[Word]:
    last = len(folded) - 1
    # Where a sign became several or an invisible one went, places inside the run are not known: all of it is meant.
    is_even = len(folded) == length
    for i in range(len(folded)):
        start, end = (i, min(i + 2, length)) if is_even else (0, length)
        yield Word(folded[i : i + 2], start, end, is_extra=0 < i == last)


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The stem of a normalised word in a language such as "en" or "en-gb"; empty if there is none to know."""
    code = code_of(language)
    if code not in STEMMERS or len(word) < 3 or not word.isalpha():
        return ""
    # A stemmer keeps the word it works on in itself, so that threads must not share one; making one is cheap.
    stemmer = snowballstemmer.stemmer(STEMMERS[code])
    found = stemmer.stemWord(_arabic(word) if code == "ar" else word).translate(SAME)
    return found if len(found) > 1 else ""


def code_of(language: str) -> str:
    return language.partition("-")[0]


def mark(language: str) -> list[tuple[str, ...]]:
    """What the index holds beside its words for a post that names its language."""
    return [(LANGUAGE_MARK + code_of(language),)] if language else []


def _arabic(word: str) -> str:
    """A normalised word with the letters that Arabic's stemmer knows endings by."""
    return re.sub("ه$", "ة", word.translate(ARABIC))


def forms(text: str, language: str) -> list[tuple[str, ...]]:
    """What the index holds of each word of `text`: the word, and its marked stem where that is another."""
    found: list[tuple[str, ...]] = []
    for word in texts(text):
        root = stem(word, language)
        found.append((word, STEM_MARK + root) if root and root != word else (word,))
    return found
