"""Films, sounds and maps of other sites become cards: nothing is asked of those sites until a reader says so.

static/js/embed.js shows the button and puts the player in its place. Without it the link is there.
"""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from blog.players import FILM, MAP, SOUND, Player, player_of
from blog.render.tree import Element, find, text, words
from blog.soup import BLOCKS


def show_cards(root: Element) -> None:
    for box in find(root, "div"):
        if not box.has_class("embed"):
            continue
        link = _only_link(box)
        player = link and player_of(link.attributes["href"])
        if player:
            _make_card(box, link, player)
        elif any(part.name in BLOCKS for part in box.parts()):
            del box.attributes["class"]
        else:  # a link like others
            box.become("p", {name: value for name, value in box.attributes.items() if name != "class"}, box.children)


def _only_link(box: Element) -> Element | None:
    parts = box.parts()
    is_alone = len(parts) == 1 and not any(isinstance(child, str) and child.strip() for child in box.children)
    return parts[0] if is_alone and parts[0].name == "a" and not any(find(parts[0], "img")) else None


def _make_card(box: Element, link: Element, player: Player) -> None:
    title = words(link)
    if not title:
        title = link.attributes["href"].partition("://")[2]
        link.children = [text(title)]
    whose, verb = _said_of(player)
    host = urlsplit(player.src).hostname
    note = _("%(whose)s. Nothing is asked of %(host)s until you load it.") % {"whose": whose, "host": host}
    button = {
        "type": "button",
        "class": "quiet",
        "hidden": "",
        "data-player": player.src,
        "data-title": title,
        "aria-label": f"{verb}: {title}",
    }
    language = {name: value for name, value in box.attributes.items() if name != "class"}
    box.become(
        "div",
        {"class": f"embed {player.kind}"},
        [
            Element("p", {"dir": "auto"} | language, [link]),
            Element("p", {"class": "whose"}, [text(note)]),
            Element("button", button, [text(verb)]),
        ],
    )


def _said_of(player: Player) -> tuple[str, str]:
    """What it is, and what its button says."""
    site = {"site": player.site}
    return {
        FILM: (_("A film on %(site)s") % site, _("Play here")),
        SOUND: (_("A recording on %(site)s") % site, _("Listen here")),
        MAP: (_("A map on %(site)s") % site, _("Show here")),
    }[player.kind]
