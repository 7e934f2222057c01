"""Writing a picture: its pixels and nothing else."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}
OPTIONS = {
    "JPEG": {"quality": 86, "optimize": True, "progressive": True},
    "PNG": {"compress_level": 7},
    "WEBP": {"quality": 86, "method": 2},
}
MOVING = {"save_all": True, "background": (0, 0, 0, 0), "quality": 80, "method": 2}
SAMPLE = 64  # pixels of a side, for finding the colour


@dataclass
class Processed:
    content: bytes
    digest: str  # of the content, 32 hex digits
    extension: str
    width: int
    height: int
    colour: str = ""  # that it shows most of, #rrggbb; none where something shows through
    moves: bool = False

    @property
    def name(self) -> str:
        """Of its file, below the folder of media: it says the content."""
        return f"images/{self.digest[:2]}/{self.digest}.{self.extension}"


def as_it_is(content: bytes, kept: str, size: tuple[int, int]) -> Processed:
    """A file whose content is written already, in the format `kept`."""
    return Processed(content, hashlib.sha256(content).hexdigest()[:32], EXTENSIONS[kept], *size)


def written(picture: Image.Image, kept: str, **options) -> Processed:
    # Pillow would copy some of these from where the picture came from.
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    out = io.BytesIO()
    picture.save(out, kept, exif=b"", xmp=b"", icc_profile=b"", **options)
    return as_it_is(out.getvalue(), kept, picture.size)


def main_colour(picture: Image.Image) -> str:
    """The one of a few colours that most of it has, as #rrggbb; empty where something shows through."""
    sample = picture.resize((min(SAMPLE, picture.width), min(SAMPLE, picture.height)), Image.Resampling.BOX)
    if sample.mode == "RGBA" and sample.getextrema()[3][0] < 255:
        return ""
    few = sample.convert("RGB").quantize(6, Image.Quantize.MEDIANCUT)
    _count, index = max(few.getcolors())
    return "#" + bytes(few.getpalette()[index * 3 : index * 3 + 3]).hex()
