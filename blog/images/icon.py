"""A picture as a square icon, for the home screens of telephones and the like."""

import io
from typing import BinaryIO

from PIL import Image

from blog.images.reading import opened, working_on


def icon(file: BinaryIO, side: int, share: float = 1, paper: str | None = None) -> bytes:
    """A PNG of `side` pixels each way with what process() wrote (`file`) whole in its middle, `share` of it wide.

    Around it is `paper` (#rrggbb), or nothing if that is None. Raises ImageRefused.
    """
    data = file.read()
    with working_on(data), opened(data) as image:
        picture = image.convert("RGBA")
        inner = max(1, round(side * share))
        scale = min(inner / picture.width, inner / picture.height)
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
        square = Image.new("RGBA", (side, side), paper or (0, 0, 0, 0))
        square.alpha_composite(picture, ((side - size[0]) // 2, (side - size[1]) // 2))
        out = io.BytesIO()
        (square.convert("RGB") if paper else square).save(out, "PNG", optimize=True)
        return out.getvalue()
