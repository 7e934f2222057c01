"""An upload, written anew: without metadata, upright, in sRGB, bounded in size."""

import io
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms

from blog.images.reading import MAX_SIDE, ImageRefused, is_wide, opened, times, working_on
from blog.images.writing import MOVING, OPTIONS, Processed, main_colour, written

MAX_BYTES = 20 * 1024 * 1024
LARGE_PNG = 1_000_000  # bytes

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


def process(file: BinaryIO) -> Processed:
    """The image in `file` (any binary file), written anew: without metadata, upright, in sRGB, bounded in size.

    JPEG stays JPEG; what was without loss becomes PNG (WebP if that is much smaller), the rest WebP; what moves becomes
    moving WebP. The same file gives the same content. Raises ImageRefused.
    """
    if file.seekable():
        file.seek(0)
    data = file.read(MAX_BYTES + 1)
    _refuse_by_bytes(data)
    with working_on(data):
        return _rewritten(data)


def _refuse_by_bytes(data: bytes) -> None:
    if not data:
        raise ImageRefused(_("This file is empty. Choose another one."))
    if len(data) > MAX_BYTES:
        message = _("This file is too large: at most %(megabytes)d MB. Make the picture smaller first.")
        raise ImageRefused(message % {"megabytes": MAX_BYTES // 1024 // 1024}, is_bound=True)


def _rewritten(data: bytes) -> Processed:
    with opened(data) as image:
        is_photo = image.format in ("JPEG", "MPO")
        # Of a GIF alone the number of frames is known only by reading them.
        may_move = not is_photo and (image.format == "GIF" or image.n_frames > 1)
        shown = times(image) if may_move else []
    with opened(data) as image:
        if len(shown) > 1:
            return _moving(image, shown)
        return _still(image, "JPEG" if is_photo else "PNG" if image.format in ("PNG", "GIF") else "WEBP")


def _moving(image: Image.Image, shown: list[int]) -> Processed:
    colour = main_colour(image.convert("RGBA"))
    loop = image.info.get("loop", 1)
    # Saved from the file itself, Pillow takes one frame at a time; a list of frames it would hold in memory.
    done = written(
        image, "WEBP", duration=shown, loop=loop if isinstance(loop, int) and 0 <= loop < 65_536 else 0, **MOVING
    )
    done.colour, done.moves = colour, True
    return done


def _still(image: Image.Image, kept: str) -> Processed:
    if kept == "JPEG":
        image.draft(None, (MAX_SIDE, MAX_SIDE))  # decodes at a fraction of the size where that is enough
    # Before the metadata: asked for these, Pillow may load the picture itself, and the error would be lost there.
    image.load()
    turn = TURNS.get(_orientation(image))
    picture = _in_srgb(_reduced(image), image.info.get("icc_profile"))
    if is_wide(picture):
        picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    if turn is not None:
        picture = picture.transpose(turn)
    done = written(picture, kept, **OPTIONS[kept])
    if kept == "PNG" and len(done.content) > LARGE_PNG:  # most often a photograph
        smaller = written(picture, "WEBP", **OPTIONS["WEBP"])
        if len(smaller.content) < len(done.content) / 2:
            done = smaller
    done.colour = main_colour(picture)
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
