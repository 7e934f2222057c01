import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.spam import features as made
from comments.spam.features import Told, buckets, features, pack, unpack


def of(text: str, **told) -> set[tuple[str, str]]:
    return set(features(Told(text, **told)))


def test_a_comment_is_taken_apart():
    found = of(
        "Visit my site, http://shop.example.com/cheap-watches!",
        name="Ann Lee",
        email="ann@mail.example",
        url="https://ann.example/blog",
        seconds=6.5,
        depth=2,
        context=("like:spam",),
    )
    assert found >= {
        ("word", "visit"),
        ("pair", "visit my"),
        ("near", "2 visit site"),
        ("link", "shop.example.com"),
        ("link part", "watches"),
        ("ending", "com"),
        ("links", "1"),
        ("sign", ","),
        ("name", "ann"),
        ("mail", "mail.example"),
        ("site", "ann.example"),
        ("site part", "blog"),
        ("seconds", "2"),
        ("depth", "2"),
        ("context", "like:spam"),
    }


@pytest.mark.parametrize(
    "text, scripts",
    [
        ("Hello there", {"latin"}),
        ("Спасибо за статью", {"cyrillic"}),
        ("خرید فالوور", {"arabic"}),
        ("Hello 在家兼职", {"latin", "cjk"}),
        ("subscr\u0456be", {"latin"}),
        ("12:30 !!!", set()),
        ("See http://пример.рф/", {"latin"}),
    ],
)
def test_the_scripts_are_those_of_the_words_that_are_meant(text, scripts):
    assert {value for kind, value in of(text) if kind == "script"} == scripts


@pytest.mark.parametrize(
    "text, fifths",
    [
        ("one two three four five six seven eight", "0"),
        ("win win win", "0"),
        ("win now " * 8, "4"),
        ("one two three four five six seven eight one two three four five six seven eight", "2"),
    ],
)
def test_repetition_is_how_much_was_said_before(text, fifths):
    assert ("repetition", fifths) in of(text)


def test_pieces_stand_within_words():
    assert "sub" in made.pieces("subscribe") and " su" in made.pieces("subscribe")
    assert all("e c" not in piece for piece in made.pieces("subscribe") + made.pieces("channel"))


@pytest.mark.parametrize(
    "text, word",
    [
        ("Über schöne Bücher", "schöne"),
        ("Спасибо за статью", "статью"),
        ("كازينو مجاني", "کازینو"),
        ("خرید فالوور", "فالوور"),
        ("在家兼职赚钱", "兼职"),
        ("今すぐクリック", "クリ"),
        ("สมัครสมาชิก", "สม"),
        ("무료 카지노", "카지노"),
    ],
)
def test_every_language_has_words(text, word):
    assert ("word", word) in of(text)


@pytest.mark.parametrize(
    "text, host",
    [
        ("www.example.com", "example.com"),
        ("see example.com/x?y=1", "example.com"),
        ("hxxp://evil.example.net/a", "evil.example.net"),
        ("evil [dot] example (dot) com", "evil.example.com"),
        ('<a href="http://evil.example.org/a">here</a>', "evil.example.org"),
        ("<a href=//evil.example.org>here</a>", "evil.example.org"),
        ("http://user:secret@evil.example.org:8080/", "evil.example.org"),
        ("http://evil.exa\u200bmple.org/", "evil.example.org"),
        ("http://пример.рф/", "xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_links_are_found(text, host):
    found = of(text)
    assert ("link", host) in found and ("links", "1") in found


@pytest.mark.parametrize("text", ["It is 10.30 now", "e.g. this", "Really.Good", "a@b", "http://", "..."])
def test_what_is_no_link_is_none(text):
    assert ("links", "0") in of(text)


def test_a_bucket_holds_group_and_part():
    one = made.bucket("word", "visit")
    assert one >> 20 == made.WORDS and one & made.INDEX < made.SIZE
    assert made.bucket("nobody knows", "x") >> 20 == made.SHAPE


def test_buckets_hold_each_feature_and_the_pieces():
    found = set(buckets(Told("Visit my site")))
    assert made.bucket("word", "visit") in found
    assert made.bucket("piece", "visi") in found


def test_a_long_text_hides_nothing_behind_its_beginning():
    padding = "We walked along the river and looked at the old bridge. " * 160  # 9,000 characters
    assert ("word", "casino") in of(padding + "casino bonus " + padding)
    assert ("word", "casino") in of(padding * 40 + "casino bonus")


def test_a_long_text_has_parts():
    found = made.parts(Told("word and other words " * 400))
    assert 2 < len(found) <= made.PARTS + 1
    assert ("links", "0") in found[0] and ("word", "other") in found[1]


HUGE = [
    "",
    " ",
    "a" * 10_000,
    "http://a.example.com/x " * 10_000,
    "".join(f"http://a{n}.example.com/{n} " for n in range(10_000)),
    "\U0001f600" * 10_000,
    "\u0301" * 10_000,
    "e" + "\u0301" * 10_000,
    "<a" * 5_000,
    "<a href=" * 2_000,
    "&#" * 5_000,
    "&amp;" * 2_000,
    "s p " * 2_500,
    "a.b" * 3_000,
    "\ud800",
    "\0",
    " ".join(chr(0x4E00 + n) for n in range(10_000)),
    " ".join(f"word{n}" for n in range(100_000)),
]


@pytest.mark.parametrize("text", HUGE, ids=range(len(HUGE)))
def test_huge_and_odd_texts_stay_bounded(text):
    assert len(buckets(Told(text, name=text, email=text, url=text))) < 60_000


@given(st.text(max_size=300), st.text(max_size=50), st.text(max_size=50), st.text(max_size=50))
def test_nothing_fails(text, name, email, url):
    told = Told(text, name, email, url, seconds=1.0, depth=1)
    assert list(buckets(told)) == list(buckets(told))
    assert made.buckets_of(made.parts(told)) == buckets(told)


@pytest.mark.parametrize("seconds", [-5, 0, 0.0, 1e12, float("inf")])
def test_odd_times_do_not_fail(seconds):
    assert buckets(Told("Hello", seconds=seconds, depth=99))


@pytest.mark.slow
def test_naughty_strings_do_not_fail(corpus):
    for text in json.loads((corpus / "spam/naughty-strings/blns.json").read_text(encoding="utf-8")):
        assert len(buckets(Told(text, name=text, email=text, url=text))) < 20_000


@given(st.sets(st.integers(0, 2**32 - 1)))
def test_packed_features_come_back(numbers):
    found = made.array("I", numbers)
    assert list(unpack(pack(found))) == sorted(numbers)


@pytest.mark.parametrize("packed", [b"", b"x", b"x\x9c\x03\x00"])
def test_what_is_not_packed_is_refused(packed):
    with pytest.raises(ValueError, match="no packed features"):
        unpack(packed)
