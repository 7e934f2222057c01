"""What a body says, without its markup: for search, summaries and reading time."""

import re
import unicodedata

from blog import sanitize
from blog.render.tree import Element, find, write

# The editor counts by these too (static/js/editor/count.js).
WORDS_PER_MINUTE = 230
INSIDE = "\u200c'’"  # of a word, as “don’t” and Persian have them
# Written without spaces, as Chinese and Japanese are: each is counted as a word, and two are read as one.
WIDE = "\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
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


def counted(text: str) -> tuple[int, int]:
    """How many words a text has, and how many minutes it takes to read: at least one."""
    plain = text.translate(_UNMARKED)
    wide = len(_WIDE.findall(plain))
    words = len(_WORD.findall(_WIDE.sub(" ", plain)))
    return words + wide, max(1, int((words + wide / 2) / WORDS_PER_MINUTE + 0.5))


class _Unmarked(dict):
    """For str.translate: without the accents and vowel signs that stand apart from their letters."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.category(chr(code)).startswith("M") else code
        return self[code]


_UNMARKED = _Unmarked()
_WIDE = re.compile(f"[{WIDE}]")
_WORD = re.compile(rf"\w[\w{INSIDE}]*")


def _is_note(element: Element) -> bool:
    return element.name == "small" and element.has_class("footnote")


def _is_apart(element: Element) -> bool:
    return element.name in APART or element.has_class("embed") or _is_note(element)
