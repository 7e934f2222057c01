"""Which way a language is written."""

from functools import cache

from django.utils.translation import get_language_info


@cache
def direction(language: str) -> str:
    """Where no language is named, it is left to the words themselves."""
    if not language:
        return "auto"
    return "rtl" if get_language_info(language)["bidi"] else "ltr"
