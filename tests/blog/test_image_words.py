"""Asking for the words of the images that have none."""

import pytest

from blog.models import Image
from tests.blog.pictures import in_library
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
WORDS = "/admin/blog/image/words/"


@pytest.fixture
def edda(client):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


def _row(image: Image, alt: str = "", **fields) -> dict:
    return {f"image-{image.pk}-alt": alt} | {f"image-{image.pk}-{name}": value for name, value in fields.items()}


def test_the_words_of_many_are_saved_at_once(client, edda):
    sea, rule, later = (in_library(colour, uploaded_by=edda) for colour in ("teal", "red", "blue"))
    html = client.get(WORDS).content.decode()
    assert html.count('name="image"') == 3
    sent = {"image": [sea.pk, rule.pk, later.pk]} | _row(sea, "The sea") | _row(rule, decorative="on") | _row(later)
    html = client.post(WORDS, sent, follow=True).content.decode()
    assert "2 images are described." in html
    assert html.count('name="image"') == 1
    assert Image.objects.get(pk=sea.pk).alt == "The sea"
    assert Image.objects.get(pk=rule.pk).decorative


def test_words_and_decoration_for_one_are_refused_and_nothing_is_lost(client, edda):
    sea, rule = in_library(uploaded_by=edda), in_library("red", uploaded_by=edda)
    sent = {"image": [sea.pk, rule.pk]} | _row(sea, "The sea") | _row(rule, "A rule", decorative="on")
    html = client.post(WORDS, sent).content.decode()
    assert "it does not only decorate" in html
    assert 'value="The sea"' in html
    assert not Image.objects.exclude(alt="").exists()


def test_words_that_somebody_else_wrote_meanwhile_stay(client, edda):
    sea = in_library(uploaded_by=edda)
    Image.objects.update(alt="Theirs")
    client.post(WORDS, {"image": [sea.pk, "x", "9" * 30]} | _row(sea, "Mine"))
    assert Image.objects.get().alt == "Theirs"


def test_images_of_others_are_a_click_away(client, edda):
    in_library(uploaded_by=make_user("arno", "Author"))
    html = client.get(WORDS).content.decode()
    assert 'name="image"' not in html
    assert "1 image that others uploaded" in html
    assert 'name="image"' in client.get(f"{WORDS}?all").content.decode()
