"""Numbers in the digits of the language in force: Django translates words and dates, and leaves their digits Latin.

What machines read stays as it is, and so does what has Latin letters in it: addresses, names, codes.
"""

import re

from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import get_language

OF_LANGUAGE = {"fa": str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")}
WORD = re.compile(r"\S+")
# Of HTML: a tag, a reference such as &#39; or a word of the text between them.
PART = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>|&#?\w+;|[^\s<&]+""")
KEPT = re.compile(r"[A-Za-z@<&]")


def digits(value: object) -> str:
    """`value` as text with the language's own digits; safe HTML stays safe, and its tags and references as they are."""
    text = value if isinstance(value, str) else str(value)
    own = OF_LANGUAGE.get(get_language())
    if own is None:
        return text

    def written(part: re.Match) -> str:
        return part[0] if KEPT.search(part[0]) else part[0].translate(own)

    if isinstance(text, SafeData):
        return mark_safe(PART.sub(written, text))  # noqa: S308  digits of its words alone
    return WORD.sub(written, text)
