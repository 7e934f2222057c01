"""From a post's body to what its page shows: done once, when the post is saved."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _

from blog import sanitize, soup
from blog.slugs import make_slug

WORDS_PER_MINUTE = 230
SUMMARY_LENGTH = 200
# What a summary is not made of.
APART = frozenset({"h2", "h3", "h4", "pre", "table", "figcaption"})


@dataclass
class Rendered:
    html: str
    text: str  # plain words, for search, summaries and reading time
    toc: list[dict]  # {"id", "title", "level"} of each heading
    minutes: int
    summary: str


def render(body: str) -> Rendered:
    """What is stored beside a body: its HTML for the page, its words, headings, reading time and summary."""
    html = sanitize.clean_post(body)
    tokens = list(soup.tokens(html))
    page = Page(_images_in(tokens))
    for token in tokens:
        page.take(token)
    text = sanitize.plain_text(html)
    return Rendered("".join(page.out), text, page.toc, minutes(text), summary(html, text))


def minutes(text: str) -> int:
    """The time it takes to read a text, at least one minute."""
    words = re.findall(r"\w+", text)
    # Chinese and Japanese stand without spaces: two characters are about a word.
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for word in words for letter in word)
    latin = sum(1 for word in words if unicodedata.east_asian_width(word[0]) not in "WF")
    return max(1, round((latin + wide / 2) / WORDS_PER_MINUTE))


def summary(html: str, text: str) -> str:
    """The first words of the paragraphs, cut between words."""
    words = " ".join((sanitize.plain_text(html, without=APART) or text).split())
    if len(words) <= SUMMARY_LENGTH:
        return words
    cut = words[:SUMMARY_LENGTH]
    at = cut.rfind(" ")
    # A text without spaces is cut where it is.
    return (cut[:at] if at > SUMMARY_LENGTH // 2 else cut).rstrip(" .,;:–—-") + "…"


def media_name(src: str) -> str:
    """The name in the storage of an image's address on this site; empty if it lies elsewhere."""
    if not sanitize.is_own_media(src):
        return ""
    return unquote(urlsplit(src).path).removeprefix(settings.MEDIA_URL)


def _images_in(tokens: Iterable[soup.Token]) -> dict[str, tuple[int, int, str]]:
    """Width, height and alternative text of this site's images among the tokens, by name: one query, or none."""
    names = {media_name(token.attributes.get("src", "")) for token in tokens if token.name == "img"} - {""}
    if not names:
        return {}
    # Not imported: the models import this module, since a post renders itself when it is saved.
    images = apps.get_model("blog", "Image").objects.filter(file__in=names)
    return {
        file: (width, height, alt) for file, width, height, alt in images.values_list("file", "width", "height", "alt")
    }


@dataclass
class Page:
    """Writes cleaned tokens as the page shows them: each goes out as it came, or with more around it."""

    images: dict[str, tuple[int, int, str]]
    out: list[str] = field(default_factory=list)
    toc: list[dict] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    tables: int = 0  # open ones
    in_link: bool = False
    shown: int = 0  # images so far
    # Where a tag stands that is finished when its words are known, and those words.
    heading: tuple[int, list[str]] | None = None
    table_at: int = 0
    in_caption: bool = False
    caption: list[str] = field(default_factory=list)

    def take(self, token: soup.Token) -> None:
        if token.kind == "text":
            self._text(token)
        elif token.name == "img":
            self._image(token.attributes)
        elif token.name in soup.HEADINGS:
            self._heading(token)
        elif token.name in ("table", "caption"):
            self._table(token)
        elif token.name == "a":
            self._link(token)
        else:
            self.out.append(token.raw)

    def _text(self, token: soup.Token) -> None:
        self.out.append(token.raw)
        if self.heading:
            self.heading[1].append(soup.words_of(token))
        if self.in_caption:
            self.caption.append(soup.words_of(token))

    def _heading(self, token: soup.Token) -> None:
        if token.kind == "start":
            self.heading = (len(self.out), [])
            self.out.append(token.raw)
            return
        self.out.append(token.raw)
        if not self.heading:
            return
        at, words = self.heading
        self.heading = None
        if title := " ".join("".join(words).split()):
            name = self._new_id(title)
            self.out[at] = f'{self.out[at][:-1]} id="{escape(name)}">'
            self.toc.append({"id": name, "title": title, "level": int(token.name[1])})

    def _new_id(self, title: str) -> str:
        """Prefixed, so that no heading takes a name that the page itself uses."""
        wanted = name = f"s-{make_slug(title, 60) or len(self.toc) + 1}"
        number = 2
        while name in self.ids:
            name = f"{wanted}-{number}"
            number += 1
        self.ids.add(name)
        return name

    def _table(self, token: soup.Token) -> None:
        """A wide table scrolls in a box of its own, which the keyboard can reach and which says what it is."""
        if token.name == "caption":
            self.in_caption = token.kind == "start" and self.tables == 1
            self.out.append(token.raw)
        elif token.kind == "start":
            if not self.tables:
                self.table_at, self.caption = len(self.out), []
                self.out.append("")
            self.tables += 1
            self.out.append(token.raw)
        else:
            self.tables -= 1
            self.out.append(token.raw)
            if not self.tables:
                label = " ".join("".join(self.caption).split()) or _("Table")
                self.out[self.table_at] = soup.tag(
                    "div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label}
                )
                self.out.append("</div>")

    def _link(self, token: soup.Token) -> None:
        self.in_link = token.kind == "start"
        if self.in_link and is_outside(token.attributes.get("href", "")):
            self.out.append(f'{token.raw[:-1]} rel="noopener">')
        else:
            self.out.append(token.raw)

    def _image(self, attributes: dict[str, str]) -> None:
        if sanitize.is_elsewhere(attributes["src"]):
            self._image_elsewhere(attributes)
            return
        width, height, alt = self.images.get(media_name(attributes["src"]), (0, 0, ""))
        shown = {"src": attributes["src"], "alt": attributes.get("alt", alt)}
        if width:
            wanted = int(attributes.get("width", 0)) or width
            shown["width"] = str(min(wanted, width))
            shown["height"] = str(max(1, round(height * min(wanted, width) / width)))
        if self.shown:  # the first one is probably in view: it must not wait for the layout
            shown["loading"] = "lazy"
        shown["decoding"] = "async"
        self.shown += 1
        self.out.append(soup.tag("img", shown))

    def _image_elsewhere(self, attributes: dict[str, str]) -> None:
        """A link to it: showing it would tell another server who reads this page."""
        host = urlsplit(attributes["src"]).hostname or ""
        words = " – ".join(filter(None, (" ".join(attributes.get("alt", "").split()), host)))
        if self.in_link:
            self.out.append(f'<span class="external-image">🖼 {escape(words)}</span>')
        else:
            link = soup.tag("a", {"class": "external-image", "href": attributes["src"], "rel": "noopener"})
            self.out.append(f"{link}🖼 {escape(words)}</a>")


def is_outside(url: str) -> bool:
    """Whether a link leads to another site."""
    url = url.strip()
    if url.startswith("//"):
        return True
    return url.lower().startswith(("http://", "https://")) and not f"{url}/".startswith(f"{settings.SITE_URL}/")
