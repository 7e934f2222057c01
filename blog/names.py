"""When two names of labels, or of series, are the same to a reader: case, accents and the letters that Arabic and
Persian keyboards differ in part nobody's posts. Names that may be the same, such as a plural, are only pointed out."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from blog.search.normalise import FOLD, normalise

# Of one and of many: English and its like, Persian, Arabic.
ENDINGS = (("", "s"), ("", "es"), ("y", "ies"), ("", "ها"), ("", "ات"), ("ه", "ات"))
# Their letters lie scattered in Unicode; this is the order that Persian's readers know, and Arabic's find theirs in.
PERSIAN = "ءآأاؤئبپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
IN_PLACE = str.maketrans(PERSIAN, "".join(sorted(PERSIAN)))
DIGITS, SIGNS = "0–9", "#"


@lru_cache(maxsize=50_000)
def folded(name: str) -> str:
    """The form in which two names are equal if they are the same one. C++ and C# are not."""
    letters = "".join(FOLD[ord(char)] if _is_folded(char) else char for char in name)
    return " ".join(unicodedata.normalize("NFC", letters).split())


def _is_folded(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LMN" or category == "Cf"


@lru_cache(maxsize=50_000)
def _bare(name: str) -> str:
    """Without what parts words: green-tea is greentea. Empty where other signs mean something, as in C++ and C#."""
    is_plain = all(char in " -'’" or _is_folded(char) for char in name)
    return normalise(name).replace(" ", "") if is_plain else ""


def same(name: str, names: Iterable[str]) -> str | None:
    """Which of `names` this one is; the very name before those that differ in case or accents."""
    key, found = folded(name), None
    for one in names:
        if one == name:
            return one
        if found is None and folded(one) == key:
            found = one
    return found


def alike(name: str, names: Iterable[str]) -> str | None:
    """Which of `names` may mean what this one does, though they are not the same."""
    bare, key = _bare(name), folded(name)
    wanted = {bare, *_of_one_and_many(bare)} - {""}
    return next((one for one in names if _bare(one) in wanted and folded(one) != key), None)


def _of_one_and_many(bare: str) -> Iterator[str]:
    for pair in ENDINGS:
        for has, other in (pair, pair[::-1]):
            if bare.endswith(has) and (not has or len(bare) > len(has) + 2):
                yield bare.removesuffix(has) + other


def matching(typed: str, names: Iterable[str], most: int) -> list[str]:
    """At most so many of `names` for what is being typed: those that begin with it, then those that have it in them,
    each in the order that they came in."""
    key = folded(typed)
    begin, have = [], []
    for name in names:
        place = folded(name).find(key)
        if place == 0:
            begin.append(name)
        elif place > 0:
            have.append(name)
    return (begin + have)[:most]


def in_order(name: str) -> str:
    """What names are sorted by: as in a dictionary, whatever their case and accents."""
    return folded(name).translate(IN_PLACE)


def first_letter(name: str) -> str:
    """What a name stands under in an index: its first letter, one heading for all digits, one for all other signs."""
    first = folded(name)[:1]
    if first.isdecimal():
        return DIGITS
    return first.upper() if first.isalpha() else SIGNS
