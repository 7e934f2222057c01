"""Where an import looks for its feed, and what it says of a place that has none."""

import zipfile
from pathlib import Path

import pytest

from blog.importers.records import ImportFault
from blog.importers.source import open_source


def test_a_folder_and_a_zip_as_takeout_gives_them(tmp_path):
    feed = tmp_path / "Takeout" / "Blogger" / "Blogs" / "Apples" / "feed.atom"
    feed.parent.mkdir(parents=True)
    feed.write_text("<feed/>")
    with zipfile.ZipFile(tmp_path / "takeout.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(feed, "Takeout/Blogger/Blogs/Apples/feed.atom")
        archive.writestr("__MACOSX/Takeout/Blogger/Blogs/Apples/feed.atom", "junk")

    for place in (feed, tmp_path / "Takeout", tmp_path / "takeout.zip"):
        with open_source(place) as source:
            assert source.read(100) == b"<feed/>"
            assert (source.size, source.done) == (7, 7)


def fault_at(path: Path, blog: str = "") -> str:
    with pytest.raises(ImportFault) as caught, open_source(path, blog) as source:
        while source.read(1_000_000):
            pass
    return str(caught.value)


def test_of_several_blogs_one_is_chosen_by_name(tmp_path):
    for name in ("Apples", "Pears"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "feed.atom").write_text(name)

    assert fault_at(tmp_path) == "there are several blogs in it. Choose one with --blog: “Apples”, “Pears”."
    with open_source(tmp_path, "Pears") as source:
        assert source.read(9) == b"Pears"
    assert fault_at(tmp_path, "Plums") == "there is no feed.atom of “Plums” in it."


def test_a_place_without_a_feed_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "")

    assert fault_at(tmp_path / "nothing") == "there is no such file or folder."
    assert fault_at(tmp_path) == "there is no feed.atom in it."
    assert fault_at(tmp_path / "a.zip") == "there is no feed.atom in it."
    assert fault_at(Path("/dev/null")) == "it is neither a file nor a folder."


def test_a_zip_bomb_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed.atom", b" " * 150_000_000)

    assert "that is no blog" in fault_at(tmp_path / "a.zip")


def test_a_damaged_zip_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed.atom", bytes(range(256)) * 5000)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[200:220] = bytes(20)
    (tmp_path / "a.zip").write_bytes(data)

    assert fault_at(tmp_path / "a.zip").startswith("the zip archive is damaged")
