"""Pictures made for tests, and images of the library."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture

from blog.models import Image


def picture(colour: str = "teal", size: tuple[int, int] = (60, 40)) -> Picture.Image:
    return Picture.new("RGB", size, colour)


def photo(size: tuple[int, int] = (1000, 640)) -> Picture.Image:
    """Busy enough that narrower files are smaller ones."""
    bands = [Picture.effect_noise((size[0] // 8, size[1] // 8), 60 + 20 * band).resize(size) for band in range(3)]
    return Picture.merge("RGB", bands)


def written(image: Picture.Image, kind: str = "PNG", **options) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, kind, **options)
    out.seek(0)
    return out


def upload(colour: str = "teal", name: str = "sea.png", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, written(picture(colour, size)).getvalue(), "image/png")


def moving(size: tuple[int, int] = (40, 30), frames: int = 3) -> io.BytesIO:
    first, *others = [Picture.effect_noise(size, 20 + 40 * number).convert("RGB") for number in range(frames)]
    return written(first, "GIF", save_all=True, append_images=others, duration=200, loop=0)


def in_library(colour: str = "teal", **fields) -> Image:
    fields.setdefault("alt", "")
    return Image.objects.from_upload(upload(colour), **fields)[0]
