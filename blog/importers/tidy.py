"""Brings the HTML of old web editors into the shape that this site's editor makes: paragraphs, headings, lists, images.

It only shapes. What is safe is decided where all HTML is cleaned: blog/sanitize.py.
"""

import re
from html import escape

from blog import soup

BOUNDARIES = {
    "address", "article", "aside", "body", "center", "details", "div", "fieldset", "footer", "form", "header", "html",
    "legend", "main", "nav", "p", "section", "summary",
}  # fmt: skip
BLOCKS = {
    "blockquote", "caption", "dd", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol",
    "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "tfoot": "tbody"}
INLINE = {
    "b": "strong", "cite": "cite", "code": "code", "del": "del", "em": "em", "i": "em", "ins": "ins", "kbd": "kbd",
    "mark": "mark", "q": "q", "s": "s", "samp": "code", "small": "small", "strike": "s", "strong": "strong",
    "sub": "sub", "sup": "sup", "tt": "code", "u": "u",
}  # fmt: skip
# Their text is not for readers.
SILENT = frozenset(
    ("head", "math", "noscript", "script", "select", "style", "svg", "template", "textarea", "title", "xml")
)
PLAYERS = {"audio", "embed", "iframe", "source", "video"}
# What an unclosed one is closed by, and what it never reaches beyond.
ENDED_BY = {
    "li": ({"li"}, {"ul", "ol"}),
    **dict.fromkeys(("dt", "dd"), ({"dt", "dd"}, {"dl"})),
    "tr": ({"tr", "td", "th"}, {"table"}),
    **dict.fromkeys(("td", "th"), ({"td", "th"}, {"tr", "table"})),
}
ATTRIBUTES = {"ol": ("start",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan", "scope")}
MAX_DEPTH = 40
EMPTY = re.compile(r"<(strong|em|u|s|su[bp]|code|a|h[234]|blockquote|[uod]l|li|pre|p|fig\w+)(?: [^<>]*)?>\s*</\1>")
HAS_LINES = re.compile(r"<(br|p|div|li|tr|h[1-6]|pre|blockquote)\b", re.I)
VIDEO = re.compile(r"//(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{5,20})")


def tidy(html: str) -> str:
    """Paragraphs for runs of lines, this editor's names for bold and italic, links for embedded players."""
    if not HAS_LINES.search(html):
        html = html.replace("\n", "<br>")  # typed in a plain field: a line end meant one
    shaper = _Shaper()
    for token in soup.tokens(soup.tidy_text(html), SILENT):
        if token.kind == "text":
            shaper.text(soup.words_of(token))
        elif token.kind == "start":
            shaper.start(token.name, token.attributes)
        elif token.kind == "end":
            shaper.end(token.name)
    shaper.end_line()
    shaper.close_above(0)
    done = "".join(shaper.out)
    for _ in range(4):  # an emptied element may leave its parent empty
        done, emptied = EMPTY.subn("", done)
        if not emptied:
            break
    return done


class _Shaper:
    """Writes blocks to `out`; `line` is the run of text and inline elements that is being read."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.line: list[str] = []
        self.breaks = 0  # read, and not yet written: two make a new paragraph
        self.open: list[tuple[str, str, int]] = []  # blocks: as read, as written, inline elements around it
        self.inline: list[tuple[str, str, str]] = []  # as read, opening, closing
        self.directions: list[tuple[str, str]] = []  # of the divs around
        self.frame = 0  # of the table with which Blogger frames an image and its caption

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self.breaks += 1
        elif tag == "hr":
            self.end_line()
            self.out.append("<hr>")
        elif tag == "img":
            self.image(given)
        elif tag in PLAYERS:
            self.player(given)
        elif tag in BLOCKS:
            self.start_block(tag, given)
        elif tag in BOUNDARIES:
            self.boundary()
            self.directions.append((tag, given.get("dir", "").lower()))
        elif tag == "a":
            self.end_inline("a")
            if given.get("href", "").strip():
                self.start_inline("a", f'<a href="{escape(given["href"].strip())}">', "</a>")
        elif tag in INLINE:
            self.start_inline(tag, f"<{INLINE[tag]}>", f"</{INLINE[tag]}>")
        elif tag in ("span", "font"):
            self.styled(tag, given.get("style", "").lower())

    def end(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_block(tag)
        elif tag in BOUNDARIES:
            self.boundary()
            self.end_direction(tag)
        elif tag == "a" or tag in INLINE or tag in ("span", "font"):
            self.end_inline(tag)

    def text(self, text: str) -> None:
        if self.is_in("pre"):
            self.line.append("\n" * self.breaks + escape(text, quote=False))
            self.breaks = 0
        elif text.strip():
            self.write(escape(re.sub(r"[ \t\n\r\f]+", " ", text), quote=False))
        elif self.line and not self.breaks and not self.line[-1].endswith(" "):
            self.line.append(" ")

    def write(self, html: str) -> None:
        """Adds to the line, after the breaks that were waiting for something to break before."""
        if self.breaks and self.has_content():
            if self.breaks > 1 and self.wraps():
                self.end_line()
            else:
                self.line.append("<br>" * min(self.breaks, 2))
        self.breaks = 0
        if not self.line:
            self.line = [opening for _, opening, _ in self.inline]
            html = html.lstrip(" ")
        self.line.append(html)

    def image(self, given: dict[str, str]) -> None:
        sizes = {name: given[name] for name in ("width", "height") if given.get(name, "").isdigit()}
        if given.get("src", "").strip() and not {"0", "1"} & set(sizes.values()):  # those only count visits
            shown = {"src": given["src"].strip(), "alt": given.get("alt", "")}
            title = {"title": given["title"]} if given.get("title") else {}
            self.write(soup.tag("img", shown | title | sizes))

    def player(self, given: dict[str, str]) -> None:
        """Films and the like stay where they are: a link leads there."""
        address = given.get("src", "").strip()
        if address.startswith("//"):
            address = f"https:{address}"
        if match := VIDEO.search(address):
            address = f"https://www.youtube.com/watch?v={match[1]}"
        if address.startswith(("https://", "http://")) and not self.is_in("pre"):
            self.boundary()
            self.write(f'<a href="{escape(address)}">{escape(_shown(address))}</a>')
            self.boundary()

    def styled(self, tag: str, style: str) -> None:
        if re.search(r"font-weight:\s*(bold|[6-9]00)", style):
            self.start_inline(tag, "<strong>", "</strong>")
        elif re.search(r"font-style:\s*italic", style):
            self.start_inline(tag, "<em>", "</em>")
        elif "line-through" in style:
            self.start_inline(tag, "<s>", "</s>")
        else:
            self.start_inline(tag, "", "")

    def start_inline(self, tag: str, opening: str, closing: str) -> None:
        if len(self.inline) >= MAX_DEPTH or any(opening == open_ for _, open_, _ in self.inline):
            opening = closing = ""  # already so
        if len(self.inline) < 10 * MAX_DEPTH:
            self.inline.append((tag, opening, closing))
        if opening and self.line and not self.is_in("pre"):
            if self.breaks:
                self.write("")
            self.line.append(opening)

    def end_inline(self, tag: str) -> None:
        """Closes the innermost such element; those that were opened inside it go on after it."""
        first = self.open[-1][2] if self.open else 0
        found = next((i for i in range(len(self.inline) - 1, first - 1, -1) if self.inline[i][0] == tag), None)
        if found is None:
            return
        inner = self.inline[found + 1 :]
        if self.line and self.inline[found][2] and not self.is_in("pre"):
            self.line += [closing for _, _, closing in reversed(self.inline[found:])]
            self.line += [opening for _, opening, _ in inner]
        del self.inline[found]

    def start_block(self, tag: str, given: dict[str, str]) -> None:
        if len(self.open) >= MAX_DEPTH or (self.is_in("pre") and tag != "pre"):
            return
        if tag == "table" and "tr-caption-container" in given.get("class", ""):
            self.frame = self.frame or len(self.open) + 1
            tag_written = "figure"
        elif self.frame:
            tag_written = "figcaption" if "tr-caption" in given.get("class", "") else ""
        else:
            tag_written = RENAMED.get(tag, tag)
        if tag in ENDED_BY:
            self.close_implied(*ENDED_BY[tag])
        if tag == "li" and not self.is_in("ul", "ol"):
            self.start_block("ul", {})
        self.end_line()
        if tag_written == "pre":
            self.out.append("<pre><code>")
        elif tag_written:
            kept = {name: given[name] for name in ATTRIBUTES.get(tag_written, ()) if name in given}
            self.out.append(soup.tag(tag_written, kept | self.direction()))
        self.open.append((tag, tag_written, len(self.inline)))

    def end_block(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth][0] == tag:
                self.close_above(depth)
                return

    def close_implied(self, tags: set[str], limits: set[str]) -> None:
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth][0] in limits:
                return
            if self.open[depth][0] in tags:
                self.close_above(depth)

    def close_above(self, depth: int) -> None:
        while len(self.open) > depth:
            self.end_line()
            _, written, around = self.open.pop()
            del self.inline[around:]
            if written == "pre":
                self.out.append("</code></pre>")
            elif written:
                self.out.append(f"</{written}>")
            if len(self.open) < self.frame:
                self.frame = 0

    def boundary(self) -> None:
        """The edge of a div or paragraph: a new paragraph, or a new line where paragraphs cannot be."""
        if self.wraps():
            self.end_line()
        elif self.has_content() and not self.breaks:
            self.breaks = 1

    def direction(self) -> dict[str, str]:
        """Of a block that no other block is around; what lies in it inherits. Blogger writes ltr around everything."""
        said = [direction for _, direction in self.directions[-MAX_DEPTH:] if direction in ("ltr", "rtl")]
        return {"dir": said[-1]} if "rtl" in said and not self.open else {}

    def end_direction(self, tag: str) -> None:
        for index in range(len(self.directions) - 1, max(-1, len(self.directions) - MAX_DEPTH), -1):
            if self.directions[index][0] == tag:
                del self.directions[index:]
                return

    def end_line(self) -> None:
        if self.has_content():
            self.line += [closing for _, _, closing in reversed(self.inline)] if not self.is_in("pre") else []
            text = "".join(self.line)
            if not self.is_in("pre"):
                text = re.sub(r"(?:<br>|\s)+((?:</\w+>)*)$", r"\1", text.strip())
            self.out.append(f"{soup.tag('p', self.direction())}{text}</p>" if self.wraps() else text)
        self.line, self.breaks = [], 0

    def has_content(self) -> bool:
        return any("<img" in part or re.sub(r"<[^<>]*>", "", part).strip() for part in self.line)

    def wraps(self) -> bool:
        """Whether text stands in paragraphs here."""
        return not self.open or self.open[-1][1] == "blockquote"

    def is_in(self, *tags: str) -> bool:
        return any(tag in tags for tag, _, _ in self.open)


def _shown(address: str) -> str:
    """An address as people read it: without how it is fetched, and without what follows unless that names the film."""
    shown = address.partition("://")[2]
    return shown if "/watch?" in shown else shown.partition("?")[0]
