"""The difference between two texts, word by word, and between two versions of a post, paragraph by paragraph.

The time it takes grows as the texts do, whatever stands in them (blog/matching.py).
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from blog import sanitize
from blog.matching import blocks
from blog.render.tree import Element, parse, words

PIECES = re.compile(r"\w+|\s+|[^\w\s]")
WORD = re.compile(r"\w")
ALIKE = 0.4  # of the words of two paragraphs: those with less in common are two, not one that was changed
PAIRS = 2_500  # comparisons that finding out which paragraph became which may take, for each place that changed
AROUND = 1  # unchanged paragraphs shown beside a changed one

Steps = list[tuple[str, str, str]]  # what went, what came in its place, and what stayed behind it


def difference(before: str, after: str) -> SafeString:
    """The text with what went in <del> and what came in <ins>, as HTML."""
    return _inline(_steps(before, after))


@dataclass
class Row:
    """One paragraph of both versions. `state`: same, changed, gone, new, or skipped (many that are the same)."""

    state: str
    inline: SafeString | str
    before: SafeString | str = ""
    after: SafeString | str = ""


def fields(before: str, after: str) -> list[Row]:
    """The difference of a short text as one row; none if there is none."""
    return [] if before == after else [_changed(before, after, _steps(before, after))]


def bodies(before: str, after: str) -> list[Row]:
    """The difference of two bodies (HTML), with what did not change cut short; none if they are the same."""
    if before == after:
        return []
    old, new = paragraphs(before), paragraphs(after)
    rows, at_old, at_new = [], 0, 0
    for at, there, size in blocks(old, new):
        for was, now in _pairs(old[at_old:at], new[at_new:there]):
            rows += _row(was, now)
        rows += [Row("same", text, text, text) for text in old[at : at + size]]
        at_old, at_new = at + size, there + size
    if all(row.state == "same" for row in rows):
        return [Row("skipped", gettext("The words are the same: links, images or their look differ."))]
    return list(_cut_short(rows))


def paragraphs(body: str) -> list[str]:
    """A body's paragraphs, list items, rows and figures as plain lines, in their order."""
    return [line for child in parse(sanitize.clean_post(body)).children for line in _lines(child)]


def _lines(child: Element | str) -> Iterator[str]:
    if isinstance(child, str):
        if child == "<hr>":
            yield "———"
        elif text := " ".join(sanitize.plain_text(child).split()):
            yield text
        return
    if child.name in ("ul", "ol", "blockquote", "table", "thead", "tbody", "tfoot", "div"):
        sign = {"ul": "• ", "ol": "• ", "blockquote": "“ "}.get(child.name, "")
        for part in child.children:
            yield from (sign + line for line in _lines(part))
    elif child.name == "tr":
        yield " | ".join(words(cell) for cell in child.parts())
    elif child.name == "pre":
        yield from sanitize.plain_text("".join(part for part in child.children if isinstance(part, str))).splitlines()
        yield from (line for part in child.parts() for line in _lines_of_code(part))
    elif child.name in ("figure", "img"):
        yield _figure(child)
    else:
        level = f"{'#' * int(child.name[1])} " if re.fullmatch("h[1-6]", child.name) else ""
        if text := words(child):
            yield level + text


def _lines_of_code(code: Element) -> list[str]:
    return sanitize.plain_text("".join(part for part in code.children if isinstance(part, str))).splitlines()


def _figure(figure: Element) -> str:
    image = figure if figure.name == "img" else next(iter(part for part in figure.parts() if part.name == "img"), None)
    if image is None:
        return words(figure)
    shown = image.attributes.get("alt") or image.attributes.get("src", "").rpartition("/")[2]
    return " ".join(filter(None, [gettext("[Image: %(words)s]") % {"words": shown}, words(figure)]))


def _pairs(old: list[str], new: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """Paragraphs that stand for one another, in their order; None where one has none."""
    if len(old) * len(new) > PAIRS:
        yield from zip_longest(old, new)
        return
    counted = [Counter(PIECES.findall(text)) for text in new]
    at = 0
    for text in old:
        mine = Counter(PIECES.findall(text))
        alike = [(_share(mine, counted[number]), -number) for number in range(at, len(new))]
        share, number = max(alike, default=(0.0, 0))
        if share < ALIKE:
            yield text, None
            continue
        yield from ((None, other) for other in new[at:-number])
        yield text, new[-number]
        at = 1 - number
    yield from ((None, other) for other in new[at:])


def _share(one: Counter, other: Counter) -> float:
    """How much of the longer of two paragraphs is in both."""
    return (one & other).total() / max(one.total(), other.total(), 1)


def _row(was: str | None, now: str | None) -> list[Row]:
    gone = [] if was is None else [Row("gone", _mark("del", was), before=_mark("del", was))]
    new = [] if now is None else [Row("new", _mark("ins", now), after=_mark("ins", now))]
    if gone and new:
        steps = _steps(was, now)
        kept = sum(len(same) for _went, _came, same in steps)
        if kept >= ALIKE * max(len(was), len(now)):
            return [_changed(was, now, steps)]
    return gone + new


def _changed(was: str, now: str, steps: Steps) -> Row:
    before = format_html_join("", "{}{}", ((_mark("del", went), same) for went, _came, same in steps))
    after = format_html_join("", "{}{}", ((_mark("ins", came), same) for _went, came, same in steps))
    return Row("changed", _inline(steps), before, after)


def _cut_short(rows: list[Row]) -> Iterator[Row]:
    changed = [number for number, row in enumerate(rows) if row.state != "same"]
    near = {number + step for number in changed for step in range(-AROUND, AROUND + 1)}
    skipped = 0
    for number, row in enumerate([*rows, None]):
        if row is not None and number not in near:
            skipped += 1
            continue
        if skipped:
            said = ngettext("%(count)d paragraph the same", "%(count)d paragraphs the same", skipped)
            yield Row("skipped", said % {"count": skipped})
            skipped = 0
        if row is not None:
            yield row


def _inline(steps: Steps) -> SafeString:
    marked = ((_mark("del", went), _mark("ins", came), same) for went, came, same in steps)
    return format_html_join("", "{}{}{}", marked)


def _mark(name: str, text: str) -> SafeString | str:
    return format_html(f"<{name}>{{}}</{name}>", text) if text else ""


def _steps(before: str, after: str) -> Steps:
    old, new = PIECES.findall(before), PIECES.findall(after)
    steps, at_old, at_new = [], 0, 0
    for at, there, size in blocks(old, new):
        steps.append(("".join(old[at_old:at]), "".join(new[at_new:there]), "".join(old[at : at + size])))
        at_old, at_new = at + size, there + size
    return _joined(steps)


def _joined(steps: Steps) -> Steps:
    """Changes with nothing but a space or a comma between them are one: else every other word would be marked."""
    joined = steps[:1]
    for went, came, same in steps[1:]:
        before = joined[-1]
        if (before[0] or before[1]) and (went or came) and not WORD.search(before[2]):
            joined[-1] = (before[0] + before[2] + went, before[1] + before[2] + came, same)
        else:
            joined.append((went, came, same))
    return joined
