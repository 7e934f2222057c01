"""Large XML from strangers, one child of the root at a time: no tree in memory, no entities, bounds on each child."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import ParseError, XMLParser

from blog.importers.records import ImportFault

CHUNK = 64 * 1024
MAX_CHILD = 64 * 2**20
MAX_DEPTH = 100


def children(file: BinaryIO, roots: dict[str, str]) -> Iterator[tuple[int, Element]]:
    """Each child of the root element, with the line on which it begins.

    `roots` tells what to say of a root that is not wanted; the wanted one has an empty text, and "" stands for all
    others. Raises ImportFault, with the line, where the file is broken or absurd; what came before is yielded first.
    """
    target = _Target(roots)
    parser = XMLParser(target=target, forbid_dtd=True)
    target.expat = parser.parser
    since = 0
    while chunk := file.read(CHUNK):
        fault = _fault(parser.feed, chunk, target)
        since = len(chunk) if target.done else since + len(chunk)
        yield from target.take()
        if fault:
            raise fault
        if since > MAX_CHILD:
            raise ImportFault(f"line {target.line}: one item is larger than {MAX_CHILD // 2**20} MB")
    fault = _fault(parser.close, None, target)
    yield from target.take()
    if fault:
        raise fault


def _fault(step, chunk: bytes | None, target: "_Target") -> ImportFault | None:
    try:
        step() if chunk is None else step(chunk)
    except ImportFault as fault:
        return fault
    except ParseError as error:
        line, column = error.position
        what = "the file ends in the middle" if chunk is None and line > 1 else str(error).partition(":")[0]
        return ImportFault(f"line {line}, column {column + 1}: broken XML ({what})")
    except DTDForbidden as error:
        if error.name.lower() == "html":
            return ImportFault(f"it is a web page. {target.roots['']}")
        return ImportFault(f"line {target.expat.CurrentLineNumber}: it declares XML entities, which no export does")
    except (DefusedXmlException, LookupError, ValueError) as error:
        return ImportFault(f"line {target.expat.CurrentLineNumber}: cannot be read ({error})")
    return None


class _Target:
    """Builds each child of the root, and forgets it when it is taken."""

    def __init__(self, roots: dict[str, str]) -> None:
        self.roots, self.expat = roots, None
        self.depth = self.line = 0
        self.builder: TreeBuilder | None = None
        self.done: list[tuple[int, Element]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and (complaint := self.roots.get(tag, self.roots[""])):
            raise ImportFault(complaint)
        if self.depth == 2:
            self.builder, self.line = TreeBuilder(), self.expat.CurrentLineNumber
        if self.depth > MAX_DEPTH:
            raise ImportFault(f"line {self.expat.CurrentLineNumber}: elements are nested too deeply")
        if self.builder:
            self.builder.start(tag, attributes)

    def data(self, text: str) -> None:
        if self.builder:
            self.builder.data(text)

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.builder:
            self.builder.end(tag)
        if self.depth == 1:
            self.done.append((self.line, self.builder.close()))
            self.builder = None

    def close(self) -> None:
        pass

    def take(self) -> list[tuple[int, Element]]:
        done, self.done = self.done, []
        return done
