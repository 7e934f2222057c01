"""Numbers in the digits of the language in force."""

import re
from html import unescape

import pytest
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeData, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from blog.digits import digits


@pytest.fixture(autouse=True, scope="module")
def _persian():
    with translation.override("fa"):
        yield


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2026, "۲۰۲۶"),
        ("14 مارس 2026، 13:46", "۱۴ مارس ۲۰۲۶، ۱۳:۴۶"),
        ("(12)", "(۱۲)"),
        ("", ""),
    ],
)
def test_it_works(value, shown):
    assert digits(value) == shown and not isinstance(digits(value), SafeData)


def test_other_languages_keep_theirs():
    with translation.override("en"):
        assert digits("14 March 2026") == "14 March 2026"


@pytest.mark.parametrize(
    "kept", ["https://example.org/2026/03/tides/", "gull7@example.org", "example2.org", "utf8", "#a33d2a", "“m4a”"]
)
def test_addresses_names_and_codes_stay_as_they_are(kept):
    assert digits(f"3 {kept} 4") == f"۳ {kept} ۴"
    assert digits(mark_safe(f"3 {kept} 4")) == f"۳ {kept} ۴"


def test_tags_and_references_stay_as_they_are():
    link = format_html('<a href="/1/?a=2&b={}" title="1 > 0" tabindex=3>{} of 5</a>', "6", "4 & 'more'")
    shown = digits(link)
    assert shown == '<a href="/1/?a=2&b=6" title="1 > 0" tabindex=3>۴ &amp; &#x27;more&#x27; of ۵</a>'
    assert isinstance(shown, SafeData)
    assert digits(mark_safe("it&#39;s &#8220;7&#8221;")) == "it&#39;s &#8220;۷&#8221;"


@given(words=st.text(alphabet="07a&#;<>\"'x/= \u06cc", max_size=40))
def test_what_was_escaped_reads_the_same_but_for_digits(words):
    latin = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
    shown = digits(escape(words))
    assert unescape(shown).translate(latin) == words
    assert re.findall(r"&#?\w+;", shown) == re.findall(r"&#?\w+;", escape(words))
