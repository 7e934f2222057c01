from hypothesis import given, settings
from hypothesis import strategies as st

from blog.matching import blocks

LISTS = st.lists(st.sampled_from("abcdefghijklmnop"), max_size=120)


def kept(one: str, other: str) -> str:
    return "|".join(one[at : at + size] for at, _there, size in blocks(list(one), list(other)) if size)


@settings(max_examples=200)
@given(LISTS, LISTS)
def test_what_it_finds_stands_in_both_in_order(one, other):
    here = there = 0
    *found, last = blocks(one, other)
    for a, b, size in found:
        assert size > 0 and a >= here and b >= there
        assert (a, b) > (here, there) or not here  # two that touch are one
        assert one[a : a + size] == other[b : b + size]
        here, there = a + size, b + size
    assert last == (len(one), len(other), 0)


@settings(max_examples=100)
@given(LISTS)
def test_a_list_is_itself(one):
    assert blocks(one, one) == [*([(0, 0, len(one))] if one else []), (len(one), len(one), 0)]


def test_few_are_matched_by_the_longest_stretch():
    assert kept("xabcaby", "zabab") == "ab|ab"
    assert kept("abc", "xyz") == ""


def test_many_are_held_together_by_what_stands_once():
    filler = "aabb" * 20
    assert kept(f"1{filler}X{filler}2", f"3{filler[::-1]}X{filler}4").endswith(f"X{filler}")


def test_of_what_stands_once_as_many_as_keep_their_order():
    letters = [f"w{number}" for number in range(100)]
    moved = [*letters[90:], *letters[:90]]
    assert blocks(letters, moved) == [(0, 10, 90), (100, 100, 0)]
