"""The colours of an upload: as they were meant, whatever the file keeps them in."""

import io
import struct

import pytest
from PIL import Image, ImageCms

from blog import images
from tests.blog.pictures import picture, written


def _open(done: images.Processed) -> Image.Image:
    return Image.open(io.BytesIO(done.content))


def _is_red(pixel) -> bool:
    return pixel[0] > 200 and pixel[2] < 60


def test_sixteen_bits_of_grey_stay_grey():
    with _open(images.process(written(Image.new("I;16", (8, 8), 128 * 256), "PNG"))) as shown:
        assert 126 <= shown.getpixel((4, 4)) <= 130


def test_a_print_in_four_inks_becomes_rgb():
    with _open(images.process(written(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))) as shown:
        assert shown.mode == "RGB"
        assert _is_red(shown.getpixel((4, 4)))


def test_a_colour_profile_is_dropped():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (srgb, profile, b"no profile at all"):  # a fitting one, one for other pictures, a broken one
        with _open(images.process(written(picture("red"), "PNG", icc_profile=icc))) as shown:
            assert "icc_profile" not in shown.info
            assert _is_red(shown.getpixel((5, 10)))


def _adobe_rgb() -> bytes:
    """A profile of Adobe's colours, which are wider than sRGB: a table of tags, and what each channel is in XYZ."""
    fixed = [struct.pack(">i", round(value * 65_536)) for value in (0.9642, 1, 0.8249)]
    tags = {b"wtpt": b"XYZ \0\0\0\0" + b"".join(fixed)}
    for name, colour in {
        b"rXYZ": (0.60974, 0.31111, 0.01947),
        b"gXYZ": (0.20528, 0.62567, 0.06087),
        b"bXYZ": (0.14919, 0.06322, 0.74457),
    }.items():
        tags[name] = b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65_536) for value in colour))
        tags[name[:1] + b"TRC"] = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(2.2 * 256))
    start, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        table += name + struct.pack(">II", start + len(data), len(value))
        data += value
    head = struct.pack(">I4sI4s4s4s", start + len(data), b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + b"".join(fixed)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize(
    ("wide", "meant"),
    [((150, 100, 100), (167, 100, 100)), ((200, 120, 60), (224, 121, 53)), ((90, 90, 90), (90, 90, 90))],
)
def test_colours_wider_than_the_webs_are_shown_as_they_were_meant(kind, wide, meant):
    """`meant` is worked out by hand, from Adobe's colours and its gamma over XYZ to sRGB."""
    with _open(images.process(written(Image.new("RGB", (16, 16), wide), kind, icc_profile=_adobe_rgb()))) as shown:
        pixel = shown.convert("RGB").getpixel((8, 8))
        assert max(abs(is_now - was) for is_now, was in zip(pixel, meant, strict=True)) <= 4, pixel


def test_it_tells_the_colour_that_most_of_it_has():
    image = Image.new("RGB", (100, 100), (20, 120, 130))
    image.paste((250, 240, 200), (0, 0, 100, 30))
    assert images.process(written(image, "PNG")).colour == "#147882"
    assert images.process(written(image.convert("L"), "JPEG")).colour[:1] == "#"
    image.putalpha(128)
    assert images.process(written(image, "PNG")).colour == ""
