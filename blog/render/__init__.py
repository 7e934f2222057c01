"""From a post's body to what its page shows: done once, when the post is saved. One module a step."""

from dataclasses import dataclass

from django.utils import translation

from blog import sanitize
from blog.render.code import colour_code
from blog.render.embeds import show_cards
from blog.render.footnotes import move_notes
from blog.render.headings import name_headings
from blog.render.links import is_outside, mark_links
from blog.render.pictures import cover, media_name, show_pictures, thumbnail
from blog.render.tables import shape_tables
from blog.render.tree import parse, write
from blog.render.words import SUMMARY_LENGTH, counted, summary, text_of

__all__ = [
    "SUMMARY_LENGTH",
    "Rendered",
    "counted",
    "cover",
    "is_outside",
    "media_name",
    "render",
    "summary",
    "thumbnail",
]


@dataclass
class Rendered:
    html: str
    text: str  # plain words, for search, summaries and reading time
    toc: list[dict]  # {"id", "title", "level"} of each heading
    minutes: int
    summary: str
    images: set[int]  # ids of those of the library that it shows


def render(body: str, language: str = "") -> Rendered:
    """What is stored beside a body: its HTML for the page, its words, headings, reading time and summary.

    The page's own words within the text (“Notes”) are in `language`; if that is empty, in the one that is in force.
    """
    root = parse(sanitize.clean_post(body))
    text = text_of(root)
    short = summary(root, text)
    with translation.override(language or translation.get_language()):
        colour_code(root)
        notes = move_notes(root)
        show_cards(root)
        shape_tables(root)
        toc = name_headings(root)
        if notes:
            root.children.append(notes)
        images = show_pictures(root)
    mark_links(root)
    _count, minutes = counted(text)
    return Rendered(write(root), text, toc, minutes, short, images)
