"""The only place that uses Pillow: an upload is decoded, bounded and written anew, so nothing else of it survives."""

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass
from itertools import count
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, UnidentifiedImageError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PIXELS_OF = {"WEBP": 25_000_000}  # its decoder holds four copies of the picture
MAX_FRAMES = 300
MAX_MOVING_PIXELS = 120_000_000  # of all frames together
MAX_SIDE = 2560
LARGE_PNG = 1_000_000  # bytes

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
OPTIONS = {
    "JPEG": {"quality": 86, "optimize": True, "progressive": True},
    "PNG": {"compress_level": 7},
    "WEBP": {"quality": 86, "method": 2},
}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ORIENTATION = 0x0112

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


@dataclass
class Processed:
    content: bytes
    digest: str  # of the content, 32 hex digits
    extension: str
    width: int
    height: int


def process(file: BinaryIO) -> Processed:
    """The image in `file` (any binary file), written anew: without metadata, upright, in sRGB, bounded in size.

    JPEG stays JPEG; what was without loss becomes PNG (WebP if that is much smaller), the rest WebP; what moves becomes
    moving WebP. The same file gives the same content. Raises ImageRefused.
    """
    if file.seekable():
        file.seek(0)
    data = file.read(MAX_BYTES + 1)
    _refuse_by_bytes(data)
    # warnings.catch_warnings is not safe between threads either: the lock keeps it to one.
    with _one_at_a_time, warnings.catch_warnings():
        # Pillow warns of odd metadata, which is dropped anyway; of bombs it must not only warn.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _rewritten(data)
        except ImageRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels(MAX_PIXELS) from error
        except UnidentifiedImageError as error:
            raise ImageRefused(_what_instead(data)) from error
        except Exception as error:  # each decoder fails on broken files in ways of its own
            message = _("This picture is damaged or cut short: it cannot be read to its end. Save or export it again.")
            raise ImageRefused(message) from error


def _refuse_by_bytes(data: bytes) -> None:
    if not data:
        raise ImageRefused(_("This file is empty. Choose another one."))
    if len(data) > MAX_BYTES:
        message = _("This file is too large: at most %(megabytes)d MB. Make the picture smaller first.")
        raise ImageRefused(message % {"megabytes": MAX_BYTES // 1024 // 1024}, is_bound=True)


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


def _rewritten(data: bytes) -> Processed:
    # JPEG files of several pictures (MPO) count as their first one.
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        bound = MAX_PIXELS_OF.get(image.format, MAX_PIXELS)
        if image.width * image.height > bound:
            raise _too_many_pixels(bound)
        is_photo = image.format in ("JPEG", "MPO")
        # Of a GIF alone the number of frames is known only by reading them.
        may_move = not is_photo and (image.format == "GIF" or image.n_frames > 1)
        times = _times(image) if may_move else []
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if len(times) > 1:
            return _moving(image, times)
        return _still(image, "JPEG" if is_photo else "PNG" if image.format in ("PNG", "GIF") else "WEBP")


def _times(image: Image.Image) -> list[int]:
    """How long each frame is shown, in milliseconds; reads every frame, never more than the bounds allow."""
    times = []
    for number in count():
        try:
            image.seek(number)
        except EOFError:
            return times
        if number and (
            number >= MAX_FRAMES or (number + 1) * image.width * image.height > MAX_MOVING_PIXELS or _is_wide(image)
        ):
            message = _("This moving picture is too long or too large. Make it shorter or smaller, or use a still one.")
            raise ImageRefused(message, is_bound=True)
        image.load()
        time = image.info.get("duration") or 0
        # As in browsers: what asks for no time at all gets a tenth of a second.
        times.append(100 if time <= 10 else min(int(time), 60_000))
    return times


def _is_wide(image: Image.Image) -> bool:
    return max(image.size) > MAX_SIDE


def _moving(image: Image.Image, times: list[int]) -> Processed:
    # Saved from the file itself, Pillow takes one frame at a time; a list of frames it would hold in memory.
    loop = image.info.get("loop", 1)
    return _written(
        image,
        "WEBP",
        save_all=True,
        duration=times,
        loop=loop if isinstance(loop, int) and 0 <= loop < 65_536 else 0,
        background=(0, 0, 0, 0),
        quality=80,
        method=2,
    )


def _still(image: Image.Image, kept: str) -> Processed:
    if kept == "JPEG":
        image.draft(None, (MAX_SIDE, MAX_SIDE))  # decodes at a fraction of the size where that is enough
    # Before the metadata: asked for these, Pillow may load the picture itself, and the error would be lost there.
    image.load()
    turn = TURNS.get(_orientation(image))
    picture = _in_srgb(_reduced(image), image.info.get("icc_profile"))
    if _is_wide(picture):
        picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    if turn is not None:
        picture = picture.transpose(turn)
    done = _written(picture, kept, **OPTIONS[kept])
    if kept == "PNG" and len(done.content) > LARGE_PNG:  # most often a photograph
        smaller = _written(picture, "WEBP", **OPTIONS["WEBP"])
        if len(smaller.content) < len(done.content) / 2:
            return smaller
    return done


def _orientation(image: Image.Image) -> int:
    try:
        found = image.getexif().get(ORIENTATION)
    except Exception:  # metadata that nobody can read says nothing
        return 1
    return found if isinstance(found, int) else 1


def _reduced(image: Image.Image) -> Image.Image:
    """In a mode that can be resized; a very large one is first averaged down, strip by strip to spare memory."""
    factor = max(image.size) // MAX_SIDE
    if factor < 2:
        return _plain(image)
    across, down = min(factor, image.width), min(factor, image.height)
    rows = down * max(1, 2_000_000 // (image.width * down))
    strips = []
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        strips.append(_plain(strip).reduce((across, down)))
    whole = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        whole.paste(strip, (0, top))
        top += strip.height
    return whole


def _plain(image: Image.Image) -> Image.Image:
    """As L, RGB, RGBA or CMYK, without anything beside the pixels."""
    if image.mode.startswith("I"):
        # 16 bits of grey: convert() alone cuts off at 255, a scale keeps the picture.
        picture = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.has_transparency_data:
        picture = image.convert("RGBA")
    elif image.mode in ("1", "L"):
        picture = image.convert("L")
    else:
        picture = image.convert("CMYK" if image.mode == "CMYK" else "RGB")
    picture.info = {}
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = picture.mode if picture.mode == "RGBA" else "RGB"
            return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=target)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a broken profile, or one for another kind of picture: the colours as they stand
    return picture.convert("RGB") if picture.mode == "CMYK" else picture


def _written(picture: Image.Image, kept: str, **options) -> Processed:
    # Pillow would copy some of these from where the picture came from.
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    out = io.BytesIO()
    picture.save(out, kept, exif=b"", xmp=b"", icc_profile=b"", **options)
    content = out.getvalue()
    return Processed(content, hashlib.sha256(content).hexdigest()[:32], EXTENSIONS[kept], *picture.size)
