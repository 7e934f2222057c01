"""Tag soup into a stream of tags and text, and into well-nested HTML of bounded depth, in linear time.

Nothing here makes HTML safe: that is blog/sanitize.py, which feeds its parsers from here because a tree builder
answers badly nested input with quadratic work (ten kilobytes of `<b a1><b a2>…<p>x<p>x` become a million elements).
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import NamedTuple

VOID = frozenset({"br", "hr", "img"})
HEADINGS = frozenset({"h2", "h3", "h4"})
CELLS = frozenset({"td", "th", "caption"})
# An open paragraph ends where one of these starts.
BLOCKS = frozenset(
    """p h2 h3 h4 hr pre blockquote ul ol li dl dt dd table caption thead tbody tfoot tr td th figure figcaption
    details summary div""".split()  # noqa: SIM905
)
# An element that needs a parent closes what is open inside the nearest one, and is dropped where there is none.
PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl"},
    "dd": {"dl"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
}
MAX_DEPTH = 60  # elements open at once in what is written
MAX_TRACKED = 200  # and in what is read, those that are not written included
MAX_BROKEN_TAGS = 20
# A tree builder takes quadratic time over the children of one element and over the marks in one text: an element of
# more than so many is closed and opened again, and what stands outside of elements is handed on in pieces.
MAX_COST = 10_000
CHILD_COST = 5
PIECE = 5_000

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|(?=>))|(?!\s*+=))"""
# Possessive throughout: an attempt reads each character once, whether it matches or not.
_TAG = re.compile(rf"<(/?)([a-zA-Z][^\s/>]*+)((?:[\s/]++|{_ATTRIBUTE})*+)>")
_PAIR = re.compile(r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+)))?+""")
_REFERENCE = re.compile(r"&(?:#[xX]?[0-9a-fA-F]+;?|([a-zA-Z][a-zA-Z0-9]*(?:;|(?![=a-zA-Z0-9]))))")


class Token(NamedTuple):
    kind: str  # "text", "start", "end" or "comment"
    name: str  # of the tag, in lower case
    rest: str  # the attributes as they stand
    raw: str

    @property
    def attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, *values in _PAIR.findall(self.rest):
            found.setdefault(name.lower(), tidy_text(_REFERENCE.sub(_decode, "".join(values))))
        return found


def _decode(match: re.Match) -> str:
    # In an attribute `&copy=2` is two characters of a query, not a sign: html.unescape would not know.
    name = match[1]
    return html5.get(name, match[0]) if name else html.unescape(match[0])


def tidy_text(text: str) -> str:
    """Line ends as \\n, and without control characters and halves of surrogate pairs."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def words_of(token: Token) -> str:
    """What a text token says, its character references decoded."""
    return tidy_text(html.unescape(token.raw))


def tokens(source: str, unseen: frozenset[str] = frozenset()) -> Iterator[Token]:
    """The tags and texts of `source` in order; the raw parts joined are `source` again.

    Of elements named in `unseen` (script, style) the content is left out. A `<` that begins no tag is text.
    """
    missing: set[str] = set()  # ends that do not come any more: looked for once
    broken = 0
    start = at = 0
    while (at := source.find("<", at)) >= 0 and broken <= MAX_BROKEN_TAGS:
        after = source[at + 1 : at + 3]
        if match := _TAG.match(source, at):
            token = Token("end" if match[1] else "start", match[2].lower(), match[3], match[0])
            end = match.end()
        elif after[:1] in ("!", "?") or (after[:1] == "/" and not after[1:].isalpha()):
            closing = "-->" if source.startswith("<!--", at) else ">"
            end = -1 if closing in missing else source.find(closing, at + 2)
            if end < 0:
                missing.add(closing)
                at += 1
                continue
            end += len(closing)
            token = Token("comment", "", "", source[at:end])
        else:
            broken += after[:1].isalpha() or after[:1] == "/"
            at += 1
            continue
        if start < at:
            yield Token("text", "", "", source[start:at])
        yield token
        start = at = end
        if token.kind == "start" and token.name in unseen and token.name not in missing:
            close = re.compile(rf"</{token.name}[\s/>]", re.IGNORECASE).search(source, end)
            if close:
                start = at = close.start()
            else:
                missing.add(token.name)
    if start < len(source):
        yield Token("text", "", "", source[start:])


def escaped(words: str) -> str:
    """Text for HTML. What looks like a reference is told apart by a number, since bleach reads `&amp;lt;` as `&lt;`."""
    return re.sub(r"&amp;(?=#|[a-zA-Z0-9]+;)", "&#38;", html.escape(words, quote=False))


def tag(name: str, attributes: dict[str, str] | None = None) -> str:
    """A start tag with its attributes escaped."""
    written = "".join(f' {key}="{html.escape(value)}"' for key, value in (attributes or {}).items())
    return f"<{name}{written}>"


@dataclass
class Open:
    name: str
    attributes: dict[str, str]
    is_written: bool
    cost: int = 0


class Nest:
    """Writes tags so that each closes in its place, an inline one is open once at a time, and none lies too deep.

    `tags` are those to write; `keep(tag, attributes)` gives the attributes to write.
    """

    def __init__(self, tags: frozenset[str], keep: Callable[[str, dict[str, str]], dict[str, str]], limit: int) -> None:
        self.tags = tags
        self.keep = keep
        self.room = limit  # characters of text still to be taken
        self.pieces: list[str] = []
        self.out: list[str] = []
        self.size = 0  # of `out`
        self.open: list[Open] = []
        self.count: Counter[str] = Counter()
        self.written: list[Open] = []
        self.at_pre_start = False

    def result(self) -> list[str]:
        """What was written, in pieces that are each well nested."""
        self._close_to(0)
        return [*self.pieces, "".join(self.out)]

    def text(self, words: str) -> None:
        if self.at_pre_start:  # a parser drops one line end here, so a second cleaning would find another one to drop
            words = words.lstrip("\n")
            self.at_pre_start = not words
        words = words[: self.room]
        self.room -= len(words)
        for at in range(0, len(words), PIECE):
            part = escaped(words[at : at + PIECE])
            self._spend(part.count("&"))
            self._write(part)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name not in self.tags:
            return
        if name in PARENTS and not self._close_to_parent(name):
            return
        if name in BLOCKS and self.count["p"]:
            self._close("p")
        if name in HEADINGS:
            for other in HEADINGS:
                if self.count[other]:
                    self._close(other)
        kept = self.keep(name, attributes)
        if name in VOID:
            if name != "img" or "src" in kept:
                self._spend(CHILD_COST)
                self._write(tag(name, kept))
                self.at_pre_start = False
            return
        if name == "a" and "href" in kept and self.count["a"]:
            self._close_open_link()
        if len(self.open) >= MAX_TRACKED:
            return
        is_written = (
            len(self.written) < MAX_DEPTH
            and (name in BLOCKS or not self._is_written(name))
            and (name != "a" or "href" in kept)
            and (name != "span" or bool(kept))
        )
        if is_written:
            self._spend(CHILD_COST)
        element = Open(name, kept, is_written)
        self.open.append(element)
        self.count[name] += 1
        if is_written:
            self.written.append(element)
            self._write(tag(name, kept))
            self.at_pre_start = name == "pre"

    def end(self, name: str) -> None:
        if self.count[name]:
            self._close(name, barrier=frozenset() if name in PARENTS or name == "table" else CELLS)

    def _is_written(self, name: str) -> bool:
        return self.count[name] > 0 and any(element.name == name for element in self.written)

    def _write(self, part: str) -> None:
        if self.size > PIECE and not self.written:
            self.pieces.append("".join(self.out))
            self.out, self.size = [], 0
        self.out.append(part)
        self.size += len(part)

    def _spend(self, cost: int) -> None:
        if not self.written:
            return
        element = self.written[-1]
        if element.cost + cost > MAX_COST and element.cost:
            self.out.append(f"</{element.name}>{tag(element.name, element.attributes)}")
            element.cost = 0
        element.cost += cost

    def _close(self, name: str, barrier: frozenset[str] = frozenset()) -> None:
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index].name == name:
                return self._close_to(index)
            if self.open[index].name in barrier:
                return None
        return None

    def _close_open_link(self) -> None:
        index = next((i for i, element in enumerate(self.open) if element.name == "a" and element.is_written), None)
        if index is not None and not any(element.name in BLOCKS for element in self.open[index:]):
            self._close_to(index)

    def _close_to_parent(self, name: str) -> bool:
        for index in range(len(self.open) - 1, -1, -1):
            element = self.open[index]
            if element.name in PARENTS[name] and element.is_written:
                self._close_to(index + 1)
                return True
            if element.name == "table":
                return False
        return False

    def _close_to(self, index: int) -> None:
        while len(self.open) > index:
            element = self.open.pop()
            self.count[element.name] -= 1
            if element.is_written:
                self.written.pop()
                self.out.append(f"</{element.name}>")
        self.at_pre_start = False
