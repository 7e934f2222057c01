"""Cleaned HTML as a tree that the steps change, and back: sanitize.clean_post has nested it well, and not deep."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from blog import sanitize, soup

VOID = soup.VOID | {"source"}


@dataclass(slots=True, eq=False)
class Element:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)  # a str is HTML: text as it stands there

    def become(self, name: str, attributes: dict[str, str], children: list["Element | str"]) -> None:
        """Takes another shape in its place."""
        self.name, self.attributes, self.children = name, attributes, children

    def parts(self) -> list["Element"]:
        """Its children that are elements."""
        return [child for child in self.children if isinstance(child, Element)]

    def has_class(self, name: str) -> bool:
        return self.attributes.get("class") == name


def parse(html: str) -> Element:
    """The root, without a name, of some cleaned HTML."""
    root = Element("")
    open_ = [root]
    for token in soup.tokens(html):
        if token.kind == "start" and token.name in VOID and token.name != "img":
            open_[-1].children.append(token.raw)
        elif token.kind == "start":
            element = Element(token.name, token.attributes if token.rest else {})
            open_[-1].children.append(element)
            if token.name not in VOID:
                open_.append(element)
        elif token.kind == "end" and len(open_) > 1:
            open_.pop()
        elif token.kind == "text":
            open_[-1].children.append(token.raw)
    return root


def write(element: Element, without: Callable[[Element], bool] = lambda element: False) -> str:
    """The HTML of an element, the root's being what it holds; `without` says which elements to leave out."""
    out: list[str] = []
    _write(element, without, out)
    return "".join(out)


def _write(element: Element, without: Callable[[Element], bool], out: list[str]) -> None:
    if element.name:
        out.append(soup.tag(element.name, element.attributes))
    for child in element.children:
        if isinstance(child, str):
            out.append(child)
        elif not without(child):
            _write(child, without, out)
    if element.name and element.name not in VOID:
        out.append(f"</{element.name}>")


def find(element: Element, *names: str, nested: bool = True) -> Iterator[Element]:
    """All elements of these names in an element, outer ones first; without `nested`, none inside another."""
    for child in element.parts():
        if child.name in names:
            yield child
            if not nested:
                continue
        yield from find(child, *names, nested=nested)


def words(element: Element) -> str:
    """What it says, in one line, without the marks of footnotes."""
    return " ".join(sanitize.plain_text(write(element, lambda child: child.has_class("noteref"))).split())


def text(words: str) -> str:
    """Words as HTML."""
    return soup.escaped(words)
