"""No address of an upload leads out of the uploads. Archives: tests/config/test_backup_refused.py."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db
WAYS = [
    "../secret_key",
    "images/../../secret_key",
    "images/aa/../../../secret_key",
    "..\\secret_key",
    "images/aa/..\\..\\secret_key",
    "/etc/passwd",
    "//etc/passwd",
    "....//secret_key",
    "%2e%2e/secret_key",
    "..%2fsecret_key",
    "images/aa/aa" + "0" * 30 + ".jpg/../../../../secret_key",
    "images/aa/aa" + "0" * 30 + ".jpg\0.png",
    "images/aa/aa" + "0" * 30 + ".html",
    "images/aa/aa" + "0" * 30 + ".svg",
    "images/aa/aa" + "0" * 30 + ".jpg\n",
    "images/aa/link",
    "",
]


@pytest.mark.parametrize("name", WAYS, ids=ascii)
@pytest.mark.parametrize("under", ["/media/", "/static/"])
def test_path_traversal_in_media(client, settings, tmp_path, under, name):
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = Path(settings.MEDIA_ROOT) / "images" / "aa"
    folder.mkdir(parents=True)
    (tmp_path / "secret_key").write_text("only for this site")
    for ending in ("html", "svg"):  # of no kind that blog/images writes
        (folder / f"aa{'0' * 30}.{ending}").write_text("only for this site")
    (folder / "link").symlink_to(tmp_path / "secret_key")
    response = client.get("/", PATH_INFO=under + name)
    assert response.status_code == 404
    assert b"only for this site" not in response.content and b"root:" not in response.content
