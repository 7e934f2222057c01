"""How words are hidden from filters, and the words that are meant: fr33, ch@nnel, s u b s c r i b e, fr<b></b>ee.

Whatever is found is named, so that the filter may also learn what a trick itself is worth.
"""

import html
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from comments.folding import UNSEEN, UNSPACED, disguised, fold, seen, words
from comments.folding import looks as like

LONGEST = 40  # characters of a word; what is longer is read in pieces of this size
LEET = str.maketrans("@4301!|5$78€+", "aaeoiiisstbet")
LEET_L = str.maketrans("@4301!|5$78€+", "aaeollisstbet")
# Beside the letters that Unicode lists as looking the same (comments/folding), in words of two alphabets.
ALMOST = str.maketrans("κкмтнвьƅγςϲητи", "kkmthbbbyccntn")
ALMOST_L = ALMOST | str.maketrans("ӏӀіιΙІ", "llllll")
FORMS = 4  # that one word may mean
LETTER = r"[^\W\d_]"

ENTITY = re.compile(r"&#?\w{2,31};")
# What stands between two paragraphs is no trick; a comment or an empty tag within a word is.
BREAK = re.compile(r"<\s*/?\s*(?:br|p|div|li|ul|ol|tr|td|h[1-6]|hr|blockquote|pre)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"<[!/?]?[a-zA-Z-][^<>]*>")
CUTTING_TAG = re.compile(rf"{LETTER}(?:<[!/?]?[a-zA-Z-][^<>]*>)+{LETTER}")
CUTTING_UNSEEN = re.compile(rf"{LETTER}(?:{UNSEEN.pattern})+{LETTER}")
# A letter of Arabic or an Indic script may need a joiner; one of these alphabets never does.
UNJOINED = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f]")
# From the fourth on: more marks than any language puts on one letter, and slow to bring into order.
MARKS = re.compile("([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]{3})"
                   "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]+")  # fmt: skip
SPACED = re.compile(
    r"(?<![^\W_])[^\W_]([ \t]{1,2}|[ \t]?[._*|·•~/\\+-][ \t]?)[^\W_](?:\1[^\W_])+(?![._*|·•~/\\+-]?[^\W_])"
)
STRETCHED = re.compile(r"(\w)\1{2,}")
JOINING = re.compile(r"[^\W_]+(?:[._*~^|'’`·•\\/+-]+[^\W_]+)+")
ENDS = "\"'`´‘’“”„«»()[]{}<>.,:;?!…*_~-–—/\\|+=&%#^。，、！？：；（）「」『』،؛؟۔"


def unmarked(text: str) -> tuple[str, set[str]]:
    """`text` without entities and tags, as a reader sees it, and the tricks that were found on the way."""
    tricks = set()
    for _ in range(2):
        if "&" not in text or not ENTITY.search(text):
            break
        text = html.unescape(text)
    if "<" in text:
        text = BREAK.sub(" ", text)
        if CUTTING_TAG.search(text):
            tricks.add("tags")
        text = TAG.sub("", text)
    if not text.isascii():
        if any(UNJOINED.match(found[0]) for found in CUTTING_UNSEEN.findall(text)):
            tricks.add("unseen")
        text, count = MARKS.subn(r"\1", text)
        if count:
            tricks.add("marks")
        text = seen(text)
    return text, tricks


def joined(text: str) -> tuple[str, list[str]]:
    """`text` with letters that stand apart put together to words, and words of three that may be meant so."""
    more: list[str] = []

    def join(found: re.Match) -> str:
        letters = "".join(words(found[0]))
        if len(letters) < 4:  # it may as well be “I c u”
            more.append(fold(letters))
            return found[0]
        return letters

    return SPACED.sub(join, text), more


def tokens(text: str) -> tuple[list[tuple[str, ...]], list[str], set[str]]:
    """The words of a text that unmarked() and joined() gave, in order, folded, each with all that may be meant by it.

    Returns the words, more forms that stand at no place of their own, and the tricks.
    """
    tricks: set[str] = set()
    more: list[str] = []
    chunks = text.split()
    pretending = {} if text.isascii() else disguised(form for chunk in chunks for form in _chunk(chunk)[0])
    if pretending:
        tricks.add("letters")
    found: list[tuple[str, ...]] = []
    for chunk in chunks:
        forms, extra, trick, honest = _chunk(chunk)
        tricks.update(trick)
        more += extra
        if pretending.keys().isdisjoint(forms):
            found += honest
        else:
            found += [_meant(form, frozenset(pretending.get(form, ()))) for form in forms]
    return found, more, tricks


class Chunk(NamedTuple):
    """What stands between two spaces: its words as typed, forms beside them, tricks, and all that its words mean."""

    words: tuple[str, ...]
    more: tuple[str, ...]
    tricks: tuple[str, ...]
    meant: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=2**14)
def _chunk(chunk: str) -> Chunk:
    core = chunk.strip(ENDS)
    plain, more, named = tuple(words(core)), (), ()
    if _is_leet(core):
        plain, named = (core,), ("signs",)
    elif len(plain) > 1 and len(core) <= LONGEST and JOINING.fullmatch(core):
        more = (fold("".join(plain)),)
    cut = tuple(word[at : at + LONGEST] for word in plain for at in range(0, len(word), LONGEST))
    return Chunk(cut, more, named, tuple(_meant(word, frozenset()) for word in cut))


def _is_leet(core: str) -> bool:
    """Whether `core` is a word with letters written as digits or signs: fr33, ch@nnel, but not 50p, 1st, @name."""
    odd = [char for char in core if not char.isalpha()]
    letters = len(core) - len(odd)
    if not odd or not letters or len(core) > LONGEST or not LEET.keys() >= set(map(ord, odd)):
        return False
    if core[0] == "@" and len(odd) == 1:
        return False
    return len(core) > 3 and not core[:2].isdigit() if core[0].isdigit() else letters > 1


@lru_cache(maxsize=2**14)
def _meant(form: str, looks: frozenset[str]) -> tuple[str, ...]:
    """All that a word may mean, in the form that is compared."""
    forms = [fold(form)]
    if looks:
        meant = {*looks, *(like(form.translate(table)) for table in (ALMOST, ALMOST_L))}
        # Once some are all of one alphabet, the others are nobody's words.
        forms = sorted(filter(str.isascii, meant)) or sorted(meant)
    if not form.isalpha() and any(map(str.isalpha, form)):
        forms += [folded.translate(table) for folded in forms for table in (LEET, LEET_L)]
    if STRETCHED.search(form.lower()):
        forms = [STRETCHED.sub(times, folded) for times in (r"\1\1", r"\1") for folded in forms]
    if not form.isascii():
        forms += [plain(folded) for folded in forms if folded[:1].isascii() or plain(folded)[:1].isascii()]
    return tuple(dict.fromkeys(filter(None, forms)))[:FORMS] or (form,)


@lru_cache(maxsize=2**14)
def plain(word: str) -> str:
    """`word` without the marks over its letters."""
    if word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFKD", word) if unicodedata.category(char) != "Mn") or word


def is_unspaced(word: str) -> bool:
    return not word.isascii() and UNSPACED.search(word) is not None
