"""From what a commenter typed, text with or without tags, to paragraphs, lists, quotes and code, well nested.

Written in one form only: reading that form again gives it again. Not yet safe to print; blog/sanitize.py goes on.
"""

from collections.abc import Callable

from blog.soup import PIECE, Token, escaped, tag, tidy_text, tokens, words_of

LISTS = frozenset({"ul", "ol"})
BLOCKS = LISTS | {"p", "blockquote", "pre", "li"}
# Inline tags by what they do: <b><strong> says the same thing twice.
INLINE = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "code": "code", "a": "link"}
MAX_DEPTH = 12

Keep = Callable[[str, dict[str, str]], dict[str, str]]


def write(text: str, keep: Keep, limit: int) -> list[str]:
    """The HTML for `text`, in pieces that are each well nested.

    `limit` is the number of characters of words that are taken; `keep(tag, attributes)` chooses the attributes.
    """
    writer = Writer(limit)
    for token in tokens(text):
        if writer.room <= 0:
            break
        if token.kind == "text":
            writer.text(words_of(token))
        elif token.kind == "start" and token.name == "a":
            writer.start_link(keep("a", token.attributes))
        elif token.kind == "start" and token.name in INLINE:
            writer.start_inline(token.name)
        elif token.kind == "end" and token.name in INLINE:
            writer.end_inline(token.name)
        elif token.kind == "start" and token.name == "br":
            writer.line_end()
        elif token.kind == "start" and token.name in BLOCKS:
            writer.start_block(token.name)
        elif token.kind == "end" and token.name in BLOCKS:
            writer.end_block(token.name)
        elif not _says_nothing(token):
            writer.text(tidy_text(token.raw))
    return writer.result()


def _says_nothing(token: Token) -> bool:
    """Comments of HTML do; any other tag that is not allowed is shown as typed."""
    return token.raw.startswith("<!--") or token.name == "br"


class Element:
    def __init__(self, name: str, attributes: dict[str, str] | None = None) -> None:
        self.name = name
        self.attributes = attributes or {}
        self.times = 1  # that its tag was typed and not yet closed
        self.started = False  # whether something stands in it


class Writer:
    """A tag is written only once words stand in it, so nothing empty is ever left."""

    def __init__(self, limit: int) -> None:
        self.room = limit
        self.pieces: list[str] = []
        self.out: list[str] = []
        self.size = 0  # of `out`
        self.open: list[Element] = []  # what is written and not yet closed
        self.blocks: list[Element] = []  # the quotes, lists and code that the next words stand in
        self.paragraph: Element | None = None  # nameless for the first words of a list's item
        self.inline: dict[str, Element] = {}
        self.typed_ends = self.tagged_ends = 0  # line ends since the last words: typed ones, and <br>
        self.space = False

    def result(self) -> list[str]:
        self._close_to(0)
        return [*self.pieces, "".join(self.out)]

    def text(self, words: str) -> None:
        words = words.replace("\t", "    ")
        if self._is_inside("pre"):
            self._code(words)
            return
        for number, line in enumerate(words.split("\n")):
            self.typed_ends += number > 0
            stripped = line.strip(" ")
            if stripped:
                self._line(stripped, line.startswith(" ") or self.space)
                self.space = line.endswith(" ")
            else:
                self.space = self.space or bool(line)

    def line_end(self) -> None:
        if self._is_inside("pre"):
            self._code("\n")
        else:
            self.tagged_ends += 1

    def start_link(self, attributes: dict[str, str]) -> None:
        if "href" in attributes:
            self.inline.pop("link", None)
            self.inline["link"] = Element("a", attributes)

    def start_inline(self, name: str) -> None:
        kind = INLINE[name]
        if kind in self.inline:
            self.inline[kind].times += 1
        else:
            self.inline[kind] = Element(name)

    def end_inline(self, name: str) -> None:
        element = self.inline.get(INLINE[name])
        if element:
            element.times -= 1
            if not element.times:
                del self.inline[INLINE[name]]

    def start_block(self, name: str) -> None:
        if self._is_inside("pre"):
            return
        self._end_paragraph()
        if name == "li":
            self._return_to_list()
        elif name != "p":
            self._enter_item()
        if name != "p" and len(self.blocks) < MAX_DEPTH:
            self.blocks.append(Element(name))

    def end_block(self, name: str) -> None:
        if name == "p" and not self._is_inside("pre"):
            self._end_paragraph()
        for index in range(len(self.blocks) - 1, -1, -1):
            if self.blocks[index].name == name:
                self._end_paragraph()
                del self.blocks[index:]
                return

    def _line(self, words: str, after_space: bool) -> None:
        """Writes words of one line, and the line ends before them."""
        ends = max(self.typed_ends, self.tagged_ends)
        if ends > 1:
            self._end_paragraph()
        self._enter_item()
        is_first = self.paragraph is None
        if self.paragraph is None:
            in_fresh_item = self._is_inside("li") and not self.blocks[-1].started
            self.paragraph = Element("" if in_fresh_item else "p")
        joint = "" if is_first else "<br>" if ends else " " if after_space else ""
        self._write(words, joint)
        self.typed_ends = self.tagged_ends = 0

    def _code(self, words: str) -> None:
        """Writes lines as they are, but for empty ones before the first and after the last."""
        words = "\n" * self.typed_ends + words
        body = words.rstrip("\n")
        self.typed_ends = len(words) - len(body)
        if not self.blocks[-1].started:
            body = body.lstrip("\n")
        if body:
            self._write(body, "")

    def _write(self, words: str, joint: str) -> None:
        words = words[: self.room]
        self.room -= len(words)
        leaf = [self.paragraph] if self.paragraph and self.paragraph.name else []
        path = [*self.blocks, *leaf, *self.inline.values()]
        shared = 0
        while shared < min(len(path), len(self.open)) and path[shared] is self.open[shared]:
            shared += 1
        self._close_to(shared)
        if self.size > PIECE and not self.open:
            self.pieces.append("".join(self.out))
            self.out, self.size = [], 0
        self.out.append(joint)
        self.size += len(words) + PIECE // 100
        for element in path[shared:]:
            self.out.append(tag(element.name, element.attributes))
            self.open.append(element)
            element.started = True
        self.out.append(escaped(words))

    def _close_to(self, count: int) -> None:
        while len(self.open) > count:
            self.out.append(f"</{self.open.pop().name}>")

    def _is_inside(self, name: str) -> bool:
        return bool(self.blocks) and self.blocks[-1].name == name

    def _end_paragraph(self) -> None:
        """A link ends with its paragraph; bold and italic go on in the next one."""
        self.typed_ends = self.tagged_ends = 0
        self.space = False
        self.inline.pop("link", None)
        self.paragraph = None

    def _return_to_list(self) -> None:
        """Leaves what is open in the nearest list, or begins one."""
        for index in range(len(self.blocks) - 1, -1, -1):
            if self.blocks[index].name in LISTS:
                del self.blocks[index + 1 :]
                return
            if self.blocks[index].name == "blockquote":
                break
        self.blocks.append(Element("ul"))

    def _enter_item(self) -> None:
        """Words and blocks that stand directly in a list get an item of their own."""
        if self.blocks and self.blocks[-1].name in LISTS:
            self.blocks.append(Element("li"))
