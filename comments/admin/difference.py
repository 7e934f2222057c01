"""The difference between two texts, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

PIECES = re.compile(r"\w+|\s+|[^\w\s]")
# Two texts of more pieces could take seconds to compare: they are shown one after the other.
MOST = 3_000


def difference(before: str, after: str) -> SafeString:
    """The text with what went in <del> and what came in <ins>, as HTML."""
    return format_html_join("", "{}", ((piece,) for piece in _marked(PIECES.findall(before), PIECES.findall(after))))


def _marked(before: list[str], after: list[str]) -> Iterator[SafeString | str]:
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    yield "".join(before[:head])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    for went, came, same in _changes(old, new):
        if went:
            yield format_html("<del>{}</del>", "".join(went))
        if came:
            yield format_html("<ins>{}</ins>", "".join(came))
        yield "".join(same)
    yield "".join(before[len(before) - tail :])


def _changes(old: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """What went, what came in its place, and what stayed behind it; again and again."""
    if max(len(old), len(new)) > MOST:
        yield old, new, []
        return
    at_old = at_new = 0
    for match in SequenceMatcher(a=old, b=new).get_matching_blocks():
        yield old[at_old : match.a], new[at_new : match.b], old[match.a : match.a + match.size]
        at_old, at_new = match.a + match.size, match.b + match.size


def _common(one: list[str], other: list[str]) -> int:
    """How many pieces they begin with in common."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
