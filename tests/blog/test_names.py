"""Which names are one to a reader, and which only nearly."""

import pytest

from blog import names


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("cafe", "Café"),
        ("CAFÉ", "Café"),
        ("Cafe\u0301", "Café"),
        ("علي", "علی"),
        ("كتاب", "کتاب"),
        ("STRASSE", "Straße"),
    ],
)
def test_case_accents_and_keyboards_part_no_names(typed, there):
    assert names.same(typed, ["Sea", there]) == there
    assert names.alike(typed, [there]) is None


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        *(("Cafes", "Café"), ("café", "Cafés"), ("boxes", "box")),
        *(("green-tea", "green tea"), ("greentea", "Green Teas")),
        *(("Stories", "story"), ("City", "cities")),
        *(("کتاب\u200cها", "کتاب"), ("کتابها", "كتاب"), ("کتاب", "کتاب ها"), ("شهر", "شهر\u200cها")),
        *(("حيوانات", "حيوان"), ("سيارة", "سيارات"), ("سيارات", "سيارة")),
    ],
)
def test_a_plural_and_a_hyphen_are_pointed_out_alone(typed, there):
    assert names.same(typed, [there]) is None
    assert names.alike(typed, ["Sea", there]) == there


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("C", "C++"),
        ("C#", "C++"),
        (".NET", "net"),
        ("as", "a"),
        ("sea", "season"),
        ("…", "!"),
        ("ties", "ty"),
        ("بها", "ب"),
    ],
)
def test_others_are_others(typed, there):
    assert names.same(typed, [there]) is names.alike(typed, [there]) is None


def test_the_very_name_comes_before_those_like_it():
    assert names.same("café", ["Café", "cafe", "café"]) == "café"


def test_what_begins_with_the_words_comes_before_what_has_them():
    found = ["Black Sea", "Season", "Sea", "Land"]
    assert names.matching("SEA", found, 10) == ["Season", "Sea", "Black Sea"]
    assert names.matching("", found, 2) == ["Black Sea", "Season"]
