import random

import pytest

from comments.spam.features import Told, features
from tests.comments.spam import obfuscation


def found(text: str) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {"word": set(), "trick": set()}
    for kind, value in features(Told(text)):
        kinds.setdefault(kind, set()).add(value)
    return kinds


@pytest.mark.parametrize(
    "text, word, trick",
    [
        ("fr33", "free", "signs"),
        ("ch@nnel", "channel", "signs"),
        ("$ubscribe", "subscribe", "signs"),
        ("c1ick", "click", "signs"),
        ("w1nner", "winner", "signs"),
        ("0ffer", "offer", "signs"),
        ("s u b s c r i b e", "subscribe", "spaced"),
        ("s.u.b.s.c.r.i.b.e", "subscribe", "spaced"),
        ("c-a-s-i-n-o", "casino", "spaced"),
        ("f_r_e_e", "free", "spaced"),
        ("c*a*s*i*n*o", "casino", "spaced"),
        ("\u0441asin\u043e", "casino", "letters"),
        ("s\u03c5bscrib\u0435", "subscribe", "letters"),
        ("v\u0456agra", "viagra", "letters"),
        ("p\u04cfease", "please", "letters"),
        ("c\u200bas\u200bino", "casino", "unseen"),
        ("ca\u00adsino", "casino", "unseen"),
        ("cas<b></b>ino", "casino", "tags"),
        ("cas<!-- x -->ino", "casino", "tags"),
        ("c\u0301\u0301\u0301\u0301a\u0301sino", "casino", "marks"),
    ],
)
def test_a_hidden_word_is_read_and_the_trick_named(text, word, trick):
    kinds = found(f"look {text} here")
    assert word in kinds["word"] and trick in kinds["trick"]


@pytest.mark.parametrize(
    "text, word",
    [
        ("&#99;asino", "casino"),
        ("&amp;#x63;asino", "casino"),
        ("ｃａｓｉｎｏ", "casino"),
        ("\U0001d41c\U0001d41a\U0001d42c\U0001d422\U0001d427\U0001d428", "casino"),
        ("CaSiNo", "casino"),
        ("caaaasino", "casino"),
        ("freeeee", "free"),
        ("c\u00e1s\u00edn\u00f3", "casino"),
        ("sub-scribe", "subscribe"),
        ("w i n", "win"),
    ],
)
def test_other_spellings_are_read_too(text, word):
    assert word in found(f"look {text} here")["word"]


@pytest.mark.parametrize(
    "text",
    [
        "It was the 1st of May at 5 pm, 50p each",
        "@anna I agree",
        "I c u",
        "Это хорошая статья, спасибо",
        "Καλημέρα σε όλους",
        "می\u200cخواهم بخوانم",
        "क्\u200dष",
        "one<br>two",
        "<p>one</p><p>two</p>",
        "a well-known e-mail",
        "Tiếng Việt rất đẹp",
    ],
)
def test_honest_writing_is_no_trick(text):
    assert found(text)["trick"] == set()


def test_words_on_two_lines_stay_two():
    assert {"one", "two"} <= found("one<br/>two")["word"]


@pytest.mark.parametrize("trick", obfuscation.TRICKS)
def test_the_generator_is_seen_through_mostly(trick):
    """Its words are the filter's words again; what cannot be told (a missing letter's guess) may be one in ten."""
    rng = random.Random(7)
    words = ["please", "check", "subscribe", "channel", "video", "money", "website", "free", "casino", "offer", "click"]
    typed = [(word, trick(word, rng)) for word in words for _ in range(5)]
    read = sum(word in found(f"look at: {disguised}")["word"] for word, disguised in typed)
    assert read >= 0.9 * len(typed)
