"""The table of look-alikes is that of Unicode, as the package confusable-homoglyphs hands it on."""

import unicodedata

from confusable_homoglyphs.confusables import confusables_data

from comments.folding.lookalikes import LIKE


def _looks_like(char: str, listed: list[dict]) -> str:
    """The ASCII letter or digit that a letter looks like, or ""; what is written from right to left is like none."""
    if char.isascii() or unicodedata.category(char)[0] != "L" or unicodedata.bidirectional(char) != "L":
        return ""
    if unicodedata.normalize("NFKC", char) != char:
        return ""
    return next((other["c"] for other in listed if len(other["c"]) == 1 and _is_sign(other["c"])), "")


def _is_sign(char: str) -> bool:
    return char.isascii() and char.isalnum()


def test_the_table_is_what_the_package_says():
    singles = {char: listed for char, listed in confusables_data.items() if len(char) == 1}
    signs = {char: _looks_like(char, listed) for char, listed in singles.items()}
    # Unicode says l of every I; a capital whose small letter is like i is an I.
    signs |= {char: "i" for char, sign in signs.items() if sign == "l" and signs.get(char.lower()) == "i"}
    made: dict[str, str] = {}
    for char, sign in sorted(signs.items()):
        if sign:
            made[sign.lower()] = made.get(sign.lower(), "") + char

    assert made == LIKE


def test_nothing_ascii_is_folded():
    assert "".join(LIKE.values()).isascii() is False
    assert not [char for char in "".join(LIKE.values()) if char.isascii()]
