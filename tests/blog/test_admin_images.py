"""The library: uploading, choosing for a text, and what may be deleted."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture

from blog.models import Image
from tests.factories import make_post, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
PICK = "/admin/blog/image/pick/?field=id_cover"
ADD = "/admin/blog/image/add/"


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def _file(colour: str = "teal", name: str = "sea.png") -> SimpleUploadedFile:
    content = io.BytesIO()
    Picture.new("RGB", (60, 40), colour).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def _payload(**fields) -> dict:
    fields.setdefault("upload", _file())
    fields.setdefault("alt", "The sea")
    return fields


def _stored(colour: str = "teal", **fields) -> Image:
    return Image.objects.from_upload(_file(colour), **fields)[0]


def test_it_uploads_for_a_text(client, author):
    html = client.post(PICK, _payload(caption="Looking west", credit="A. Photographer")).content.decode()
    image = Image.objects.get()
    assert (image.alt, image.caption, image.credit) == ("The sea", "Looking west", "A. Photographer")
    assert (image.uploaded_by, image.width, image.height) == (author, 60, 40)
    chosen = html[html.index("data-pick") :]
    assert (
        f'data-pick="{image.pk}" data-url="{image.file.url}" data-alt="The sea" data-caption="Looking west"' in chosen
    )


def test_a_known_file_is_used_with_the_words_typed_now(client, author):
    image = _stored(alt="The library's words")
    html = client.post(PICK, _payload(alt="Words of this use")).content.decode()
    assert f'data-pick="{image.pk}"' in html
    assert 'data-alt="Words of this use"' in html
    assert Image.objects.get().alt == "The library's words"


def test_a_refused_file_says_why_and_keeps_the_words(client, author):
    bad = SimpleUploadedFile("sea.png", b"not an image", "image/png")
    html = client.post(PICK, _payload(upload=bad, caption="Kept caption")).content.decode()
    errors = html[html.index('class="errorlist"') : html.index('name="alt"')]
    assert "image" in errors
    assert 'value="The sea"' in html
    assert 'value="Kept caption"' in html
    assert "Choose the file again" not in html
    assert not Image.objects.exists()


def test_it_asks_for_the_alternative_text(client, author):
    html = client.post(PICK, _payload(alt=" ")).content.decode()
    assert "Say what the image shows" in html
    assert html.index("Choose the file again") < html.index('name="upload"')
    assert not Image.objects.exists()


def test_a_decoration_needs_none(client, author):
    client.post(PICK, _payload(alt="", decorative="on"))
    assert Image.objects.get().alt == ""


def test_it_asks_for_a_file(client, author):
    assert "Choose a file first." in client.post(PICK, {"alt": "The sea"}).content.decode()


def test_the_library_is_searched(client, author):
    _stored(alt="A boat at low water")
    _stored("red", alt="A heron", caption="by the weir")
    html = client.get(PICK, {"q": "weir heron", "field": "id_cover"}).content.decode()
    assert "A heron" in html
    assert "A boat" not in html
    assert "No image has" in client.get(PICK, {"q": "submarine"}).content.decode()


def test_a_new_image_can_be_uploaded_at_once(client, author):
    _stored()
    opened = '<details class="new-image" open>'
    assert opened in client.get(PICK).content.decode()
    assert opened not in client.get(PICK, {"q": "sea"}).content.decode()


def test_the_search_keeps_for_which_field_it_is(client, author):
    assert '<input type="hidden" name="field" value="id_cover">' in client.get(PICK).content.decode()


def test_a_stranger_to_the_library_is_kept_out(client):
    client.force_login(make_user("mona", "Moderator"))
    assert client.get(PICK).status_code == 403
    assert client.post(PICK, _payload()).status_code == 403
    assert client.post(ADD, _payload()).status_code == 403
    assert not Image.objects.exists()


def test_the_desk_uploads_too(client, author):
    response = client.post(ADD, _payload())
    image = Image.objects.get()
    assert response.url == reverse("admin:blog_image_change", args=[image.pk])
    assert "/media/images/" in client.get(response.url).content.decode()


def test_its_words_are_changed_later(client, author):
    image = _stored(alt="Wrong")
    client.post(reverse("admin:blog_image_change", args=[image.pk]), {"alt": "Right", "caption": "", "credit": ""})
    image.refresh_from_db()
    assert image.alt == "Right"


def test_a_post_takes_a_cover(client, author):
    image = _stored()
    client.post("/admin/blog/post/add/", {"title": "A", "comments_mode": "inherit", "cover": image.pk, "_save": "1"})
    assert image.covers.get().title == "A"


def test_a_cover_that_is_not_there_is_refused(client, author):
    payload = {"title": "A", "comments_mode": "inherit", "cover": "12", "_save": "1"}
    assert "There is no image with this number." in client.post("/admin/blog/post/add/", payload).content.decode()


@pytest.mark.parametrize("use", ["cover", "body"])
def test_what_a_post_shows_is_not_deleted(client, use):
    client.force_login(make_user("edda", "Editor"))
    image = _stored()
    shown = {"cover": image} if use == "cover" else {"body": f'<p><img src="{image.file.url}" alt=""></p>'}
    post = make_post(title="It shows the sea", **shown)
    address = reverse("admin:blog_image_delete", args=[image.pk])
    for html in (
        client.get(address).content.decode(),
        client.post(address, {"post": "yes"}).content.decode(),
        client.post(
            "/admin/blog/image/", {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
        ).content.decode(),
    ):
        assert "Nothing was deleted" in html
        assert f'<a href="/admin/blog/post/{post.pk}/change/">It shows the sea</a>' in html
    assert Image.objects.exists()


def test_what_nothing_shows_is_deleted(client):
    client.force_login(make_user("edda", "Editor"))
    image = _stored()
    client.post(reverse("admin:blog_image_delete", args=[image.pk]), {"post": "yes"})
    assert not Image.objects.exists()
