"""What a body says, without its markup: for search, summaries and reading time."""

import re
import unicodedata

from blog import sanitize
from blog.render.tree import Element, find, write

WORDS_PER_MINUTE = 230
SUMMARY_LENGTH = 200
# What a summary is not made of.
APART = frozenset({"h2", "h3", "h4", "pre", "table", "figcaption"})


def text_of(root: Element) -> str:
    """All words of a body that no step has changed yet; those of footnotes follow at the end, as on the page."""
    notes = [f"<p>{write(note)}</p>" for note in find(root, "small") if _is_note(note)]
    return sanitize.plain_text("".join([write(root, _is_note), *notes]))


def summary(root: Element, text: str) -> str:
    """The first words of its paragraphs, cut between words; of its whole text, where it has none."""
    words = " ".join((sanitize.plain_text(write(root, _is_apart)) or text).split())
    if len(words) <= SUMMARY_LENGTH:
        return words
    cut = words[:SUMMARY_LENGTH]
    at = cut.rfind(" ")
    # A text without spaces is cut where it is.
    return (cut[:at] if at > SUMMARY_LENGTH // 2 else cut).rstrip(" .,;:–—-") + "…"


def minutes(text: str) -> int:
    """The time it takes to read a text, at least one minute."""
    words = re.findall(r"\w+", text)
    # Chinese and Japanese stand without spaces: two characters are about a word.
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for word in words for letter in word)
    latin = sum(1 for word in words if unicodedata.east_asian_width(word[0]) not in "WF")
    return max(1, round((latin + wide / 2) / WORDS_PER_MINUTE))


def _is_note(element: Element) -> bool:
    return element.name == "small" and element.has_class("footnote")


def _is_apart(element: Element) -> bool:
    return element.name in APART or element.has_class("embed") or _is_note(element)
