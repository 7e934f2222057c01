"""Opening a picture that nobody vouches for, and the bounds it must keep."""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

MAX_PIXELS = 50_000_000
MAX_PIXELS_OF = {"WEBP": 25_000_000}  # its decoder holds four copies of the picture
MAX_FRAMES = 300
MAX_MOVING_PIXELS = 120_000_000  # of all frames together
MAX_SIDE = 2560

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]

Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# A picture of 50 million pixels takes 200 MB while it is worked on: one at a time in a process.
_one_at_a_time = threading.Lock()


class ImageRefused(Exception):
    """An upload that cannot be taken; its message tells the person why and what to do.

    `is_bound`: it may be whole, but is larger than what is taken.
    """

    def __init__(self, message: str, is_bound: bool = False) -> None:
        super().__init__(message)
        self.is_bound = is_bound


@contextmanager
def working_on(data: bytes) -> Iterator[None]:
    """Whatever fails in here fails as ImageRefused; no other picture is worked on meanwhile."""
    # warnings.catch_warnings is not safe between threads either: the lock keeps it to one.
    with _one_at_a_time, warnings.catch_warnings():
        # Pillow warns of odd metadata, which is dropped anyway; of bombs it must not only warn.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except ImageRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels(MAX_PIXELS) from error
        except UnidentifiedImageError as error:
            raise ImageRefused(_what_instead(data)) from error
        except Exception as error:  # each decoder fails on broken files in ways of its own
            message = _("This picture is damaged or cut short: it cannot be read to its end. Save or export it again.")
            raise ImageRefused(message) from error


def opened(data: bytes) -> Image.Image:
    """The picture, not decoded yet. JPEG files of several pictures (MPO) count as their first one."""
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    bound = MAX_PIXELS_OF.get(image.format, MAX_PIXELS)
    if image.width * image.height > bound:
        image.close()
        raise _too_many_pixels(bound)
    return image


def times(image: Image.Image) -> list[int]:
    """How long each frame is shown, in milliseconds; reads every frame, never more than the bounds allow."""
    found = []
    for number in count():
        try:
            image.seek(number)
        except EOFError:
            return found
        if number and (
            number >= MAX_FRAMES or (number + 1) * image.width * image.height > MAX_MOVING_PIXELS or is_wide(image)
        ):
            message = _("This moving picture is too long or too large. Make it shorter or smaller, or use a still one.")
            raise ImageRefused(message, is_bound=True)
        image.load()
        time = image.info.get("duration") or 0
        # As in browsers: what asks for no time at all gets a tenth of a second.
        found.append(100 if time <= 10 else min(int(time), 60_000))
    return found


def is_wide(image: Image.Image) -> bool:
    return max(image.size) > MAX_SIDE


def _too_many_pixels(bound: int) -> ImageRefused:
    message = _("This picture has too many pixels: at most %(pixels)d million. Make it smaller first.")
    return ImageRefused(message % {"pixels": bound // 1_000_000}, is_bound=True)


def _what_instead(data: bytes) -> str:
    start = data[:1000].lower()
    if b"<svg" in start or b"<?xml" in start:
        return _("SVG drawings can carry programs, so they are not taken. Export it as PNG.")
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        return _("Browsers cannot show this phone's format (HEIC). Export the picture as JPEG.")
    return _("This is not a picture that can be shown here. Use JPEG, PNG, WebP, AVIF or GIF.")
