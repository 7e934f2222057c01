"""The only place that uses Pillow: an upload is decoded, bounded and written anew, so that nothing else of it survives."""

from dataclasses import dataclass


class ImageRefused(Exception):
    """An upload that cannot be taken; its message tells the person why and what to do."""


@dataclass
class Processed:
    content: bytes
    digest: str  # of the content, 32 hex digits
    extension: str
    width: int
    height: int


def process(file) -> Processed:
    raise ImageRefused("not yet")
