import io
import json
import time

from PIL import Image

from blog import images
from tests.blog.memory import printed_by

TAKEN = {"JPEG", "PNG", "WEBP", "AVIF", "GIF"}
METADATA = {"exif", "xmp", "comment", "icc_profile", "photoshop", "dpi", "XML:com.adobe.xmp", "Software", "Raw profile"}
MEGABYTES = 600  # for the whole corpus, Python and Django included

ALL_IN_ONE = """
import json, sys
from pathlib import Path
import django
django.setup()
from blog import images
root = Path(sys.argv[1])
for entry in json.loads((root / "manifest.json").read_text()):
    try:
        with (root / entry["file"]).open("rb") as file:
            images.process(file)
    except images.ImageRefused:
        pass
print(peak())
"""


def _entries(corpus):
    return json.loads((corpus / "images" / "manifest.json").read_text())


def _outcome(corpus, entry):
    try:
        with (corpus / "images" / entry["file"]).open("rb") as file:
            return images.process(file)
    except images.ImageRefused as refusal:
        return refusal


def test_every_file_is_taken_or_refused_in_time(corpus):
    wrong = []
    for entry in _entries(corpus):
        start = time.monotonic()
        outcome = _outcome(corpus, entry)
        took = time.monotonic() - start
        is_taken = isinstance(outcome, images.Processed)
        is_good = entry.get("decodes") is True and entry["fmt"] in TAKEN
        if is_good and not is_taken and not outcome.is_bound:
            wrong.append((entry["file"], str(outcome)))
        if is_taken and (entry.get("fmt") not in TAKEN or entry.get("decodes") is False):
            wrong.append((entry["file"], "taken"))
        if took > 10:
            wrong.append((entry["file"], f"took {took:.1f} s"))
        if not is_taken and len(str(outcome)) < 20:
            wrong.append((entry["file"], "refused without a word"))
    assert wrong == []


def test_no_metadata_is_left_and_pictures_stand_upright(corpus):
    checked = 0
    for entry in _entries(corpus):
        outcome = _outcome(corpus, entry)
        if not isinstance(outcome, images.Processed):
            continue
        with Image.open(io.BytesIO(outcome.content)) as written:
            assert not written.getexif(), entry["file"]
            assert not METADATA & set(written.info), (entry["file"], written.info)
            assert not getattr(written, "text", None), entry["file"]
            assert written.size == (outcome.width, outcome.height)
            if entry.get("orientation") in (5, 6, 7, 8):
                assert (entry["w"] > entry["h"]) == (written.width < written.height) or entry["w"] == entry["h"]
        for trace in (b"Exif\x00", b"<?php", b"http://ns.adobe.com"):
            assert trace not in outcome.content, entry["file"]
        checked += 1
    assert checked > 100


def test_the_whole_corpus_takes_bounded_memory(corpus):
    assert printed_by(ALL_IN_ONE, corpus / "images") < MEGABYTES
