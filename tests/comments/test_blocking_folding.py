import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.folding import disguised, fold, looks, seen, words


@pytest.mark.parametrize(
    "written",
    ["CASINO", "ｃａｓｉｎｏ", "cas\u200bino", "ca\u00adsino", "𝐜𝐚𝐬𝐢𝐧𝐨", "c\u0336asi\u0336no", "casıno"],
)
def test_one_form_of_a_word(written):
    assert fold(written) == "casino"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("НЕТ", "нет"),
        ("ΣΟΦΟΣ", "σοφός".replace("ό", "ο")),
        ("Straße", "STRASSE"),
        ("کتابي", "کتابی"),
        ("كتاب", "کتاب"),
        ("سـلام", "سلام"),
        ("۱۲۳", "123"),
        ("می\u200cخواهم", "میخواهم"),
    ],
)
def test_what_is_the_same_to_readers(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("rn", "m"), ("1", "l"), ("0", "o"), ("нет", "het"), ("é", "e")])
def test_what_is_not_the_same(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize("disguise", ["саsіno", "САSINO", "сasinο", "ᴄasino", "cаsinо"])
def test_a_word_of_two_alphabets_is_read_as_it_looks(disguise):
    assert "casino" in disguised([disguise])[disguise]


def test_case_tells_what_a_letter_looks_like():
    assert looks("Н") == "h"
    assert looks("н") == "н"


def test_a_whole_word_of_look_alikes_is_a_disguise_among_other_words():
    assert disguised(words(seen("buy ВІТСОІ now")))["ВІТСОІ"] & {"bitcoi"}


def test_a_language_s_own_words_are_no_disguise():
    assert disguised(words(seen("Но это сор, а не оса. НЕТ"))) == {}
    assert disguised(words(seen("Και το όνομα"))) == {}
    assert disguised(words(seen("این کتاب خوب است"))) == {}


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert seen(seen(text)) == seen(text)


@given(st.text())
def test_case_makes_no_difference(text):
    text = unicodedata.normalize("NFC", text)
    assert fold(text.lower()) == fold(text)
