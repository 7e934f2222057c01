"""Who may change an image of the library: its file and its words are one thing, and others' work is not touched."""

import pytest
from django.urls import reverse

from blog import renditions, revisions
from blog.models import Image, SiteSettings
from tests.blog.pictures import in_library, upload
from tests.factories import make_post, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
WORDS = "/admin/blog/image/words/"
NEW = {"alt": "DEFACED", "caption": "DEFACED", "credit": "DEFACED", "focal_x": "0.1", "focal_y": "0.1"}


@pytest.fixture
def alice():
    return make_user("alice", "Author")


@pytest.fixture
def cora(client):
    user = make_user("cora", "Contributor")
    client.force_login(user)
    return user


def _change(client, image: Image) -> int:
    """What the answer is. Whole or nothing: neither a word nor the file is changed alone."""
    before = _state(image)
    sent = NEW | {"replacement": upload("red")}
    status = client.post(reverse("admin:blog_image_change", args=[image.pk]), sent).status_code
    after = _state(image)
    assert [old == new for old, new in zip(before, after, strict=True)] == [status != 302] * len(before)
    return status


def _state(image: Image) -> list:
    image = Image.objects.get(pk=image.pk)
    return [getattr(image, name) for name in (*NEW, "digest")]


def _published(alice, image: Image):
    return make_post(alice, body=f'<figure><img src="{image.file.url}"></figure>')


def test_a_contributor_does_not_change_the_caption_in_a_published_post_of_another(client, alice, cora):
    image = in_library(alt="The sea", caption="At low water")
    post = _published(alice, image)
    assert _change(client, image) == 403
    renditions.make(image.pk)
    post.refresh_from_db()
    assert "At low water" in post.body_html and "DEFACED" not in post.body_html


def test_its_page_can_be_read_and_says_why_it_cannot_be_changed(client, alice, cora):
    image = in_library(alt="The sea", caption="At low water")
    _published(alice, image)
    html = client.get(reverse("admin:blog_image_change", args=[image.pk])).content.decode()
    assert "At low water" in html and "You cannot change its file and words" in html
    assert not [name for name in (*NEW, "decorative", "replacement", "_save") if f'name="{name}"' in html]


@pytest.mark.parametrize("role", ["Contributor", "Author"])
def test_what_another_uploaded_is_their_work_before_it_is_used(client, alice, role):
    client.force_login(make_user("someone", role))
    assert _change(client, in_library(alt="The sea", uploaded_by=alice)) == 403


def test_what_waits_over_a_text_of_another_is_their_work(client, alice, cora):
    image = in_library(alt="The sea")
    post = make_post(alice)
    revisions.wait(post, alice, "saved", revisions.content_of(post) | {"cover": image.pk})
    assert _change(client, image) == 403


def test_the_logo_and_the_picture_of_another_stay(client, alice, cora):
    logo, picture = in_library("blue", uploaded_by=cora), in_library("green", uploaded_by=cora)
    SiteSettings(logo=logo).save()
    alice.picture = picture
    alice.save()
    assert [_change(client, image) for image in (logo, picture)] == [403, 403]


def test_one_changes_ones_own(client, cora):
    image = in_library(alt="The sea", uploaded_by=cora)
    make_post(cora, status="draft", cover=image)
    assert _change(client, image) == 302


def test_what_an_editor_published_a_contributor_does_not_change(client, cora):
    image = in_library(alt="The sea", uploaded_by=cora)
    make_post(cora, cover=image)
    assert _change(client, image) == 403


def test_an_author_changes_what_their_own_published_posts_show(client, alice):
    client.force_login(alice)
    image = in_library(alt="The sea", uploaded_by=alice)
    make_post(alice, cover=image)
    assert _change(client, image) == 302


def test_an_editor_changes_anybodys(client, alice):
    client.force_login(make_user("edda", "Editor"))
    image = in_library(alt="The sea", uploaded_by=alice)
    _published(alice, image)
    assert _change(client, image) == 302


def test_whether_one_may_is_asked_once(client, alice, django_assert_max_num_queries):
    client.force_login(alice)
    image = in_library(alt="The sea", uploaded_by=alice)
    # The site, session, user and their rights (5), the image with its sizes twice (4), its uses (2), this.
    with django_assert_max_num_queries(12):
        client.get(reverse("admin:blog_image_change", args=[image.pk]))


def test_only_what_one_may_change_is_described(client, alice, cora):
    theirs, shown, own = in_library("blue", uploaded_by=alice), in_library("green"), in_library(uploaded_by=cora)
    _published(alice, shown)
    html = client.get(f"{WORDS}?all").content.decode()
    assert f'name="image" value="{own.pk}"' in html and html.count('name="image"') == 1
    assert "that others uploaded" not in client.get(WORDS).content.decode()
    sent = {f"image-{image.pk}-alt": "DEFACED" for image in (theirs, shown, own)}
    client.post(f"{WORDS}?all", {"image": [theirs.pk, shown.pk, own.pk]} | sent)
    assert list(Image.objects.filter(alt="DEFACED")) == [own]
