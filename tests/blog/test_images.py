import hashlib
import io
import struct
import time
import zlib

import pytest
from PIL import Image

from blog import images
from blog.images import reading, upload
from tests.blog.memory import printed_by

PHP = b"<?php system($_GET['c']); ?><script>alert(1)</script>"


def _file(image: Image.Image, kind: str, **options) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, kind, **options)
    out.seek(0)
    return out


def _halves(size=(40, 20)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return image


def _open(done: images.Processed) -> Image.Image:
    return Image.open(io.BytesIO(done.content))


def _is_red(pixel) -> bool:
    return pixel[0] > 200 and pixel[2] < 60


@pytest.mark.parametrize(
    ("kind", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("AVIF", "webp"), ("GIF", "png")]
)
def test_it_works(kind, extension):
    done = images.process(_file(_halves(), kind))
    assert (done.extension, done.width, done.height) == (extension, 40, 20)
    assert done.digest == hashlib.sha256(done.content).hexdigest()[:32]
    with _open(done) as written:
        assert written.size == (40, 20)
        assert _is_red(written.convert("RGB").getpixel((5, 10)))


def test_the_same_file_gives_the_same_content():
    file = _file(_halves(), "JPEG")
    assert images.process(file).content == images.process(file).content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_it_turns_a_picture_upright_and_drops_what_it_told(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    exif[0x010F] = "Camera of Alice"
    exif.get_ifd(0x8825)[1] = "N"
    options = {} if kind == "PNG" else {"xmp": b"<x:xmpmeta>Alice was here</x:xmpmeta>"}
    done = images.process(_file(_halves(), kind, exif=exif, **options))
    assert (done.width, done.height) == (20, 40)
    with _open(done) as written:
        assert _is_red(written.convert("RGB").getpixel((10, 5)))
        assert not written.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(written.info)
    assert b"Alice" not in done.content


def test_it_drops_comments_and_texts():
    assert b"Alice" not in images.process(_file(_halves(), "JPEG", comment=b"Alice")).content
    assert b"Alice" not in images.process(_file(_halves(), "GIF", comment=b"Alice")).content


def test_it_bounds_the_longest_side():
    for kind in ("JPEG", "PNG"):
        done = images.process(_file(Image.new("RGB", (6000, 1500)), kind))
        assert (done.width, done.height) == (2560, 640)


def test_a_very_long_picture_keeps_a_pixel():
    done = images.process(_file(Image.new("L", (30_000, 1)), "PNG"))
    assert (done.width, done.height) == (2560, 1)


def test_it_keeps_transparency():
    image = Image.new("RGBA", (6000, 600), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (3000, 0, 6000, 600))
    for kind in ("PNG", "WEBP"):
        with _open(images.process(_file(image, kind))) as written:
            assert written.convert("RGBA").getpixel((100, 100))[3] == 0
            assert written.convert("RGBA").getpixel((2000, 100))[3] == 255


def test_a_gif_with_a_transparent_colour_keeps_it():
    image = Image.new("P", (10, 10), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    with _open(images.process(_file(image, "GIF", transparency=0))) as written:
        assert written.convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_what_moves_keeps_moving(kind):
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "green", "blue")]
    file = _file(frames[0], kind, save_all=True, append_images=frames[1:], duration=[200, 300, 400], loop=0)
    done = images.process(file)
    with _open(done) as written:
        assert (done.extension, written.n_frames, written.size) == ("webp", 3, (30, 20))
        times = []
        for number in range(3):
            written.seek(number)
            written.load()
            times.append(written.info["duration"])
        assert times == [200, 300, 400]
        assert written.info["loop"] == 0


def test_an_animation_of_too_many_frames_is_refused():
    frames = [Image.new("L", (4, 4), number % 256) for number in range(reading.MAX_FRAMES + 1)]
    file = _file(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(images.ImageRefused, match="too long") as refusal:
        images.process(file)
    assert refusal.value.is_bound


def test_an_animation_of_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_MOVING_PIXELS", 3000)
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "green")]
    with pytest.raises(images.ImageRefused, match="too long or too large"):
        images.process(_file(frames[0], "WEBP", save_all=True, append_images=frames[1:]))


def test_a_picture_with_a_program_behind_or_inside_it_loses_the_program():
    for kind in ("JPEG", "PNG", "GIF", "WEBP"):
        behind = _file(_halves(), kind).getvalue() + PHP
        assert b"<?php" not in images.process(io.BytesIO(behind)).content
    inside = _file(_halves(), "JPEG", comment=PHP)
    assert PHP in inside.getvalue()
    assert b"<?php" not in images.process(inside).content
    gif = _file(_halves(), "GIF").getvalue().replace(b"\x3b", b"\x3b/*" + PHP + b"*/")
    assert b"script" not in images.process(io.BytesIO(gif)).content


def test_the_content_decides_and_not_the_name():
    file = _file(_halves(), "PNG")
    file.name = "holiday.php.jpg"
    assert images.process(file).extension == "png"


def test_it_reads_from_the_start():
    file = _file(_halves(), "PNG")
    file.read()
    assert images.process(file).extension == "png"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"hello", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "not a picture|damaged"),
        (b"GIF89a\0\0\0\0\0\0\0", "not a picture|damaged"),
    ],
)
def test_what_is_no_picture_is_refused_with_advice(content, message):
    with pytest.raises(images.ImageRefused, match=message):
        images.process(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM"])
def test_other_formats_are_refused(kind):
    with pytest.raises(images.ImageRefused, match="Use JPEG, PNG"):
        images.process(_file(_halves(), kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_picture_cut_short_is_refused(kind):
    whole = _file(Image.effect_noise((200, 200), 80).convert("RGB"), kind).getvalue()
    with pytest.raises(images.ImageRefused, match="damaged|not a picture"):
        images.process(io.BytesIO(whole[: len(whole) // 2]))


def test_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(upload, "MAX_BYTES", 100)
    with pytest.raises(images.ImageRefused, match="too large") as refusal:
        images.process(_file(_halves((200, 200)), "PNG"))
    assert refusal.value.is_bound


def _bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it has so many black pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8000, 6300), (16_000, 16_000), (65_000, 65_000)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size):
    bomb = (
        _bomb(*size) if size[0] < 60_000 else _bomb(8, 8).replace(struct.pack(">II", 8, 8), struct.pack(">II", *size))
    )
    start = time.monotonic()
    with pytest.raises(images.ImageRefused, match="too many pixels|not a picture|damaged"):
        images.process(io.BytesIO(bomb))
    assert time.monotonic() - start < 1


BIGGEST = """
import io, sys
import django
django.setup()
from PIL import Image
from blog import images
from blog.images import reading, upload
before = peak()
done = images.process(open(sys.argv[1], "rb"))
assert max(done.width, done.height) == 2560, done
print(peak() - before)
"""


@pytest.mark.parametrize("mode", ["1", "RGB", "RGBA"])
def test_the_largest_picture_taken_needs_bounded_memory(tmp_path, mode):
    path = tmp_path / "large.png"
    if mode == "1":
        path.write_bytes(_bomb(8000, 6000))
    else:
        Image.new(mode, (8000, 6000)).save(path, compress_level=1)
    assert printed_by(BIGGEST, path) < 450


PHOTO = """
import io, sys
import django
django.setup()
from blog import images
done = images.process(open(sys.argv[1], "rb"))
assert max(done.width, done.height) == 2560, done
assert len(images.renditions(io.BytesIO(done.content))) > 10
print(peak())
"""


def test_a_photograph_of_24_megapixels_needs_less_than_400_megabytes(tmp_path):
    """Python, Django and the renditions included."""
    path = tmp_path / "large.jpg"
    Image.effect_noise((1500, 1000), 60).resize((6000, 4000)).convert("RGB").save(path, quality=90)
    assert printed_by(PHOTO, path) < 400
