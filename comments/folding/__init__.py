"""The one form in which block rules and texts are compared, and what words look like to a reader.

fold() makes words equal that differ only in case, width, or in what nobody sees. Whoever writes саsino with Cyrillic
letters is found by how it looks: see disguised(). A language's own words are never taken for another's: in a Russian
text сор is litter, not “cop”.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from comments.folding.lookalikes import LIKE

# Not seen, or only an ornament: Unicode's default-ignorable characters, strokes drawn over letters, the Arabic
# stretcher and vowel signs.
UNSEEN = re.compile(
    "["
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u0334-\u0338\u20d0-\u20ff"
    "\u0640\u064b-\u0652\u0670"
    "]"
)
# One letter to who types it, two to Unicode; the capital of ı is I.
SAME = {"ي": "ی", "ى": "ی", "ك": "ک", "ı": "i"}
DIGIT = re.compile("[^\\D0-9]")
# Without spaces between words: there, a word is looked for anywhere.
UNSPACED = re.compile(
    "["
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3021-\u3029\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "]"
)


class _ByCharacter(dict):
    """A table for str.translate that fills itself; only characters that exist are kept."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self.make = make

    def __missing__(self, code: int) -> str:
        made = self.make(chr(code))
        if unicodedata.category(chr(code)) not in ("Cn", "Co", "Cs"):
            self[code] = made
        return made


def _word(char: str) -> str:
    return char if unicodedata.category(char)[0] in "LMN" else " "


def _script(char: str) -> str:
    """A letter's alphabet as one sign; nothing for what is no letter."""
    if unicodedata.category(char)[0] != "L":
        return ""
    name = unicodedata.name(char, "?").partition(" ")[0]
    return _SCRIPTS.setdefault(name, chr(0xF0000 + len(_SCRIPTS)))


_SCRIPTS = {"LATIN": "L"}
_WORD = _ByCharacter(_word)
_SCRIPT = _ByCharacter(_script)
_LOOKS = str.maketrans({letter: sign for sign, letters in LIKE.items() for letter in letters})


def seen(text: str) -> str:
    """`text` as typed but for what a reader does not see: NFKC, no invisible characters, ASCII digits."""
    if text.isascii():
        return text
    text = UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    text = DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    for typed, same in SAME.items():
        text = text.replace(typed, same)
    return unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """`text` in the form that is compared. Folding what is folded changes nothing."""
    if text.isascii():
        return text.lower()
    # Marks come together anew when what stood between them is gone, and a few letters need a second turn.
    for _ in range(3):
        before, text = text, seen(seen(text).casefold())
        if text == before:
            break
    return text


def literal(text: str) -> str:
    """`text` as it stands, but for case: to find a disguise itself, such as ｂ for b."""
    return " ".join(text.casefold().split())


def words(text: str) -> list[str]:
    """The words of a text that seen() or fold() gave: runs of letters, marks and digits."""
    return text.translate(_WORD).split()


def looks(word: str) -> str:
    """A word folded, its letters that look like ASCII ones written as those. Case tells: Н is like H, н is not."""
    return fold(word.translate(_LOOKS))


def disguised(words: Iterable[str]) -> dict[str, set[str]]:
    """Those of a text's words (as typed, of seen()) that pretend to be others, and how they may be meant, folded.

    A word of two alphabets does, and one whose every letter looks like ASCII, unless the text has other words in the
    same alphabet.
    """
    found: dict[str, set[str]] = {}
    pure: dict[str, set[str]] = {}
    spoken: set[str] = set()
    for word in {word for word in words if not word.isascii()}:
        forms = {word, word.lower()}
        scripts = set(word.translate(_SCRIPT))
        if len(scripts) > 1 or scripts == {"L"}:
            meant = {looks(form) for form in forms}
            # Latin letters may also be the ones that pretend: кaзинo is what looks() makes of казино.
            if scripts > {"L"} or meant != {fold(word)}:
                found[word] = meant
        elif any(form.translate(_LOOKS).isascii() for form in forms):
            pure[word] = scripts
        else:
            spoken |= scripts
    for word, scripts in pure.items():
        if not scripts & spoken:
            found[word] = {looks(word), looks(word.lower())} - {fold(word)}
    return found
