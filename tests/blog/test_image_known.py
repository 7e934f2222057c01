"""A file that the library knows already, with words typed beside it: none of them is lost unsaid."""

import pytest
from django.contrib.admin.models import LogEntry

from blog.models import Image
from tests.blog.pictures import in_library, upload
from tests.factories import make_post, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
ADD, PICK = "/admin/blog/image/add/", "/admin/blog/image/pick/?field=id_cover"
TYPED = {"alt": "The sea", "caption": "At low water", "credit": "Ada"}


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def _words() -> dict:
    return Image.objects.values(*TYPED).get()


@pytest.mark.parametrize("address", [ADD, PICK])
def test_words_are_added_where_it_has_none(client, author, address):
    in_library(uploaded_by=author)
    client.post(address, TYPED | {"upload": upload()})
    assert _words() == TYPED
    assert LogEntry.objects.get().get_change_message() == "Changed Alternative text, Caption and Credit."


def test_it_is_said_that_they_were(client, author):
    in_library(uploaded_by=author)
    html = client.post(ADD, TYPED | {"upload": upload()}, follow=True).content.decode()
    assert "This image was in the library already. It has your words now." in html
    again = client.post(ADD, TYPED | {"upload": upload()}, follow=True).content.decode()
    assert "This image was in the library already." in again and "your words" not in again


def test_words_that_it_has_stay_and_the_others_are_shown_again(client, author):
    image = in_library(alt="Low tide", uploaded_by=author)
    html = client.post(ADD, TYPED | {"upload": upload()}).content.decode()
    assert _words() == TYPED | {"alt": "Low tide"}
    assert "What is marked below was not added to it." in html and "In the library: “Low tide”." in html
    assert f'<a href="/admin/blog/image/{image.pk}/change/"><bdi>Low tide</bdi></a>' in html
    assert 'value="The sea"' in html and html.count('class="errorlist"') == 2


@pytest.mark.parametrize(
    ("there", "typed", "said"),
    [
        ({"alt": "", "decorative": True}, {"alt": "The sea"}, "In the library it only decorates."),
        ({"alt": "The sea"}, {"alt": "", "decorative": "on"}, "In the library: “The sea”."),
    ],
)
def test_what_it_shows_and_that_it_only_decorates_are_one_answer(client, author, there, typed, said):
    image = in_library(uploaded_by=author, **there)
    assert said in client.post(ADD, typed | {"upload": upload()}).content.decode()
    now = Image.objects.get()
    assert (now.alt, now.decorative) == (image.alt, image.decorative)


def test_that_it_only_decorates_is_added_too(client, author):
    in_library(uploaded_by=author)
    client.post(ADD, {"decorative": "on", "upload": upload()})
    assert Image.objects.get().decorative


def test_words_are_not_added_to_an_image_that_others_use(client, author):
    image = in_library(alt="Low tide")
    make_post(make_user("alice", "Author"), cover=image)
    html = client.post(ADD, TYPED | {"upload": upload()}).content.decode()
    assert _words() == {"alt": "Low tide", "caption": "", "credit": ""}
    assert html.count("Not in the library.") == 2
    assert all(f'value="{words}"' in html for words in TYPED.values())
