"""The first comments of a page in the terms of schema.org, for search engines: blog/structured.py has the post's."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape
from itertools import islice

from django.conf import settings
from django.utils.safestring import SafeString

from blog.structured import script
from comments.thread import Row, moment_of

MOST = 10
TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')  # of HTML that was cleaned: a value is quoted, and may hold any other sign
SPACE = re.compile(r"\s+")


def comments(address: str, rows: Iterable[Row], total: int) -> SafeString:
    """As an element of the page at `address`, which shows `rows` of the post's `total` comments; empty without any.

    It names the post by its address, as the post's own data does, so that both are read as one.
    """
    shown = list(islice((row for row in rows if row.is_shown), MOST))
    if not shown:
        return SafeString("")
    whole = f"{settings.SITE_URL}{address}"
    said = [_comment(whole, row) for row in shown]
    return script({"@id": whole, "commentCount": total, "comment": said})


def _comment(whole: str, row: Row) -> dict:
    return {
        "@type": "Comment",
        "@id": f"{whole}#comment-{row.pk}",
        "text": _text(row.body_html),
        "datePublished": moment_of(row.created_at).isoformat(),
        "author": {"@type": "Person", "name": row.author_name},
    }


@lru_cache(maxsize=1_000)
def _text(html: str) -> str:
    """The words of a comment, on one line."""
    return SPACE.sub(" ", unescape(TAG.sub(" ", html))).strip()
