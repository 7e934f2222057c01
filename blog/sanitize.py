"""The only place where HTML from people is cleaned: bleach first, then nh3 with the same lists.

Both must let a thing through. What each function returns is safe to print, and cleaning it again changes nothing.
"""

import bleach
import nh3

POST_TAGS = {
    "p",
    "br",
    "a",
    "strong",
    "em",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "blockquote",
    "img",
    "figure",
    "figcaption",
    "pre",
    "code",
}


def clean_post(html: str) -> str:
    """The HTML of a post's or page's body, as its author's editor or an import made it."""
    return nh3.clean(
        bleach.clean(html, tags=POST_TAGS, attributes={"a": ["href"], "img": ["src", "alt"]}, strip=True),
        tags=POST_TAGS,
    )


def clean_comment(text: str) -> str:
    """The HTML of a comment from what its writer typed."""
    return nh3.clean(bleach.clean(text, tags={"p", "br", "b", "i"}))


def plain_text(html: str) -> str:
    """The words of some cleaned HTML, blocks parted by line ends."""
    return " ".join(nh3.clean(html, tags=set()).split())
