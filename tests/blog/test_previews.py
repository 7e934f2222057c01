"""Previews for those who work here, and the links that they make; what those show is in test_preview_links.py."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from blog import revisions
from blog.models import Label, Preview
from tests.blog.previewing import link_to, low_water
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def alice():
    return make_user("alice", "Author")


@pytest.fixture
def draft(alice):
    return low_water(alice)


def desk(post) -> str:
    return f"/admin/blog/{post.kind}/{post.pk}/previews/"


def make(client, post, user, **fields):
    client.force_login(user)
    return client.post(desk(post), {"name": "Zara", "days": "7"} | fields)


# For those who work here.


def test_what_waits_is_shown_and_not_the_row(client, alice):
    post = make_post(alice, ("sea",), title="Tides")
    revisions.wait(post, alice, "saved", revisions.content_of(post) | {"title": "Ebb", "body": "<p>New.</p>"})
    client.force_login(alice)
    page = client.get(f"/admin/preview/{post.pk}/").content.decode()
    assert "Ebb</h1>" in page and "New." in page and "Readers do not see these changes yet." in page
    assert "/label/sea/" in page and "Tides</h1>" in client.get(post.get_absolute_url()).content.decode()


def test_a_label_that_saving_would_make_is_shown_and_not_made(client, alice):
    post = make_post(alice, ("Sea",), title="Tides")
    revisions.wait(post, alice, "saved", revisions.content_of(post) | {"tags": ["ebb & flow", "sea"]})
    client.force_login(alice)
    page = client.get(f"/admin/preview/{post.pk}/").content.decode()
    assert "<bdi>ebb &amp; flow</bdi>" in page and "/label/ebb-flow/" in page
    assert "<bdi>Sea</bdi>" in page and "<bdi>sea</bdi>" not in page
    assert list(Label.objects.values_list("name", flat=True)) == ["Sea"]


def test_a_revision_is_shown_as_it_was(client, alice, draft):
    revisions.keep_what_was(draft)
    old = draft.revision_id
    draft.title = "High water"
    draft.save()
    revisions.saved(draft, alice, "saved")
    client.force_login(alice)
    page = client.get(f"/admin/preview/{draft.pk}/?revision={old}").content.decode()
    assert "Low water</h1>" in page and "As it was on" in page
    assert f"revision={old}" in client.get(f"/admin/preview/{draft.pk}/frame/?revision={old}").content.decode()


@pytest.mark.parametrize("asked", ["x", "0", "9" * 30, "-1"])
def test_a_revision_that_is_none_is_not_found(client, alice, draft, asked):
    client.force_login(alice)
    assert client.get(f"/admin/preview/{draft.pk}/?revision={asked}").status_code == 404


def test_a_revision_of_another_post_is_not_found(client, alice, draft):
    other = make_post(make_user("bob", "Author"), status="draft")
    revisions.keep_what_was(other)
    client.force_login(alice)
    assert client.get(f"/admin/preview/{draft.pk}/?revision={other.revision_id}").status_code == 404


def test_the_frame_shows_the_page_alone_in_the_chosen_colours(client, alice, draft):
    client.force_login(alice)
    response = client.get(f"/admin/preview/{draft.pk}/frame/?width=360&scheme=dark")
    page = response.content.decode()
    assert 'class="wide-360"' in page and "frame-src 'self';" in f"{response['Content-Security-Policy']};"
    assert response["X-Frame-Options"] == "DENY" and "no-store" in response["Cache-Control"]
    source = re.search(r'src="(/admin/preview/[^"]*)"', page)[1].replace("&amp;", "&")
    framed = client.get(source)
    assert 'data-scheme="dark"' in framed.content.decode() and "preview-bar" not in framed.content.decode()
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]


def test_other_widths_and_colours_are_those_it_begins_with(client, alice, draft):
    client.force_login(alice)
    page = client.get(f'/admin/preview/{draft.pk}/frame/?width=1"&scheme=x').content.decode()
    assert 'class="wide-1280"' in page and "scheme=system" in page
    assert "data-scheme" not in client.get(f"/admin/preview/{draft.pk}/?scheme=system").content.decode()


@pytest.mark.parametrize("page", ["", "frame/"])
def test_previews_are_for_those_who_may_change_the_post(client, draft, page):
    address = f"/admin/preview/{draft.pk}/{page}"
    assert client.get(address).status_code == 302
    client.force_login(make_user("bob", "Author"))
    assert client.get(address).status_code == 403
    client.force_login(make_user("eda", "Editor"))
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


# Links at the desk.


def test_a_link_is_shown_once_and_its_key_is_in_no_table(client, alice, draft):
    page = make(client, draft, alice).content.decode()
    key = re.search(r'value="http[^"]*/preview/([^/"]+)/"', page)[1]
    link = Preview.objects.get()
    assert (link.post_id, link.name, link.created_by) == (draft.pk, "Zara", alice)
    assert timedelta(days=6, hours=23) < link.expires_at - timezone.now() <= timedelta(days=7)
    assert len(key) == 22 and key not in str(Preview.objects.values().get())
    again = client.get(desk(draft))
    assert key not in again.content.decode() and "Zara" in again.content.decode()
    client.logout()
    assert client.get(f"/preview/{key}/").status_code == 200


def test_a_contributor_makes_links_to_own_drafts_only(client, draft):
    carl = make_user("carl", "Contributor")
    assert make(client, make_post(carl, status="draft"), carl).status_code == 200 and Preview.objects.count() == 1
    assert make(client, draft, carl).status_code == 404 and Preview.objects.count() == 1


def test_an_editor_makes_links_to_everybodys_and_to_pages(client, draft):
    eda = make_user("eda", "Editor")
    assert make(client, draft, eda).status_code == 200
    assert make(client, make_page(status="draft"), eda).status_code == 200
    assert Preview.objects.count() == 2


@pytest.mark.parametrize("role", ["", "Author", "Moderator"])
def test_others_make_none(client, draft, role):
    bob = make_user("bob", role)
    assert make(client, draft, bob).status_code == {"": 302, "Author": 404, "Moderator": 403}[role]
    assert client.get(desk(draft)).status_code != 200 and not Preview.objects.exists()


@pytest.mark.parametrize("fields", [{"days": "365"}, {"days": ""}, {"name": "x" * 101}])
def test_a_wrong_form_makes_none(client, alice, draft, fields):
    assert 'class="errorlist"' in make(client, draft, alice, **fields).content.decode()
    assert not Preview.objects.exists()


def test_twenty_links_are_the_most(client, alice, draft):
    for _number in range(20):
        link_to(draft)
    assert "Revoke one of them first." in make(client, draft, alice).content.decode()
    Preview.objects.filter(pk=Preview.objects.first().pk).update(expires_at=timezone.now())
    assert "The link is ready" in make(client, draft, alice).content.decode()


def test_the_page_costs_the_same_for_many_links(client, alice, draft, django_assert_max_num_queries):
    for _number in range(20):
        link_to(draft)
    client.force_login(alice)
    with django_assert_max_num_queries(10):
        client.get(desk(draft))


def test_a_link_is_revoked_by_post_and_by_those_who_may(client, alice, draft):
    address = link_to(draft)
    revoke = f"{desk(draft)}{Preview.objects.get().pk}/revoke/"
    client.force_login(make_user("bob", "Author"))
    assert client.post(revoke).status_code == 404
    client.force_login(alice)
    assert client.get(revoke).status_code == 405 and client.get(address).status_code == 200
    assert client.post(revoke).status_code == 302
    assert Preview.objects.get().revoked_at and client.get(address).status_code == 410


def test_a_link_of_another_post_is_not_revoked_here(client, alice, draft):
    link_to(make_post(make_user("bob", "Author"), status="draft"))
    client.force_login(alice)
    client.post(f"{desk(draft)}{Preview.objects.get().pk}/revoke/")
    assert Preview.objects.open().exists()
