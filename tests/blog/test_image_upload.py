"""Many images at once, and one that a script sends."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from blog.models import Image
from config import outage
from tests.blog.pictures import in_library, upload
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
BULK = "/admin/blog/image/bulk/"
UPLOAD = "/admin/blog/image/upload/"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def test_many_files_of_one_form_arrive_and_their_words_are_asked_for(client, author):
    in_library("red")
    files = [upload("teal", "a.png"), upload("red", "b.png"), upload("blue", "c.png")]
    files.append(SimpleUploadedFile("<d>.svg", SVG, "image/svg+xml"))
    response = client.post(BULK, {"uploads": files}, follow=True)
    html = response.content.decode()
    assert response.redirect_chain == [("/admin/blog/image/words/", 302)]
    assert "2 images are new in the library." in html
    assert "1 was there already." in html
    assert "<bdi>&lt;d&gt;.svg</bdi>: SVG drawings can carry programs" in html
    assert html.count('name="image"') == 2
    assert {image.uploaded_by for image in Image.objects.filter(alt="")} == {None, author}


def test_so_many_refusals_are_counted(client, author):
    files = [SimpleUploadedFile(f"{number}.svg", SVG, "image/svg+xml") for number in range(23)]
    html = client.post(BULK, {"uploads": files}, follow=True).content.decode()
    assert html.count("SVG drawings can carry programs") == 20
    assert "3 more files were refused." in html


def test_who_has_no_script_is_told_how_much_one_form_takes(client, author, settings):
    html = client.get("/admin/blog/image/").content.decode()
    assert "<noscript> Up to 200 files at a time, together at most 25 MB; with JavaScript" in html
    assert (settings.DATA_UPLOAD_MAX_NUMBER_FILES, settings.BODY_MOST) == (200, 25 * 1024 * 1024)
    # config/bounds.py answers whatever is more with this page.
    assert "25 MB, and 20 MB for one picture" in outage.page("413.html")


def test_no_file_is_said(client, author):
    assert "Choose a file first." in client.post(BULK, follow=True).content.decode()
    assert client.get(BULK).url == "/admin/blog/image/"


def test_a_script_is_told_what_the_image_is(client, author):
    response = client.post(UPLOAD, {"upload": upload()})
    image = Image.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": image.pk,
        "url": image.file.url,
        "alt": "",
        "decorative": False,
        "caption": "",
        "credit": "",
        "width": 60,
        "height": 40,
        "known": False,
    }
    assert (image.uploaded_by, image.decorative) == (author, False)


def test_a_script_is_told_the_librarys_words_for_a_known_file(client, author):
    in_library(alt="The sea", caption="West", credit="Ada")
    response = client.post(UPLOAD, {"upload": upload()})
    told = response.json()
    assert (response.status_code, told["known"]) == (200, True)
    assert (told["alt"], told["caption"], told["credit"]) == ("The sea", "West", "Ada")


@pytest.mark.parametrize(
    "sent", [{}, {"upload": SimpleUploadedFile("a.svg", SVG)}, {"upload": SimpleUploadedFile("a.png", b"")}]
)
def test_a_script_is_told_why_in_one_line(client, author, sent):
    response = client.post(UPLOAD, sent)
    assert response.status_code == 422
    assert list(response.json()) == ["error"]
    assert 10 < len(response.json()["error"]) < 200
    assert "\n" not in json.loads(response.content)["error"]
    assert not Image.objects.exists()


def test_uploading_is_by_post_and_with_the_right_to_add(client, author):
    assert client.get(UPLOAD).status_code == 405
    client.force_login(make_user("mona", "Moderator"))
    assert client.post(UPLOAD, {"upload": upload()}).status_code == 403
    assert client.post(BULK, {"uploads": [upload()]}).status_code == 403
    assert not Image.objects.exists()


def test_a_foreign_form_uploads_nothing(author):
    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    assert client.post(UPLOAD, {"upload": upload()}).status_code == 403
    assert not Image.objects.exists()
