"""Writes words as spammers do, so that people still read them.

The filter's tests learn from clean text and judge this. The tricks are chosen at random, word by word, and know
nothing of how the filter undoes them.
"""

import random

# From what people type, not from the filter's own tables.
SAME_LOOK = {
    "a": "аɑα", "b": "ЬƄ", "c": "сϲ", "d": "ԁ", "e": "еҽ", "g": "ɡ", "h": "һ", "i": "іι", "j": "ј", "k": "κ", "l": "ӏ",
    "m": "м", "n": "ո", "o": "оοօ", "p": "рρ", "q": "ԛ", "s": "ѕ", "u": "υս", "v": "ν", "w": "ԝ", "x": "х", "y": "уγ",
}  # fmt: skip
DIGITS = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7", "l": "1", "b": "8"}
NOT_SEEN = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u200e"
TAGS = ["<b></b>", "<i></i>", "<span></span>", "<!-- x -->", "<font></font>", "</b>"]
STROKES = "\u0301\u0300\u0308\u0303\u0335\u0336"


def look_alikes(word: str, rng: random.Random) -> str:
    return "".join(rng.choice(SAME_LOOK[c]) if c in SAME_LOOK and rng.random() < 0.6 else c for c in word)


def digits(word: str, rng: random.Random) -> str:
    return "".join(rng.choice(DIGITS[c]) if c in DIGITS and rng.random() < 0.7 else c for c in word)


def unseen(word: str, rng: random.Random) -> str:
    return "".join(c + (rng.choice(NOT_SEEN) if rng.random() < 0.5 else "") for c in word)


def spaces(word: str, rng: random.Random) -> str:
    return rng.choice([" ", ".", "-", "_", "*"]).join(word)


def tags(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word))
    return word[:at] + rng.choice(TAGS) + word[at:]


def entities(word: str, rng: random.Random) -> str:
    return "".join(rng.choice((f"&#{ord(c)};", f"&#x{ord(c):x};")) if rng.random() < 0.5 else c for c in word)


def wide(word: str, rng: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def fancy(word: str, rng: random.Random) -> str:
    start = rng.choice([0x1D41A, 0x1D44E, 0x1D5BA, 0x1D68A])  # letters of mathematics
    return "".join(chr(start + ord(c) - 97) if "a" <= c <= "z" and c != "h" else c for c in word)


def strokes(word: str, rng: random.Random) -> str:
    return "".join(c + (rng.choice(STROKES) if rng.random() < 0.5 else "") for c in word)


def stretched(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word))
    return word[:at] + word[at] * rng.randint(3, 7) + word[at + 1 :]


def case(word: str, rng: random.Random) -> str:
    return "".join(rng.choice((c.lower(), c.upper())) for c in word)


TRICKS = (look_alikes, digits, unseen, spaces, tags, entities, wide, fancy, strokes, stretched, case)


def obfuscate(text: str, seed: int, share: float = 0.5, tricks: tuple = TRICKS) -> str:
    """`text` with about `share` of its longer words disguised, links left alone so that they still work."""
    rng = random.Random(seed)
    return " ".join(
        rng.choice(tricks)(word, rng)
        if len(word) > 3 and "/" not in word and word.isalpha() and rng.random() < share
        else word
        for word in text.split(" ")
    )
