"""A small file that unpacks to a large one is refused before it does. Backups: tests/config/test_backup_refused.py."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from PIL import Image as Picture

from blog import images
from blog.importers.records import ImportFault
from blog.importers.source import open_source

MB = 1024 * 1024


def liar(path) -> None:
    """An archive whose list says that the feed is small."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed.atom", b" " * 100 * MB)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 100 * MB), struct.pack("<I", 1000)))


def read_all(path) -> int:
    read = 0
    with open_source(path) as source:
        while chunk := source.read(64 * 1024):
            read += len(chunk)
    return read


def test_zip_bomb(tmp_path):
    with zipfile.ZipFile(tmp_path / "plain.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed.atom", b" " * 150 * MB)
    with pytest.raises(ImportFault, match="that is no blog"):
        read_all(tmp_path / "plain.zip")
    liar(tmp_path / "liar.zip")
    with pytest.raises(ImportFault, match="damaged"):
        read_all(tmp_path / "liar.zip")


def png(width: int, height: int) -> bytes:
    """A few kilobytes that say they are so many black pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * (width + 1) * min(height, 2_000), 9))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def gif(frames: int) -> bytes:
    out = io.BytesIO()
    pictures = [Picture.new("L", (1_000, 1_000), number % 256) for number in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    "bomb", [png(30_000, 30_000), png(200_000, 200_000), gif(150)], ids=["large", "huge", "frames"]
)
def test_a_picture_that_is_a_bomb(bomb):
    tracemalloc.start()
    try:
        with pytest.raises(images.ImageRefused):
            images.process(io.BytesIO(bomb))
        assert tracemalloc.get_traced_memory()[1] < 50 * MB
    finally:
        tracemalloc.stop()


def test_a_packed_form_is_not_unpacked(client, db):
    """gzip'd bodies are what they are: there is nothing here that unpacks one."""
    body = zlib.compress(b"who=" + b"a" * 5 * MB)
    answer = client.post(
        "/password/", body, content_type="application/x-www-form-urlencoded", headers={"Content-Encoding": "gzip"}
    )
    assert answer.status_code == 422
