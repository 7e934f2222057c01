"""What restore refuses: whatever it is, the site stays as it was."""

import contextlib
import gzip
import hashlib
import io
import json
import tarfile

import pytest
from django.core.management import CommandError

from blog.models import Post, User
from config.backup import BackupFault, archive
from tests.config.backup_site import empty, files, site  # noqa: F401  a fixture
from tests.config.test_backup import backup, run  # noqa: F401  a fixture
from tests.factories import make_user

MB = 1_000_000


@pytest.fixture
def parts(site, backup):  # noqa: F811
    """The members of a backup, to be made worse; the site is empty."""
    found = read(backup.read_bytes())
    empty(site)
    return found


def pack(path, parts: list[tuple], sums: bool = True, end: bytes = b"") -> None:
    """As Writer does, but without its care: a part may be any TarInfo."""
    lines = b""
    with gzip.open(path, "wb", 1) as out:
        with tarfile.open(fileobj=out, mode="w|") as tar:
            for name, data in parts:
                info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
                lines += f"{hashlib.sha256(data).hexdigest()}  {info.name}\n".encode()
            if sums:
                info = tarfile.TarInfo(archive.SUMS)
                info.size = len(lines)
                tar.addfile(info, io.BytesIO(lines))
        out.write(end)


def refused(path, words: str) -> None:
    users = User.objects.count()
    with pytest.raises(CommandError) as caught:
        run("restore", path)
    said = str(caught.value)
    assert words in said and "\n" not in said and said.endswith("the site is as it was."), said
    assert User.objects.count() == users and not Post.objects.exists()


def special(name: str, **fields) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def test_what_is_packed_so_is_taken(parts, tmp_path):
    pack(tmp_path / "a", parts)
    run("restore", tmp_path / "a")
    assert Post.objects.exists()


def test_a_site_that_is_not_empty(site, backup):  # noqa: F811
    before = Post.objects.count()
    with pytest.raises(CommandError, match="This site is not empty .posts: .*name another DATA_DIR"):
        run("restore", backup)
    assert Post.objects.count() == before
    empty(site)
    make_user("somebody")
    refused(backup, "This site is not empty (posts: 0, comments: 0, users: 1)")


def test_cut_off_and_altered(site, backup, tmp_path):  # noqa: F811
    empty(site)
    whole, path = backup.read_bytes(), tmp_path / "bad"
    for size in (0, 5, 1000, len(whole) // 2, len(whole) - 9, len(whole) - 1):
        path.write_bytes(whole[:size])
        refused(path, "It is")
    for place in (len(whole) // 3, len(whole) // 2, len(whole) - 6, len(whole) - 2):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        refused(path, "It is")
    path.write_bytes(b"PK\x03\x04 something else")
    refused(path, "It is no backup of Marginalia.")


def test_whatever_is_altered_is_seen(backup):  # noqa: F811
    """Or does not matter, as the time in gzip's head."""
    whole = backup.read_bytes()
    right = read(whole)
    for place in range(0, len(whole), len(whole) // 200):
        with contextlib.suppress(BackupFault):
            assert read(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :]) == right


def read(data: bytes) -> list[tuple[str, bytes]]:
    return [(member.name, member.content.read()) for member in archive.members(io.BytesIO(data), "")]


def test_altered_and_packed_again(parts, tmp_path):
    pack(tmp_path / "a", parts, sums=False)
    refused(tmp_path / "a", "damaged or cut off")
    sums = b"".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode() for name, data in parts)
    name, data = parts[-1]
    pack(tmp_path / "b", [*parts[:-1], (name, data + b"!"), (archive.SUMS, sums)], sums=False)
    refused(tmp_path / "b", "is not what SHA256SUMS says")
    pack(tmp_path / "c", [*parts, (archive.SUMS, sums), ("media/late", b"")], sums=False)
    refused(tmp_path / "c", "damaged or cut off")


@pytest.mark.parametrize(
    "name",
    [
        *("media/../../evil", "/etc/evil", "media//evil", "media/./evil", "../evil", "media/..", "media/a\\b"),
        *("evil", "media", "db.sqlite3", "theme/a\nb", "media/" + "x" * 300, "media/" + "y/" * 600 + "z"),
        *("tables/blog_post/1.jsonl", "tables/../x/000001.jsonl"),
    ],
)
def test_path_traversal_in_restore(parts, tmp_path, name):
    pack(tmp_path / "a", [*parts, (name, b"evil")])
    refused(tmp_path / "a", "which belongs nowhere in a site")
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE, tarfile.CONTTYPE]
)
def test_links_and_devices(parts, tmp_path, kind):
    pack(tmp_path / "a", [*parts, (special("media/link", type=kind, linkname="/etc/passwd"), b"")])
    refused(tmp_path / "a", "which is not a plain file")


def test_a_link_in_the_folder_is_not_followed(parts, site, tmp_path):  # noqa: F811
    (tmp_path / "outside").mkdir()
    (site / "media").mkdir()
    (site / "media" / "images").symlink_to(tmp_path / "outside")
    pack(tmp_path / "a", [*parts, ("media/images/evil", b"evil")])
    refused(tmp_path / "a", "leads out of")
    assert not list((tmp_path / "outside").iterdir())


def test_zip_bomb(parts, tmp_path):
    """A header that asks for all memory, a member out of bounds, and one that ends before it should."""
    pack(tmp_path / "a", [*parts, (special("media/a", pax_headers={"comment": "x" * 5 * MB}), b"")])
    refused(tmp_path / "a", "it holds more than it says")
    pack(tmp_path / "b", [*parts, ("tables/blog_post/000009.jsonl", b"\n" * 65 * MB)])
    refused(tmp_path / "b", "which is out of bounds")
    big = special("media/a", size=10**15)
    with gzip.open(tmp_path / "c", "wb") as out:
        out.write(b"".join(block(*part) for part in parts) + big.tobuf() + b"\0" * MB)
    refused(tmp_path / "c", "Its files do not fit on the disk")
    pack(tmp_path / "d", parts, end=b"\0" * 5 * MB)
    refused(tmp_path / "d", "it holds more than it says")


def block(name: str, data: bytes) -> bytes:
    return special(name, size=len(data)).tobuf() + data + b"\0" * (-len(data) % 512)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"product": "another"}, "It is no backup of Marginalia"),
        ({"format": 2, "version": "9.9"}, "A newer version made it (9.9)"),
        ({"more": 1}, "It is no backup of Marginalia"),
        ({"tables": []}, "It is no backup of Marginalia"),
        ({"migrations": [5]}, "It is no backup of Marginalia"),
        ({"version": 5}, "It is no backup of Marginalia"),
        ({"migrations": ["blog.9999_later"]}, "this one does not know blog.9999_later"),
        ({"migrations": []}, "An older version made it"),
    ],
)
def test_of_another_version(parts, tmp_path, change, words):
    manifest = json.loads(parts[0][1])
    if change.get("migrations"):
        change = {"migrations": manifest["migrations"] + change["migrations"]}
    pack(tmp_path / "a", [(archive.MANIFEST, json.dumps(manifest | change).encode()), *parts[1:]])
    refused(tmp_path / "a", words)


@pytest.mark.parametrize("data", [b"", b"null", b"[" * MB, b"\xff"])
def test_no_manifest(parts, tmp_path, data):
    pack(tmp_path / "a", [(archive.MANIFEST, data), *parts[1:]])
    refused(tmp_path / "a", "It is no backup of Marginalia")
    pack(tmp_path / "b", parts[1:])
    refused(tmp_path / "b", "its first file is not manifest.json")


def test_rows_that_are_not_what_they_should_be(parts, tmp_path, site):  # noqa: F811
    at = next(at for at, (name, _data) in enumerate(parts) if name == "tables/blog_user/000001.jsonl")
    name, data = parts[at]
    lines = data.splitlines(keepends=True)
    for number, wrong in enumerate(
        [b"nonsense\n", b"[]\n", b"{}\n", lines[0].replace(b"true", b'"yes"', 1), lines[0].replace(b"[", b"[[],", 1)]
    ):
        pack(tmp_path / str(number), [*parts[:at], (name, wrong + b"".join(lines[1:])), *parts[at + 1 :]])
        refused(tmp_path / str(number), "Rows of blog_user cannot be stored")
    pack(tmp_path / "twice", [*parts[:at], (name, lines[0] * len(lines)), *parts[at + 1 :]])
    if len(lines) > 1:
        refused(tmp_path / "twice", "Rows of blog_user cannot be stored")
    pack(tmp_path / "more", [*parts[:at], (name, data + lines[0]), *parts[at + 1 :]])
    refused(tmp_path / "more", "It is damaged: blog_user has")
    pack(tmp_path / "none", [*parts[:at], *parts[at + 1 :]])
    refused(tmp_path / "none", "It is damaged: blog_user has 0 rows")
    assert not files(site)


def test_another_file_is_in_the_way(parts, tmp_path, site):  # noqa: F811
    pack(tmp_path / "a", parts)
    last = [name for name, _data in parts if name.startswith("theme/")][-1]
    (site / last).parent.mkdir(parents=True)
    (site / last).write_text("mine")
    refused(tmp_path / "a", "is there already and is another: move it away")
    assert files(site) == {last: b"mine"}


def test_a_file_that_is_not_there(site, tmp_path):  # noqa: F811
    empty(site)
    refused(tmp_path / "none", "No such file or directory")
