"""Headings get addresses, and are listed for the margin."""

from blog.render.tree import Element, find, words
from blog.slugs import make_slug
from blog.soup import HEADINGS


def name_headings(root: Element) -> list[dict]:
    """Gives each heading that has words an id; {"id", "title", "level"} of each, in their order."""
    toc: list[dict] = []
    ids: dict[str, int] = {}
    for heading in find(root, *HEADINGS):
        if title := words(heading):
            name = _new_id(title, len(toc) + 1, ids)
            heading.attributes["id"] = name
            toc.append({"id": name, "title": title, "level": int(heading.name[1])})
    return toc


def _new_id(title: str, place: int, ids: dict[str, int]) -> str:
    """Prefixed, so that no heading takes a name that the page itself uses; `ids` counts those that are wanted again."""
    wanted = name = f"s-{make_slug(title, 60) or place}"
    while name in ids:
        ids[wanted] += 1
        name = f"{wanted}-{ids[wanted]}"
    ids[name] = 1
    return name
