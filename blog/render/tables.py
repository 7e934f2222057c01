"""Tables say which cells are headings of what, have their captions inside, and scroll in boxes of their own."""

from django.utils.translation import gettext as _

from blog.render.tree import Element, find, words

SECTIONS = frozenset({"thead", "tbody", "tfoot"})


def shape_tables(root: Element) -> None:
    for figure in find(root, "figure"):
        if figure.has_class("table"):
            _move_caption(figure)
    for table in find(root, "table"):
        _set_head(table)
        _name_cells(table)
    for table in find(root, "table", nested=False):
        _put_in_box(table)


def _move_caption(figure: Element) -> None:
    """A figure of one table becomes that table, its caption the table's; another figure stays as it is."""
    parts = figure.parts()
    tables = [part for part in parts if part.name == "table"]
    captions = [part for part in parts if part.name == "figcaption"]
    is_plain = len(tables) == 1 and len(captions) < 2 and len(parts) == len(tables) + len(captions)
    if not is_plain or any(isinstance(child, str) and child.strip() for child in figure.children):
        del figure.attributes["class"]
        return
    table, caption = tables[0], captions[0] if captions else None
    has_own = any(part.name == "caption" for part in table.parts())
    if caption and words(caption) and (has_own or any(find(caption, "table"))):
        del figure.attributes["class"]
        return
    if caption and words(caption):
        table.children.insert(0, Element("caption", caption.attributes, caption.children))
    figure.become("table", table.attributes, table.children)


def _set_head(table: Element) -> None:
    """A first row of headings alone is the table's head."""
    body = next((part for part in table.parts() if part.name in SECTIONS), None)
    row = next(iter(body.parts()), None) if body and body.name == "tbody" else None
    cells = row.parts() if row else []
    # A cell that reaches into the rows below would be cut off at the end of the head.
    if not cells or any(cell.name != "th" or cell.attributes.get("rowspan", "1") != "1" for cell in cells):
        return
    body.children.remove(row)
    at = table.children.index(body)
    table.children[at : at + (0 if body.parts() else 1)] = [Element("thead", {}, [row])]


def _name_cells(table: Element) -> None:
    for section in table.parts():
        if section.name not in SECTIONS:
            continue
        for row in section.parts():
            for place, cell in enumerate(row.parts()):
                if cell.name != "th" or "scope" in cell.attributes:
                    continue
                if section.name == "thead":
                    cell.attributes["scope"] = "col"
                elif place == 0:
                    cell.attributes["scope"] = "row"


def _put_in_box(table: Element) -> None:
    """The keyboard can reach the box, which says what it holds."""
    caption = next((part for part in table.parts() if part.name == "caption"), None)
    label = (words(caption) if caption else "") or _("Table")
    inner = Element("table", table.attributes, table.children)
    table.become("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label}, [inner])
