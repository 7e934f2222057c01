"""The formats and widths of an image from which a browser chooses what suits its screen."""

from typing import BinaryIO

from PIL import Image

from blog.images.reading import opened, times, working_on
from blog.images.writing import MOVING, OPTIONS, Processed, as_it_is, main_colour, written

WIDTHS = (480, 800, 1200, 1600, 2560)
MOVING_WIDTHS = (480, 800)
FALLBACK_WIDTH = 1280  # at most, for those who cannot choose: old browsers, feed readers
ALIKE = 0.9  # of the whole width: what is hardly narrower is not worth a file
MAX_HELD_PIXELS = 30_000_000  # of all frames of one moving rendition, which Pillow takes as a list

AVIF = {"quality": 63, "speed": 8}
DRAWING = {"subsampling": "4:4:4", "quality": 75}  # over AVIF: lines and letters suffer from thinned colours
WEBP = {"quality": 80, "method": 4}
FALLBACK = {"quality": 82, "optimize": True, "progressive": True}


def renditions(file: BinaryIO) -> list[Processed]:
    """What process() wrote (`file`), in several formats and widths, itself among them; the narrower ones first.

    AVIF and WebP, for browsers that know neither JPEG, or PNG where something shows through; of what moves, WebP alone,
    which moves too. What would be no smaller than the file itself is left out, of a small drawing everything else; but
    of a still one JPEG or PNG is always there. Raises ImageRefused.
    """
    data = file.read()
    with working_on(data), opened(data) as image:
        itself = as_it_is(data, image.format, image.size)
        itself.moves = getattr(image, "n_frames", 1) > 1
        itself.colour = main_colour(image.convert("RGBA"))
        made = _moving(image) if itself.moves else _still(image, itself)
        smaller = [one for one in made if len(one.content) < len(data) and one.width < image.width]
        found = [*smaller, *_whole(made, itself)]
        if not itself.moves and not any(one.extension in ("jpg", "png") for one in found):
            found.append(_fallback(image))
        return sorted(found, key=lambda one: one.width)


def _whole(made: list[Processed], itself: Processed) -> list[Processed]:
    return [itself] + [one for one in made if one.width == itself.width and one.extension != itself.extension]


def _still(image: Image.Image, itself: Processed) -> list[Processed]:
    picture = _plain(image)
    options = {"AVIF": AVIF | DRAWING if image.format == "PNG" else AVIF, "WEBP": WEBP} | _for_all(picture)
    made = []
    for kept, how in options.items():
        is_own = kept == image.format
        whole = itself if is_own else written(picture, kept, **how)
        # A format that does not pay at the whole width would give sharp screens less than the file itself.
        if is_own or len(whole.content) < len(itself.content):
            made += [whole, *(written(_narrowed(picture, width), kept, **how) for width in _widths(image, WIDTHS))]
    return made


def _fallback(image: Image.Image) -> Processed:
    """Larger than the file itself, which such browsers cannot show."""
    picture = _plain(image)
    [(kept, how)] = _for_all(picture).items()
    return written(_narrowed(picture, min(picture.width, FALLBACK_WIDTH)), kept, **how)


def _plain(image: Image.Image) -> Image.Image:
    picture = image.convert("RGBA" if image.has_transparency_data else "RGB")
    picture.info = {}
    return picture


def _for_all(picture: Image.Image) -> dict[str, dict]:
    """The format that every browser shows, with its options."""
    return {"PNG": OPTIONS["PNG"]} if picture.mode == "RGBA" else {"JPEG": FALLBACK}


def _moving(image: Image.Image) -> list[Processed]:
    shown, loop = times(image), image.info.get("loop", 0)
    made = []
    for width in _widths(image, MOVING_WIDTHS):
        if width * width * image.height // image.width * len(shown) > MAX_HELD_PIXELS:
            continue
        frames = []
        for number in range(len(shown)):
            image.seek(number)
            frames.append(_narrowed(image.convert("RGBA"), width))
        made.append(written(frames[0], "WEBP", append_images=frames[1:], duration=shown, loop=loop, **MOVING))
    return made


def _widths(image: Image.Image, widths: tuple[int, ...]) -> list[int]:
    return [width for width in widths if width < image.width * ALIKE]


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
