"""From a post's body to what its page shows: done once, when the post is saved."""

from dataclasses import dataclass

from blog import sanitize

WORDS_PER_MINUTE = 230


@dataclass
class Rendered:
    html: str
    text: str  # plain words, for search, summaries and reading time
    toc: list[dict]  # {"id", "title", "level"} of each heading
    minutes: int
    summary: str


def render(body: str) -> Rendered:
    html = sanitize.clean_post(body)
    text = sanitize.plain_text(html)
    return Rendered(html, text, [], max(1, round(len(text.split()) / WORDS_PER_MINUTE)), text[:200])
