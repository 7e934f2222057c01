"""An image that is used stays, and says where that is: in posts, as the logo, as somebody's picture."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from blog import revisions
from blog.models import Image, ImageUse, Post, SiteSettings, User
from tests.blog.pictures import in_library
from tests.factories import make_post, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
LIST = "/admin/blog/image/"


@pytest.fixture(autouse=True)
def edda(client):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


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


def _refused(client, image: Image) -> str:
    """What the page says that asks, and the one that answers; the image is there still."""
    address = reverse("admin:blog_image_delete", args=[image.pk])
    html = client.get(address).content.decode()
    assert "Nothing was deleted, because it is in use." in html and 'value="Delete"' not in html
    client.post(address, {"post": "yes"})
    client.post(LIST, {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"})
    assert Image.objects.filter(pk=image.pk).exists()
    return html


def test_the_sites_logo_stays(client):
    image = in_library(alt="Sea")
    SiteSettings(logo=image).save()
    html = _refused(client, image)
    assert "<bdi>Sea</bdi> is the site’s logo" in html and "sitesettings" not in html
    client.force_login(make_user("olive", "Owner"))
    assert 'href="/admin/blog/sitesettings/1/change/"><bdi>Sea</bdi> is' in _refused(client, image)


def test_an_authors_picture_stays_and_says_whose_it_is(client):
    image = in_library(alt="Sea")
    arno = make_user("arno", "Author", display_name="<Arno>", picture=image)
    make_post(arno)
    html = _refused(client, image)
    assert "<bdi>Sea</bdi> is the picture of <bdi>&lt;Arno&gt;</bdi>" in html
    client.force_login(make_user("olive", "Owner"))
    assert f'href="/admin/blog/user/{arno.pk}/change/">&lt;Arno&gt;</a>' in _refused(client, image)


def test_of_who_has_written_nothing_that_readers_see_the_name_is_not_told(client, edda):
    image = in_library(alt="Sea")
    mona = make_user("mona", "Moderator", display_name="Mona M.", picture=image)
    make_post(mona, status="draft")
    html = _refused(client, image)
    assert "<bdi>Sea</bdi> is somebody’s picture" in html and "Mona" not in html
    User.objects.filter(pk=edda.pk).update(picture=image)
    assert 'href="/admin/account/"><bdi>Sea</bdi> is your own picture' in _refused(client, image)
    client.force_login(make_user("olive", "Owner"))
    assert "Mona M." in _refused(client, image)


def test_an_image_of_a_change_that_waits_stays(client, edda):
    image = in_library(alt="Sea")
    post = make_post(title="Tides")
    revisions.wait(post, edda, "saved", revisions.content_of(post) | {"cover": image.pk})
    assert f'is shown in <bdi><a href="/admin/blog/post/{post.pk}/change/">Tides</a>' in _refused(client, image)
    _use(in_library("red"))
    ImageUse.objects.create(image=image, post=post)
    html = _refused(client, image)
    assert html.count(">Tides</a>") == 1 and "more" not in html.partition('class="uses"')[2].partition("</ul>")[0]
    ImageUse.objects.filter(post=post).delete()
    revisions.discard_draft(post)
    client.post(reverse("admin:blog_image_delete", args=[image.pk]), {"post": "yes"})
    assert not Image.objects.filter(pk=image.pk).exists()


def test_drafts_of_others_are_counted_and_not_named(client):
    bob = make_user("bob", "Author")
    bob.user_permissions.add(Permission.objects.get(codename="delete_image"))
    client.force_login(bob)
    image = in_library(alt="Sea")
    _use(image, title="Secret", status="draft")
    _use(image, title="Public")
    own = _use(image, title="Own", author=bob, status="draft")
    html = _refused(client, image)
    assert "Secret" not in html and "and in 1 more" in html
    assert "is shown in <bdi>Public</bdi>" in html and f"/admin/blog/post/{own.pk}/change/" in html


def test_many_uses_cost_no_more(client, django_assert_max_num_queries):
    image = in_library(alt="Sea")
    for number in range(25):
        _use(image, title=f"Post {number}", author=make_user(f"user{number}", picture=image))
    # site settings, session, user, two for their rights, image; the logo, people, authors, posts, changes; four counts
    with django_assert_max_num_queries(15):
        html = client.get(reverse("admin:blog_image_delete", args=[image.pk])).content.decode()
    assert "and in 10 more" in html


def test_what_is_the_logo_or_a_picture_or_waits_is_not_called_unused(client, edda):
    logo, picture, waits, free, shown = (
        in_library(colour, alt=colour) for colour in ("red", "blue", "navy", "tan", "teal")
    )
    SiteSettings(logo=logo).save()
    User.objects.filter(pk=edda.pk).update(picture=picture)
    post = _use(shown)
    revisions.wait(post, edda, "saved", revisions.content_of(post) | {"cover": waits.pk})
    found = client.get(LIST, {"show": "unused"}).context["cl"].result_list
    assert list(found) == [free]
    html = client.get(LIST).content.decode()
    assert html.count("In use") == 3 and html.count("Used in 1 post") == 1
