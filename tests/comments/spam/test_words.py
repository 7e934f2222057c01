import pytest
from django.utils import translation

from comments.spam.features import LINK
from comments.spam.words import reason


@pytest.mark.parametrize(
    "kind, value, words",
    [
        ("word", "subscribe", "the word “subscribe”"),
        ("word", LINK, "a link among the words"),
        ("pair", "my channel", "the words “my channel”"),
        ("pair", f"here {LINK}", "the words “here (link)”"),
        ("piece", " sub", "words with “sub” in them"),
        ("word", "100%", "the word “100%”"),
        ("link", "example.com", "a link to example.com"),
        ("link part", "shop", "“shop” in a link"),
        ("ending", "xyz", "a link that ends in .xyz"),
        ("links", "0", "no link"),
        ("links", "1", "1 link"),
        ("links", "3", "many links"),
        ("capitals", "5", "many capital letters"),
        ("exclamations", "3", "many “!”"),
        ("questions", "1", "a question mark"),
        ("digits", "4", "many digits"),
        ("length", "5", "a text of 31 characters or more"),
        ("words", "3", "about 3 words"),
        ("sign", "$", "the sign $"),
        ("sign", "\u202e", "the sign right-to-left override"),
        ("trick", "spaced", "letters with spaces between them"),
        ("trick", "letters", "letters of another alphabet that look the same"),
        ("name", "seo", "“seo” in the name"),
        ("mail", "mail.example", "an e-mail address at mail.example"),
        ("site", "a.example", "the website a.example"),
        ("seconds", "2", "written in about 3 seconds"),
        ("depth", "1", "an answer to another comment"),
        ("context", "like:spam", "much like a comment that was spam"),
        ("context", "like:many", "much like other comments"),
        ("context", "network:good", "from a network that sent good comments"),
        ("end", "Po", "it ends with a punctuation mark"),
        ("end", "Zs", "its last character"),
        ("seconds", "0", "written in less than a second"),
        ("script", "arabic", "letters of the arabic script"),
        ("repetition", "4", "the same words again and again"),
    ],
)
def test_a_reason_is_said_in_words(kind, value, words):
    with translation.override("en"):
        assert reason(kind, value) == words


@pytest.mark.parametrize(
    "kind, value", [("unknown", "x"), ("trick", "new"), ("context", "x:y"), ("links", "many"), ("seconds", "")]
)
def test_what_nobody_knows_is_said_as_it_is(kind, value):
    assert reason(kind, value) == f"{kind}: {value}"
