"""The words of a post around what was found, cut and marked in Python: alike on every database."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from blog.search.normalise import code_of, read, runs, stem
from blog.search.query import Term

SIZE = 240
BORDER = 30  # how far a cut may move to fall between words
READ = 200_000  # characters of one post
# Elsewhere a word and its stem begin alike, so that few words of a text need stemming.
STRIPS_PREFIXES = ("ar", "fa")


class Match(NamedTuple):
    start: int
    end: int
    term: int


class Marker:
    """Finds the words of one search in texts."""

    def __init__(self, terms: list[Term]) -> None:
        self.terms = terms
        self.by_word = {form: number for number, term in enumerate(terms) for form in (term.stem, term.word) if form}
        self.stems: dict[str, tuple[dict[str, int], set[str]]] = {}  # of each language: whose each is, how they begin
        self.seen: dict[str, dict[str, list[Match]]] = {}
        self.prefixes = [(term.word, number) for number, term in enumerate(terms) if term.is_prefix]

    def title(self, text: str, language: str) -> SafeString:
        """All of `text`, marked."""
        text = _one_line(text)
        return _marked(text, self._matches(text, language), 0, len(text))

    def snippet(self, texts: Iterable[str], language: str) -> SafeString:
        """Some 240 characters where most of the words stand together, of the text that has most of them.

        Without any of them, the beginning of the first text that is not empty.
        """
        best, best_matches, best_count = "", [], 0
        for text in map(_one_line, texts):
            matches = self._matches(text, language)
            count = len({match.term for match in matches})
            if count > best_count or not best:
                best, best_matches, best_count = text, matches, count
        start, end = _window(best, best_matches)
        return _marked(best, best_matches, start, end)

    def _matches(self, text: str, language: str) -> list[Match]:
        found = []
        seen = self.seen.setdefault(language, {})
        for start, end in runs(text):
            run = text[start:end]
            if run not in seen:
                seen[run] = list(self._matches_in(run, language))
            if matches := seen[run]:
                found += [Match(start + match.start, start + match.end, match.term) for match in matches]
        return found

    def _matches_in(self, run: str, language: str) -> Iterator[Match]:
        for word in read(run):
            number = self._term(word.text, language)
            if number is not None:
                yield Match(word.start, word.end, number)
                continue
            for prefix, number in self.prefixes:
                if word.text.startswith(prefix):
                    # One sign begins many pairs: only the sign is marked.
                    yield Match(word.start, word.start + 1 if len(prefix) == 1 else word.end, number)

    def _term(self, word: str, language: str) -> int | None:
        number = self.by_word.get(word)
        if number is not None:
            return number
        if language not in self.stems:
            self.stems[language] = self._stems(code_of(language))
        by_stem, initials = self.stems[language]
        if word[0] not in initials and language[:2] not in STRIPS_PREFIXES:
            return None
        return by_stem.get(stem(word, language))

    def _stems(self, code: str) -> tuple[dict[str, int], set[str]]:
        """As the index was asked: the terms' stems in the site's language, and in that of the text."""
        by_stem = {term.stem: number for number, term in enumerate(self.terms) if term.stem}
        by_stem |= {own: number for number, term in enumerate(self.terms) for of, own in term.others if of == code}
        return by_stem, {one[0] for one in by_stem}


def _one_line(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text[:READ].split()))


def _window(text: str, matches: list[Match]) -> tuple[int, int]:
    """Where to cut: the stretch with most distinct terms, then most matches, then the earliest."""
    if len(text) <= SIZE:
        return 0, len(text)
    first, last = _densest(matches) if matches else (Match(0, 0, 0), Match(0, 0, 0))
    spare = max(SIZE - (last.end - first.start), 0)
    start = max(0, first.start - spare // 2)
    end = min(len(text), start + SIZE)
    start = max(0, end - SIZE)
    if start > 0:
        space = text.find(" ", start - 1, min(start + BORDER, first.start))
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", max(end - BORDER, last.end), end + 1)
        end = space if space >= 0 else end
    return start, end


def _densest(matches: list[Match]) -> tuple[Match, Match]:
    best, best_score = (matches[0], matches[0]), (0, 0)
    inside: Counter[int] = Counter()
    left = 0
    for right, match in enumerate(matches):
        inside[match.term] += 1
        while match.end - matches[left].start > SIZE and left < right:
            inside[gone := matches[left].term] -= 1
            if not inside[gone]:
                del inside[gone]
            left += 1
        if (score := (len(inside), right - left + 1)) > best_score:
            best, best_score = (matches[left], match), score
    return best


def _marked(text: str, matches: list[Match], start: int, end: int) -> SafeString:
    """`text` from `start` to `end`, escaped, with the matches inside marked, and dots where it was cut."""
    pieces, done = [], start
    for first, behind in _merged(matches):
        first, behind = max(first, start), min(behind, end)
        if first < behind:
            pieces.append((text[done:first], text[first:behind]))
            done = behind
    shown = format_html_join("", "{}<mark>{}</mark>", pieces) + escape(text[done:end])
    return escape("…" if start > 0 else "") + shown + escape("…" if end < len(text) else "")


def _merged(matches: list[Match]) -> list[tuple[int, int]]:
    """Overlapping pairs as one mark."""
    merged: list[tuple[int, int]] = []
    for match in matches:
        if merged and match.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], match.end))
        else:
            merged.append((match.start, match.end))
    return merged
