"""Whether words in a colour can be read, and which colour near it would do."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from blog import colour

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("#A33D2A", "#a33d2a"), (" #fa0 ", "#ffaa00"), ("#000", "#000000")],
)
def test_a_colour_is_read_as_people_write_it(typed, meant):
    assert colour.parse(typed) == meant


@pytest.mark.parametrize("typed", ["", "red", "a33d2a", "#a33d2", "#a33d2a80", "#ggg", "#a33d2a;}", "#١٢٣"])
def test_anything_else_is_none(typed):
    assert colour.parse(typed) is None


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.478),
        ("#ff0000", "#ffffff", 3.998),
        ("#123456", "#123456", 1),
    ],
)
def test_contrast_is_wcags(one, other, ratio):
    assert colour.contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert colour.contrast(other, one) == colour.contrast(one, other)


def test_a_ratio_is_never_rounded_up():
    assert colour.spoken(4.4999) == "4.49"


@how(deadline=None)
@given(COLOURS)
def test_of_every_colour_there_is_one_for_each_scheme(typed):
    light, dark = colour.for_light(typed), colour.for_dark(typed)
    assert colour.weakest(light, colour.LIGHT) >= 4.5
    assert colour.weakest(dark, colour.DARK) >= 4.5
    assert (colour.for_light(light), colour.for_dark(dark)) == (light, dark)


def test_a_colour_that_can_be_read_is_left_alone():
    assert colour.for_light("#9c2f2a") == "#9c2f2a"
    assert colour.for_dark("#f0938a") == "#f0938a"


def test_the_papers_are_those_of_the_style_sheet():
    css = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    tokens = {name: pair for name, *pair in re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\)", css)}
    papers = [tokens[name] for name in ("paper", "sheet", "wash")]
    assert tuple(zip(*papers, strict=True)) == (colour.LIGHT, colour.DARK)
