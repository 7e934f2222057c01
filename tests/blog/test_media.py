import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image as Picture

from blog.models import Image


@pytest.fixture
def image(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    out = io.BytesIO()
    Picture.new("RGB", (8, 8), "red").save(out, "PNG")
    out.seek(0)
    return Image.objects.from_upload(out)[0]


def test_it_works(client, image):
    response = client.get(image.get_absolute_url())
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    with image.file.open() as file:
        assert b"".join(response.streaming_content) == file.read()
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["ETag"] == f'"{image.digest}"'
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_renditions_say_what_they_are(client, image):
    name = f"images/ab/ab{'c' * 30}.avif"
    default_storage.save(name, io.BytesIO(b"an image"))
    response = client.get(f"/media/{name}")
    assert response["Content-Type"] == "image/avif"
    assert b"".join(response.streaming_content) == b"an image"


def test_a_browser_that_has_it_is_told_so(client, image):
    response = client.get(image.get_absolute_url(), headers={"If-None-Match": f'"{image.digest}"'})
    assert response.status_code == 304
    assert response["ETag"] == f'"{image.digest}"'
    assert "immutable" in response["Cache-Control"]


def test_head_has_no_body(client, image):
    response = client.head(image.get_absolute_url())
    assert response.status_code == 200
    assert response["Content-Length"] == str(image.file.size)
    response.close()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_rejects_other_methods(client, image, method):
    assert getattr(client, method)(image.get_absolute_url()).status_code == 405


def test_a_name_without_a_file_is_not_found(client, image):
    assert client.get(f"/media/images/00/00{'a' * 30}.png").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "secret.txt",
        "images/ab/page.html",
        "images/ab/" + "a" * 32 + ".svg",
        "images/cd/ab" + "a" * 30 + ".png",
        "images/../secret.txt",
        "images/%2e%2e/secret.txt",
        "../secret_key",
        "",
    ],
)
def test_no_other_file_is_served(client, image, name):
    for stored in ("secret.txt", "images/ab/page.html", f"images/ab/{'a' * 32}.svg", f"images/cd/ab{'a' * 30}.png"):
        if not default_storage.exists(stored):
            default_storage.save(stored, io.BytesIO(b"not for readers"))
    assert client.get(f"/media/{name}").status_code == 404
