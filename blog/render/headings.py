"""Headings get addresses, with a link to each for those who want to share it, and are listed for the margin."""

from django.utils.translation import gettext as _

from blog.render.tree import Element, find, words
from blog.slugs import make_slug
from blog.soup import HEADINGS


def name_headings(root: Element) -> list[dict]:
    """Gives each heading that has words an id and a link; {"id", "title", "level"} of each, in their order.

    One that stands in a link has no other link beside it: a browser would end the first one there.
    """
    toc: list[dict] = []
    ids: dict[str, int] = {}
    linked = {id(heading) for link in find(root, "a") for heading in find(link, *HEADINGS)}
    for heading in list(find(root, *HEADINGS)):
        if title := words(heading):
            name = _new_id(title, len(toc) + 1, ids)
            toc.append({"id": name, "title": title, "level": int(heading.name[1])})
            if id(heading) in linked:
                heading.attributes["id"] = name
            else:
                _link(heading, name, title)
    return toc


def _link(heading: Element, name: str, title: str) -> None:
    """The link stands beside the heading, not in it: whoever hears the heading's name does not hear the link's too."""
    shown = Element(heading.name, heading.attributes | {"id": name}, heading.children)
    label = _("Link to “%(title)s”") % {"title": title}
    link = Element("a", {"class": "anchor", "href": f"#{name}", "aria-label": label}, ["#"])
    heading.become("div", {"class": f"heading {heading.name}"}, [shown, " ", link])


def _new_id(title: str, place: int, ids: dict[str, int]) -> str:
    """Prefixed, so that no heading takes a name that the page itself uses; `ids` counts those that are wanted again."""
    wanted = name = f"s-{make_slug(title, 60) or place}"
    while name in ids:
        ids[wanted] += 1
        name = f"{wanted}-{ids[wanted]}"
    ids[name] = 1
    return name
