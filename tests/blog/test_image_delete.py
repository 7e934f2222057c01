"""An image that posts show stays, and says which those are."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from blog.models import Image, ImageUse, Post
from tests.blog.pictures import in_library
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/image/"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _edda(client):
    client.force_login(make_user("edda", "Editor"))


def _use(image: Image, **fields) -> Post:
    post = make_post(**fields)
    ImageUse.objects.create(image=image, post=post)
    return post


def test_deleting_says_where_it_is_used_and_in_how_many_more(client):
    image, other = in_library(alt="Sea"), in_library("red", alt="Dune")
    posts = [_use(image, title=f"Post {number}") for number in range(22)]
    for html in (
        client.post(reverse("admin:blog_image_delete", args=[image.pk]), {"post": "yes"}).content.decode(),
        client.post(
            LIST, {"action": "delete_selected", "_selected_action": [image.pk, other.pk], "post": "yes"}
        ).content.decode(),
    ):
        assert "Nothing was deleted" in html
        assert f"/admin/blog/post/{posts[-1].pk}/change/" in html
        assert "and in 2 more" in html
    assert Image.objects.count() == 2


def test_a_post_that_takes_it_meanwhile_keeps_it(client, monkeypatch):
    image = in_library(alt="Sea")
    _use(image)
    monkeypatch.setattr(
        "blog.admin.image.ImageAdmin.get_deleted_objects", lambda *_args: (["Sea"], {"images": 1}, set(), [])
    )
    html = client.post(
        reverse("admin:blog_image_delete", args=[image.pk]), {"post": "yes"}, follow=True
    ).content.decode()
    assert "Nothing was deleted, because posts show it." in html
    sent = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
    assert "Nothing was deleted, because posts show it." in client.post(LIST, sent, follow=True).content.decode()
    assert Image.objects.exists()
    assert not LogEntry.objects.exists()
