"""The only place where HTML from people is cleaned: bleach first, then nh3 with the same lists.

Both must let a thing through; a comment without any markup, of which bleach would make the same, nh3 reads alone. What
each function returns is safe to print, and cleaning it again changes nothing.
"""

import html
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import unquote, urlsplit

import bleach
import nh3
from bleach.linkifier import LinkifyFilter
from django.conf import settings

from blog import paragraphs, soup
from blog.players import player_of

POST_LIMIT = 1_000_000  # characters of text; what is longer is cut, so that no text can stop the server
COMMENT_LIMIT = 70_000
MAX_URL = 4_000

# Their content is code or a player, not words.
UNSEEN = frozenset({"script", "style", "template", "title", "iframe", "noembed", "noframes", "svg", "math"})
# Elements of posts that mean the same as one we keep.
RENAMED = {
    **dict.fromkeys(["h1"], "h2"),
    **dict.fromkeys(["h5", "h6"], "h4"),
    **dict.fromkeys(["address", "article", "aside", "center", "footer", "header", "main", "nav", "section"], "div"),
    **dict.fromkeys(["strike"], "s"),
    **dict.fromkeys(["samp", "tt"], "code"),
    **dict.fromkeys(["acronym"], "abbr"),
    **dict.fromkeys(["dir", "menu"], "ul"),
}
# A player of somebody else's server becomes a link to it.
PLAYERS = frozenset({"iframe", "embed", "video", "audio", "source"})


@dataclass(frozen=True)
class Rules:
    """What one use lets through. Every parser is fed from here, so their lists cannot drift apart."""

    tags: frozenset[str]
    attributes: dict[str, frozenset[str]]  # by tag
    schemes: frozenset[str]
    strip: bool  # an unknown tag: left out, or shown as typed
    rel: str | None  # of every link

    def allows(self, tag: str, name: str, value: str) -> bool:
        if name not in self.attributes.get(tag, ()):
            return False
        if name in ("href", "src"):
            return self._is_link(value) and (name != "src" or is_own_media(value) or is_elsewhere(value))
        pattern = CLASSES[tag] if name == "class" else VALUES[name]
        return pattern.fullmatch(value) is not None

    def keep(self, tag: str, attributes: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in attributes.items() if self.allows(tag, name, value)}

    def _is_link(self, url: str) -> bool:
        url = re.sub(r"[\t\n]", "", url.strip(_BLANK))
        scheme = re.match(r"([a-z][a-z0-9+.-]*):", url, re.IGNORECASE)
        return len(url) <= MAX_URL and (scheme is None or scheme[1].lower() in self.schemes)


_BLANK = "".join(map(chr, range(33)))
_ANYTHING = re.compile(r".*", re.DOTALL)
_COUNT = re.compile(r"[0-9]{1,4}")
VALUES = {
    "title": _ANYTHING,
    "alt": _ANYTHING,
    "data-credit": _ANYTHING,
    "data-image": re.compile(r"[1-9][0-9]{0,17}"),  # its number in the library
    "dir": re.compile(r"ltr|rtl|auto"),
    "lang": re.compile(r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*"),
    "width": _COUNT,
    "height": _COUNT,
    "colspan": _COUNT,
    "rowspan": _COUNT,
    "start": re.compile(r"-?[0-9]{1,6}"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
}
_LANGUAGE = re.compile(r"language-[a-z0-9+#-]+")
CLASSES = {
    "code": _LANGUAGE,
    "pre": _LANGUAGE,
    "div": re.compile("embed"),
    "figure": re.compile("table"),
    "small": re.compile("footnote"),
}


def _by_tag(tags: str, everywhere: str = "", on: str = "", **own: str) -> tuple[frozenset[str], dict[str, frozenset]]:
    """The tags, and their attributes: `everywhere` on those named in `on`, `own` on one each."""
    names = frozenset(tags.split())
    common = dict.fromkeys(on.split(), everywhere)
    return names, {tag: frozenset(f"{common.get(tag, '')} {own.get(tag, '')}".split()) for tag in names}


_POST_BLOCKS = """p h2 h3 h4 pre blockquote ul ol li dl dt dd table caption thead tbody tfoot tr th td figure figcaption
    details summary div"""
_POST_TAGS, _POST_ATTRIBUTES = _by_tag(
    f"{_POST_BLOCKS} br hr img a span strong em b i u s sub sup small mark kbd code cite q abbr del ins",
    everywhere="dir lang",
    on=f"{_POST_BLOCKS} span q cite",
    a="href title",
    img="src alt width height data-image data-credit",
    abbr="title",
    ol="start",
    th="scope colspan rowspan",
    td="colspan rowspan",
    **dict.fromkeys(CLASSES, "class"),
)
_COMMENT_TAGS, _COMMENT_ATTRIBUTES = _by_tag("p br a b i em strong code pre blockquote ul ol li", a="href")
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

POST = Rules(_POST_TAGS, _POST_ATTRIBUTES, _SCHEMES, strip=True, rel=None)
COMMENT = Rules(_COMMENT_TAGS, _COMMENT_ATTRIBUTES, _SCHEMES, strip=False, rel="nofollow ugc noopener")


def _second(rules: Rules) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(rules.tags),
        attributes={tag: set(names) for tag, names in rules.attributes.items()},
        # `rel` is nh3's own word on each link: it is among nobody's attributes, so none that was typed comes here.
        attribute_filter=lambda tag, name, value: value if name == "rel" or rules.allows(tag, name, value) else None,
        url_schemes=set(rules.schemes),
        clean_content_tags=set(UNSEEN - rules.tags),
        link_rel=rules.rel,
    )


# Made at import, so that a mistake in the lists stops the start (nh3 panics on some) and not a reader's request.
_SECOND = {rules.strip: _second(rules) for rules in (POST, COMMENT)}


def _clean(rules: Rules, pieces: list[str], filters: list) -> str:
    done = []
    for piece in pieces:
        # A bleach.Cleaner that threads share mixes their texts: one for each call. nh3's may be shared.
        first = bleach.Cleaner(
            tags=rules.tags,
            attributes=rules.allows,
            protocols=rules.schemes,
            strip=rules.strip,
            filters=filters,
        )
        done.append(first.clean(piece))
    with _undisturbed():
        return _SECOND[rules.strip].clean("".join(done))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Has Ctrl-C wait: within its filter nh3 would swallow it, go on, and leave an attribute out."""
    if threading.current_thread() is not threading.main_thread():  # no other hears of signals
        yield
        return
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


# A bare link keeps brackets in pairs and ends before the punctuation of the sentence that it stands in.
_LINK_MARK = r"\s<>()\[\]{}\"“”«»`\\^|。、，「」『』（）"
BARE_LINK = re.compile(
    rf"(?<![a-z0-9@])https?://(?:[^{_LINK_MARK}]|\([^{_LINK_MARK}]*\)){{1,1000}}(?<![.,:;!?'*_~…])", re.IGNORECASE
)
_LINKIFY = partial(LinkifyFilter, callbacks=[], skip_tags={"pre", "code"}, url_re=BARE_LINK)


def _post_once(source: str) -> str:
    nest = soup.Nest(POST.tags, POST.keep, POST_LIMIT)
    for token in soup.tokens(soup.tidy_text(source), UNSEEN):
        if token.kind == "text":
            nest.text(soup.words_of(token))
        elif token.kind == "start":
            attributes = token.attributes
            if token.name in PLAYERS:
                _link_to_player(nest, attributes.get("src", ""))
            name = RENAMED.get(token.name, token.name)
            nest.start(name, _post_attributes(name, attributes))
        elif token.kind == "end":
            nest.end(RENAMED.get(token.name, token.name))
    return _clean(POST, nest.result(), [])


def _post_attributes(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    """Of several classes that which means something alone; an image's address as it will be shown."""
    if tag in CLASSES:
        for name in attributes.get("class", "").lower().split():
            if CLASSES[tag].fullmatch(name):
                attributes["class"] = name
    if src := attributes.get("src", "").strip(_BLANK):
        if src.startswith("//"):
            src = f"https:{src}"
        attributes["src"] = src.removeprefix(settings.SITE_URL) if is_own_media(src) else src
    return attributes


def _link_to_player(nest: soup.Nest, src: str) -> None:
    url = f"https:{src}" if src.startswith("//") else src
    if not is_elsewhere(url):
        return
    is_embed = player_of(url) is not None
    if is_embed:
        nest.start("div", {"class": "embed"})
    nest.start("a", {"href": url})
    nest.text(url.split("://")[1])
    nest.end("a")
    if is_embed:
        nest.end("div")


def _comment_pieces(source: str) -> list[str]:
    return paragraphs.write(soup.tidy_text(source), COMMENT.keep, COMMENT_LIMIT)


def _comment_once(source: str) -> str:
    return _clean(COMMENT, _comment_pieces(source), [_LINKIFY])


MARKUP = re.compile(r"[<>&]|://")


def _comment_in_words(source: str) -> str:
    """The same for a text without MARKUP, in a fraction of the time: a parser can make but one thing of it."""
    return _SECOND[COMMENT.strip].clean("".join(_comment_pieces(source)))


def _settled(clean: Callable[[str], str], source: str) -> str:
    """Cleaned until cleaning changes nothing: a parser may read otherwise what another one wrote."""
    done = clean(source)
    for _ in range(3):
        again = clean(done)
        if again == done:
            return done
        done = again
    return clean(html.escape(plain_text(done)))


def clean_post(html: str) -> str:
    """The HTML of a post's or page's body, as its author's editor or an import made it."""
    return _settled(_post_once, html)


@lru_cache(maxsize=32)  # what a form has checked is stored a moment later
def clean_comment(text: str) -> str:
    """The HTML of a comment from what its writer typed.

    A blank line makes a paragraph, a line end a <br>; a tag that is not allowed is shown as typed; bare links are
    linked.
    """
    return _settled(_comment_once, text) if MARKUP.search(text) else _comment_in_words(text)


def clean_footer(text: str) -> str:
    """The HTML of the site's footer from what its owner typed: a comment's, but search engines may follow its links."""
    return clean_comment(text).replace(f' rel="{COMMENT.rel}"', "")


def plain_text(html: str, without: frozenset[str] = frozenset()) -> str:
    """The words of some cleaned HTML, blocks parted by line ends; `without` the content of these elements."""
    parts: list[str] = []
    hidden = 0
    for token in soup.tokens(html, UNSEEN):
        if token.kind == "text" and not hidden:
            parts.append(soup.words_of(token))
        elif token.name in without and token.kind in ("start", "end"):
            hidden = max(0, hidden + (1 if token.kind == "start" else -1))
        if token.name in ("td", "th"):
            parts.append(" ")
        elif token.name in soup.BLOCKS or token.name == "br":
            parts.append("\n")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def is_elsewhere(url: str) -> bool:
    """Whether an address names a host, as opposed to a place on this site."""
    return re.match(r"https?://[^/\s]", url, re.IGNORECASE) is not None and not is_own_media(url)


def is_own_media(url: str) -> bool:
    """Whether an address is that of a file which this site keeps and serves."""
    try:
        parts = urlsplit(url.removeprefix(settings.SITE_URL))
    except ValueError:
        return False
    path = unquote(parts.path)
    return (
        not parts.scheme
        and not parts.netloc
        and not parts.query
        and path.startswith(settings.MEDIA_URL)
        and ".." not in path
        and "\\" not in path
    )
