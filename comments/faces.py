"""A small mirrored pattern for each writer, drawn here: nobody else is asked for a picture."""

import hashlib
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

COLOURS = ("#b8703c", "#5f78a8", "#4f8a5b", "#8a62a3", "#a3535f", "#3f8a8a", "#8a7a35", "#6b6b8f")


@lru_cache(maxsize=2048)
def face(seed: str) -> SafeString:
    """An SVG of 5 × 5 squares, the same for the same seed: an account, a commenter's random number, or a typed
    name. Never an address."""
    bits = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    path = ""
    for cell in range(15):
        if bits >> cell & 1:
            column, row = divmod(cell, 5)
            path += f"M{column} {row}h1v1h-1z"
            if column < 2:
                path += f"M{4 - column} {row}h1v1h-1z"
    colour = COLOURS[bits >> 20 & 7]
    return format_html(
        '<svg class="face" viewBox="-.75 -.75 6.5 6.5" fill="{}" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        colour,
        path or "M2 2h1v1h-1z",
    )


def face_of(comment) -> SafeString:
    """That of who wrote this comment, or row of a thread."""
    if comment.user_id:
        return face(f"account {comment.user_id}")
    return face(f"proved {comment.commenter_id}" if comment.commenter_id else f"name {comment.author_name}")
