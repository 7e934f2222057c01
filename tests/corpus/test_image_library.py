"""Every image of the corpus, through the form of the library."""

import io
import json
import re
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from PIL import ImageChops, ImageCms, ImageOps, ImageStat

from blog.models import Image
from tests.corpus.test_image_corpus import METADATA, TAKEN
from tests.factories import make_user

ADD = "/admin/blog/image/add/"
BOMBS = {"fuzzdb-malicious/lottapixel.jpg", "pillow/decompression_bomb_extents.gif"}  # more pixels than are taken
FAR = 12  # of 255: how far the colours of two small copies may be apart on average


def _upright(file) -> Picture.Image:
    """What a browser shows of a file, small: over grey where something shows through."""
    with Picture.open(file) as image:
        turned = _in_srgb(ImageOps.exif_transpose(image), image.info.get("icc_profile"))
        shape = turned.size
        shown = Picture.new("RGBA", shape, "grey")
        shown.alpha_composite(turned.convert("RGBA"))
    return shape, shown.convert("RGB").resize((8, 8), Picture.Resampling.BOX)


def _in_srgb(image: Picture.Image, profile: bytes | None) -> Picture.Image:
    if image.mode.startswith("I"):  # sixteen bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if profile:
        with suppress(OSError, ImageCms.PyCMSError):  # one of the corpus is broken: the colours as they stand
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=image.mode)
    return image


def _is_alike(before, after) -> bool:
    (shape, old), (new_shape, new) = before, after
    ratio = (shape[0] * new_shape[1]) / (shape[1] * new_shape[0])
    return 0.9 < ratio < 1.1 and max(ImageStat.Stat(ImageChops.difference(old, new)).mean) < FAR


@pytest.mark.django_db
def test_each_is_taken_clean_upright_and_in_its_colours_or_refused_in_one_line(corpus, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_user("arno", "Author"))
    wrong, taken, refused = [], [], set()
    entries = json.loads((corpus / "images" / "manifest.json").read_text())
    for entry in entries:
        content = (corpus / "images" / entry["file"]).read_bytes()
        name = entry["file"].rpartition("/")[2]
        response = client.post(ADD, {"upload": SimpleUploadedFile(name, content), "alt": "It shows something"})
        if response.status_code == 200:
            refused.add(entry["file"])
            lines = re.findall(r'<ul class="errorlist"[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL)
            if len(lines) != 1 or lines[0].count("<li>") != 1 or len(lines[0]) < 40:
                wrong.append((name, "refused without one clear line", lines))
            continue
        taken.append(entry["file"])
        image = Image.objects.get(pk=response.url.rstrip("/").split("/")[-2])
        with image.file.open() as file, Picture.open(file) as written:
            if written.getexif() or METADATA & set(written.info):
                wrong.append((name, "kept", sorted(written.info)))
        with image.file.open() as file:
            if not _is_alike(_upright(corpus / "images" / entry["file"]), _upright(file)):
                wrong.append((name, "looks otherwise"))
    assert wrong == []
    bad = {entry["file"] for entry in entries if entry.get("fmt") not in TAKEN or entry["decodes"] is False}
    assert refused == bad | BOMBS
    assert (len(taken), len(refused)) == (121, 33)
