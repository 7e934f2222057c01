"""How many words a text has, and how long they take to read."""

import pytest

from blog.render.tree import parse
from blog.render.words import counted, text_of
from tests.blog.counting import COUNTED


@pytest.mark.parametrize(("body", "words"), COUNTED)
def test_words_are_counted_as_people_count_them(body, words):
    assert counted(text_of(parse(body)))[0] == words


def test_the_time_it_takes_is_rounded_and_nothing_takes_a_minute():
    assert counted("")[1] == 1
    assert counted("word " * 575)[1] == 3  # two and a half
    assert counted("日" * 230 * 2 * 4)[1] == 4
    assert counted("日" * 230 * 2 + " word" * 230)[1] == 2
