"""Footnotes, whose words stand in the text where they belong, become numbers there and a list at its end."""

import hashlib
import re
from html import unescape

from django.utils.translation import gettext as _

from blog import sanitize, soup
from blog.digits import digits
from blog.render.tree import Element, find, text, words


def move_notes(root: Element) -> Element | None:
    """Puts a number in the place of each footnote; the section with their words, None where there are none."""
    _out_of_links(root)
    notes: list[Element] = []
    for note in find(root, "small"):
        if not note.has_class("footnote"):
            continue
        said = words(note)
        if not said and not any(find(note, "img")):
            note.become("", {}, [])
            continue
        number = len(notes) + 1
        # Several posts stand on one page of a feed reader: the words tell their first notes apart.
        name = f"{number}-{hashlib.sha256(said.encode()).hexdigest()[:6]}"
        notes.append(_listed(note, name, number))
        link = {"id": f"noteref-{name}", "href": f"#note-{name}", "role": "doc-noteref"}
        note.become("sup", {"class": "noteref"}, [Element("a", link, [digits(number)])])
    return _section(notes) if notes else None


def _out_of_links(root: Element) -> None:
    """A number is a link, and none can stand inside another: it comes after it."""
    for link in find(root, "a"):
        notes = [note for note in find(link, "small") if note.has_class("footnote")]
        if notes:
            moved = [Element("small", note.attributes, note.children) for note in notes]
            for note in notes:
                note.become("", {}, [])
            link.become("", {}, [Element("a", link.attributes, link.children), *moved])


def _listed(note: Element, name: str, number: int) -> Element:
    _link_addresses(note)
    is_line = not any(part.name in soup.BLOCKS for part in note.parts())
    back = {
        "class": "back",
        "href": f"#noteref-{name}",
        "role": "doc-backlink",
        "aria-label": digits(_("Back to the text, %(number)d") % {"number": number}),
    }
    shown = [Element("bdi", {}, note.children)] if is_line else note.children
    return Element("li", {"id": f"note-{name}"}, [*shown, " ", Element("a", back, ["↑"])])


def _section(notes: list[Element]) -> Element:
    name = f"notes-{notes[0].attributes['id'].rpartition('-')[2]}"
    heading = Element("h2", {"id": name}, [text(_("Notes"))])
    given = {"class": "notes", "role": "doc-endnotes", "aria-labelledby": name}
    return Element("section", given, [heading, Element("ol", {}, notes)])


def _link_addresses(element: Element) -> None:
    """Bare addresses in the words of a note become links."""
    children: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str):
            children += _linked(child)
            continue
        if child.name not in ("a", "code", "pre"):
            _link_addresses(child)
        children.append(child)
    element.children = children


def _linked(html: str) -> list[Element | str]:
    if not re.search("://", html) or html.startswith("<"):
        return [html]
    said, at = unescape(html), 0
    parts: list[Element | str] = []
    for match in sanitize.BARE_LINK.finditer(said):
        parts += [text(said[at : match.start()]), Element("a", {"href": match[0]}, [text(match[0])])]
        at = match.end()
    return [*parts, text(said[at:])]
