"""The library at the desk: finding, describing, pointing, replacing, and where an image is used."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse

from blog import images
from blog.models import Image, ImageUse, Post
from tests.blog.pictures import in_library, moving, picture, upload, written
from tests.factories import make_page, make_post, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
LIST = "/admin/blog/image/"


@pytest.fixture
def edda(client):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


def _change(image: Image) -> str:
    return reverse("admin:blog_image_change", args=[image.pk])


def _words(image: Image, **fields) -> dict:
    return {"alt": image.alt, "caption": image.caption, "credit": image.credit} | fields


def _use(image: Image, **fields) -> Post:
    post = make_post(**fields)
    ImageUse.objects.create(image=image, post=post)
    return post


def _shown(html: str) -> set[str]:
    return set(re.findall(r'class="library-name" dir="auto">([^<]*)<', html))


# The list.


def test_it_says_in_how_many_posts_each_is_used(client, edda):
    sea, dune = in_library(alt="Sea"), in_library("red", alt="Dune")
    for _number in range(3):
        _use(sea)
    html = client.get(LIST).content.decode()
    assert _shown(html) == {"Sea", "Dune"}
    assert html.index("Not used") < html.index("Used in 3 posts")  # the newest first: Dune
    assert f'href="{_change(dune)}"' in html


@pytest.mark.parametrize(
    ("show", "found"),
    [
        ("wordless", {"Only a caption"}),
        ("decorative", {"A rule"}),
        ("unused", {"Only a caption", "A rule", "Waves"}),
        ("moving", {"Waves"}),
    ],
)
def test_it_shows_a_part(client, edda, show, found):
    _use(in_library(alt="Sea"))
    in_library("red", caption="Only a caption")
    in_library("blue", caption="A rule", decorative=True)
    Image.objects.from_upload(moving(), alt="Waves")
    assert _shown(client.get(LIST, {"show": show}).content.decode()) == found


@pytest.mark.parametrize("word", ["heron", "weir", "Ada"])
def test_it_is_searched(client, edda, word):
    in_library(alt="A heron", caption="by the weir", credit="Ada")
    in_library("red", alt="A boat")
    assert _shown(client.get(LIST, {"q": word}).content.decode()) == {"A heron"}


def test_what_nothing_is_like_is_said(client, edda):
    assert "No images yet" in client.get(LIST).content.decode()
    in_library()
    assert "No image is like that." in client.get(LIST, {"q": "submarine"}).content.decode()


def test_it_costs_the_same_with_many(client, edda, django_assert_max_num_queries):
    for number in range(12):
        image = in_library(f"#{number:02x}aa55", alt=f"Image {number}")
        _use(image)
        image.renditions.create(format="webp", width=480, height=320, file=f"images/{number}.webp")
    with django_assert_max_num_queries(10):
        html = client.get(LIST, {"q": "Image"}).content.decode()
    assert html.count("Used in 1 post") == 12
    assert "/media/images/11.webp" in html


def test_without_the_right_to_delete_nothing_is_selected(client):
    client.force_login(make_user("arno", "Author"))
    in_library()
    assert "_selected_action" not in client.get(LIST).content.decode()


# One image.


def test_the_point_and_the_words_are_changed(client, edda):
    image = in_library(alt="Wrong")
    client.post(_change(image), _words(image, alt="Right", focal_x="0.25", focal_y="1"))
    image.refresh_from_db()
    assert (image.alt, image.focal_x, image.focal_y) == ("Right", 0.25, 1)


def test_readers_see_what_the_point_is_on(client):
    image = in_library(alt="Mona", focal_x=0.1, focal_y=0.9)
    author = make_post(author=make_user("mona", "Author", picture=image)).author
    html = client.get(author.get_absolute_url()).content.decode()
    assert 'data-across="0" data-down="100"' in html


def test_a_point_outside_is_refused(client, edda):
    image = in_library(alt="Sea")
    html = client.post(_change(image), _words(image, focal_x="1.2", caption="Kept")).content.decode()
    assert 'value="Kept"' in html
    image.refresh_from_db()
    assert (image.focal_x, image.caption) == (0.5, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"alt": ""}, "Say what the image shows, or tick that it only decorates."),
        ({"alt": "Sea", "decorative": "on"}, "it does not only decorate"),
    ],
)
def test_words_or_decoration_and_not_both(client, edda, words, said):
    image = in_library(alt="Old")
    html = client.post(_change(image), _words(image, caption="Kept") | words).content.decode()
    assert said in html
    assert 'value="Kept"' in html
    assert Image.objects.get().alt == "Old"


def test_decoration_needs_no_words(client, edda):
    image = in_library(alt="Old")
    client.post(_change(image), _words(image, alt="", decorative="on"))
    assert Image.objects.get().decorative


def test_it_says_where_it_is_used_and_in_how_many_more(client, edda):
    image = in_library(alt="Sea")
    page = make_page(title="About us")
    ImageUse.objects.create(image=image, post=page)
    posts = [_use(image, title=f"Post {number}") for number in range(24)]
    html = client.get(_change(image)).content.decode()
    uses = html[html.index('id="uses"') :]
    assert uses.count("<li><a") >= 20
    assert f"/admin/blog/post/{posts[-1].pk}/change/" in uses
    assert "and in 5 more" in uses
    assert f"/admin/blog/page/{page.pk}/change/" not in uses  # the oldest


def test_drafts_of_others_are_counted_and_not_named(client):
    client.force_login(make_user("arno", "Author"))
    image = in_library(alt="Sea")
    _use(image, title="Secret plans", status="draft")
    _use(image, title="Known to all")
    html = client.get(_change(image)).content.decode()
    assert "Secret plans" not in html
    assert "Known to all" in html
    assert "and in 1 more" in html


def test_who_may_only_look_gets_no_form(client):
    user = make_user("vera", "", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_image"))
    client.force_login(user)
    image = in_library(alt="Sea")
    html = client.get(_change(image)).content.decode()
    assert "Sea" in html
    assert 'name="alt"' not in html
    assert client.post(_change(image), _words(image, alt="Other")).status_code == 403
    assert client.get(f"{LIST}words/").status_code == 403


# Another file in its place.


def test_another_file_keeps_the_words_and_the_uses(client, edda):
    image = in_library(alt="Sea")
    old = image.file.name
    _use(image)
    image.renditions.create(format="webp", width=60, height=40, file="images/old.webp")
    Image.objects.update(is_ready=True)
    client.post(_change(image), _words(image, replacement=upload("red", size=(80, 50))))
    new = Image.objects.get()
    assert (new.pk, new.alt, new.width, new.height, new.uses.count()) == (image.pk, "Sea", 80, 50, 1)
    assert new.file.name != old
    assert new.file.storage.exists(old)  # older texts show it
    assert not new.is_ready
    assert not new.renditions.exists()


def test_a_file_that_is_another_image_is_refused_with_a_link_to_it(client, edda):
    image, other = in_library(alt="Sea"), in_library("red", alt="Dune")
    html = client.post(_change(image), _words(image, replacement=upload("red"), caption="Kept")).content.decode()
    assert "The library has this file already" in html
    assert f'<a href="{_change(other)}"><bdi>Dune</bdi></a>' in html
    assert 'value="Kept"' in html
    image.refresh_from_db()
    assert image.digest != other.digest


def test_a_file_that_is_no_picture_is_refused(client, edda):
    image = in_library(alt="Sea")
    bad = upload()
    bad.file.truncate(20)
    html = client.post(_change(image), _words(image, replacement=bad)).content.decode()
    assert re.search(r'<ul class="errorlist"[^>]*>\s*<li>This', html)
    assert Image.objects.get().digest == image.digest


def test_the_same_file_again_changes_nothing(client, edda):
    image = in_library(alt="Sea")
    Image.objects.update(is_ready=True)
    client.post(_change(image), _words(image, replacement=upload()))
    assert Image.objects.get().is_ready


def test_a_contributor_does_not_change_what_readers_of_others_see(client):
    client.force_login(make_user("cora", "Contributor"))
    image, free = in_library(alt="Sea"), in_library("blue", alt="Free")
    _use(image)
    assert 'name="replacement"' not in client.get(_change(image)).content.decode()
    client.post(_change(image), _words(image, replacement=upload("red")))
    client.post(_change(free), _words(free, replacement=upload("green")))
    assert Image.objects.get(pk=image.pk).digest == image.digest
    assert Image.objects.get(pk=free.pk).digest != free.digest


def test_an_author_replaces_what_only_their_own_posts_show(client):
    arno = make_user("arno", "Author")
    client.force_login(arno)
    image = in_library(alt="Sea")
    _use(image, author=arno)
    client.post(_change(image), _words(image, replacement=upload("red")))
    assert Image.objects.get().digest != image.digest


def test_an_image_takes_no_content_of_another(edda):
    image, other = in_library(), in_library("red")
    with pytest.raises(IntegrityError), transaction.atomic():
        image.take(images.process(written(picture("red"))))
    assert Image.objects.get(pk=other.pk).digest == other.digest
