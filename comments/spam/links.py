"""The links in a text: whole addresses, bare domains, and those that somebody wrote as “example dot com”."""

import re
from typing import NamedTuple

from comments.folding import fold
from comments.folding.hosts import MAX_DOMAIN, ascii_domain

MOST_PARTS = 12  # of one address
# A bare domain counts as a link if it ends in one of these, or has a path; others are mostly a missing space.
ENDINGS = (
    "com|net|org|info|biz|io|co|me|tv|ly|be|ru|uk|us|de|fr|es|it|nl|pl|cz|ch|at|eu|br|mx|ar|cn|jp|kr|in|ir|tr|ua|by|kz"
    "|tk|ml|ga|cf|gq|xyz|top|site|online|shop|club|store|live|app|dev|page|blog|link|click|win|vip|pro|gl|gd|to|cc|ws"
    "|example"
)
HREF = re.compile(r"""<\s*a\b[^<>]*?\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))[^<>]*>""", re.IGNORECASE)
ADDRESS = re.compile(
    r"(?:\b(?:h(?:tt|xx)ps?|ftp)\s?:\s?//\s?|\bwww\d?\.)[^\s<>\"]+"
    r"|(?<![\w@.-])(?:[\w-]{1,63}\.){1,8}(?:" + ENDINGS + r")(?![\w-]|\.\w)(?::\d{1,5})?(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
DOT = re.compile(r"(?<=\w)\s?(?:[\[({]\s?(?:dot|\.)\s?[\])}]|\s(?:dot|d0t)\s)\s?(?=\w)", re.IGNORECASE)


class Link(NamedTuple):
    host: str
    parts: tuple[str, ...]


def take_hrefs(text: str, mark: str) -> tuple[str, list[Link]]:
    """`text` with `mark` where the tag of an HTML link stood, and the links. Their words stay."""
    return _take(HREF, text, mark) if "<" in text else (text, [])


def take_links(text: str, mark: str) -> tuple[str, list[Link]]:
    """`text` without tags, with `mark` where an address stood, and the links."""
    if "dot" in text.lower() or ".]" in text or ".)" in text or ".}" in text:
        text = DOT.sub(".", text)
    return _take(ADDRESS, text, mark) if "." in text else (text, [])


def _take(pattern: re.Pattern, text: str, mark: str) -> tuple[str, list[Link]]:
    found: list[Link] = []

    def take(match: re.Match) -> str:
        link = read_link(next(filter(None, match.groups()), match[0]))
        if link:
            found.append(link)
        return f" {mark} " if link else match[0]

    return pattern.sub(take, text), found


def read_link(address: str) -> Link | None:
    """The host of an address and the words it is made of; None where there is no host."""
    address = fold(address[:400])
    bare = re.sub(r"^(?:[a-z]{3,5}\s?:)?\s?//\s?", "", address)
    host = (
        re.split(r"[/?#]", bare, maxsplit=1)[0]
        .rpartition("@")[2]
        .partition(":")[0]
        .strip(".,;:!?)('\"")
        .removeprefix("www.")
    )
    if "." not in host or len(host) > MAX_DOMAIN:
        return None
    parts = [part for part in re.split(r"[\W_]+", bare) if part]
    return Link(ascii_domain(host), tuple(dict.fromkeys(parts[:MOST_PARTS])))
