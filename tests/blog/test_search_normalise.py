import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.search.normalise import STEM_MARK, forms, normalise, stem, words
from blog.search.query import MAX_CHARACTERS, MAX_TERMS, clean, terms

ANY_TEXT = st.text(st.characters())  # lone surrogates and unassigned characters too


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Café CRÈME", "cafe creme"),
        ("cafe\u0301", "cafe"),
        ("Straße", "strasse"),
        ("Ångström Łódź Øre Æther", "angstrom lodz ore aether"),
        ("İstanbul ışık", "istanbul isik"),
        ("ﬁne ２０２４ ｶﾞｽ", "fine 2024 ガス"),
        ("Ελλάς", "ελλασ"),
        ("soft\u00adhyphen", "softhyphen"),
        ("l’été d'Anna", "l ete d anna"),
        # Arabic and Persian: one letter in several codes, vowel signs, tatweel, digits
        ("كتابي", "کتابی"),
        ("أحمد إلى آخر ٱلكتاب", "احمد الی اخر الکتاب"),
        ("مدرسة", "مدرسه"),
        ("مُحَمَّد", "محمد"),
        ("كتـــاب", "کتاب"),
        ("۱۳۹۶ ١٩٩٦", "1396 1996"),
        ("می‌خواهم", "می خواهم"),
        # Hebrew points and the hyphen between words
        ("שָׁלוֹם בית־ספר", "שלום בית ספר"),
        # Vowel signs of Hindi are letters, and its digits are digits
        ("हिन्दी २०", "हिन्दी 20"),
        ("東京都 ラーメン", "東京 京都 ラー ーメ メン"),
        ("한국어", "한국 국어"),
        (unicodedata.normalize("NFD", "한국어"), "한국 국어"),
        ("2024年に", "2024 年に"),
        ("🙂 ?! — *", ""),
        ("a\x00b \ud800", "a b"),
    ],
)
def test_ways_of_writing_become_one(written, normal):
    assert normalise(written) == normal == normalise(normal)


def test_hindi_vowel_signs_are_kept():
    assert normalise("किताब") != normalise("कताब")


@given(ANY_TEXT)
def test_any_text_has_words_that_stand_in_it(text):
    composed = unicodedata.normalize("NFC", text)
    for word in words(text):
        assert word.text and not any(c.isspace() for c in word.text)
        assert normalise(composed[word.start : word.end]), word


@given(ANY_TEXT, st.sampled_from(["en", "ar", "fa", "de", "ja", "", "xx"]))
def test_forms_are_safe_to_quote(text, language):
    kept = [form.removeprefix(STEM_MARK) for word in forms(text, language) for form in word]
    assert not any(set(form) & set("\"'\\ =*:\x00") for form in kept)


def test_a_word_that_is_typed_without_its_joiner_is_there_to_be_found():
    assert [word.text for word in words("می‌خواهم") if word.is_extra] == ["میخواهم"]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("tides", "tide", "en"),
        ("walking", "walked", "en-gb"),
        ("Häuser", "Haus", "de"),
        ("marées", "marée", "fr"),
        ("canciones", "canción", "es"),
        ("کتاب‌های", "کتاب", "fa"),
        ("المدرسة", "مدرسة", "ar"),
    ],
)
def test_words_of_one_stem(one, other, language):
    def stems(text):
        return {stem(word.text, language) or word.text for word in words(text)}

    assert stems(one) & stems(other)


@pytest.mark.parametrize("language", ["he", "ja", "xx", ""])
def test_a_language_without_a_stemmer_has_no_stems(language):
    assert stem("tides", language) == ""


def test_stems_are_marked_and_only_kept_where_they_differ():
    assert forms("tide tides", "en") == [("tide",), ("tides", STEM_MARK + "tide")]


def test_the_last_word_may_be_half_typed():
    assert [(term.word, term.is_prefix) for term in terms("sea tid", "en")] == [("sea", False), ("tid", True)]


def test_one_letter_begins_too_many_words():
    assert not terms("plan b", "en")[-1].is_prefix


def test_one_sign_begins_pairs_wherever_it_stands():
    assert [(term.word, term.is_prefix) for term in terms("都 sea", "en")] == [("都", True), ("sea", True)]


def test_a_query_is_bounded():
    assert len(terms(" ".join(f"w{n}" for n in range(500)), "en")) == MAX_TERMS
    assert len(clean("x" * 10_000)) == MAX_CHARACTERS


def test_a_repeated_word_is_asked_once():
    assert [term.word for term in terms("sea tide SEA", "en")] == ["sea", "tide"]


def test_a_query_can_be_shown_again():
    assert clean(' a\x00b \ud800 "c"\n') == 'a b "c"'
