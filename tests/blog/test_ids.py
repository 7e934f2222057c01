import pytest

from blog.ids import LARGEST, number


def test_a_number_is_an_id():
    assert (number("12"), number(str(LARGEST))) == (12, LARGEST)


@pytest.mark.parametrize("text", [None, "", "x", "-1", "1.5", " 1", "١٢", str(LARGEST + 1), "9" * 5000])
def test_anything_else_is_no_rows(text):
    assert number(text) == 0
