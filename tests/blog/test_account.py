"""One's own account, and the time zone that the desk shows and takes times in."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.test import Client

from blog.models import Post, SiteSettings, User, Version
from config.roles import make_roles
from tests.blog.pictures import in_library
from tests.blog.writing import ADD, address_of, form_data
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
ACCOUNT = "/admin/account/"


@pytest.fixture
def author(client):
    user = make_user("arno", "Author", bio="Writes.")
    client.force_login(user)
    return user


def _form(**fields) -> dict:
    return {"display_name": "Arno", "bio": "Writes.", "time_zone": "", "email": "arno@example.org"} | fields


def test_it_works(client, author):
    picture = in_library()
    sent = _form(display_name="Arno M.", time_zone="Asia/Tehran", picture=str(picture.pk))
    html = client.post(ACCOUNT, sent, follow=True).content.decode()
    assert "Your account is saved." in html
    author.refresh_from_db()
    saved = (author.display_name, author.time_zone, author.email, author.picture)
    assert saved == ("Arno M.", "Asia/Tehran", "arno@example.org", picture)
    assert author.is_staff and author.groups.get().name == "Author"


def test_it_is_linked_from_every_page_of_the_desk_and_leads_to_the_password(client, author):
    assert f'href="{ACCOUNT}"' in client.get("/admin/").content.decode()
    assert 'href="/admin/password_change/"' in client.get(ACCOUNT).content.decode()


def test_the_sites_zone_is_the_first_choice(client, author):
    SiteSettings(time_zone="Europe/Berlin").save()
    html = client.get(ACCOUNT).content.decode()
    assert '<option value="" selected>The site’s (Europe/Berlin)</option>' in html


def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(client, author):
    html = client.post(ACCOUNT, _form(display_name="Arno M.", email="arno", time_zone="Mars/Base")).content.decode()
    assert html.count('class="errorlist"') == 2
    assert 'value="Arno M."' in html
    assert "<bdi>Arno</bdi>" in html  # who one is does not change by it
    author.refresh_from_db()
    assert author.display_name == "Arno"


def test_another_address_needs_the_password(client, author):
    sent = _form(email=" a@example.org ", current_password="correct horse")
    assert client.post(ACCOUNT, sent).status_code == 302
    author.refresh_from_db()
    assert author.email == "a@example.org"
    assert client.get(ACCOUNT).status_code == 200  # and one is still signed in


@pytest.mark.parametrize(
    ("typed", "words"),
    [({}, "Type your current password"), ({"current_password": "wrong horse"}, "not your current password")],
)
@pytest.mark.parametrize("email", ["a@example.org", ""])
def test_without_it_nothing_is_saved_and_all_but_the_password_is_kept(client, author, email, typed, words):
    html = client.post(ACCOUNT, _form(email=email, bio="Writes more.", **typed)).content.decode()
    assert html.count('class="errorlist"') == 1 and words in html
    assert "Writes more." in html and 'value="arno@example.org"' not in html
    assert ('value="a@example.org"' in html) is bool(email)
    assert "wrong horse" not in html
    author.refresh_from_db()
    assert (author.email, author.bio) == ("arno@example.org", "Writes.")


def test_it_is_not_asked_for_anything_else(client, author):
    for typed in ({}, {"current_password": "wrong horse"}):
        assert client.post(ACCOUNT, _form(bio=f"Writes {len(typed)}.", **typed)).status_code == 302
        author.refresh_from_db()
        assert author.bio == f"Writes {len(typed)}."


def test_an_address_that_is_none_is_the_only_thing_said(client, author):
    html = client.post(ACCOUNT, _form(email="arno")).content.decode()
    assert html.count('class="errorlist"') == 1 and "Type your current password" not in html


def test_who_has_no_password_asks_the_owner(client, author):
    author.set_unusable_password()
    author.save()
    client.force_login(author)
    html = client.get(ACCOUNT).content.decode()
    assert "ask the owner" in html and "current_password" not in html
    assert client.post(ACCOUNT, _form(email="a@example.org", bio="Writes more.")).status_code == 302
    author.refresh_from_db()
    assert (author.email, author.bio) == ("arno@example.org", "Writes more.")


def test_nobody_changes_more_than_the_own_account(client, author):
    other = make_user("ada", "Author")
    client.post(ACCOUNT, _form(id=str(other.pk), username="ada", is_superuser="on", is_staff="", slug="x", groups=""))
    author.refresh_from_db()
    assert (author.username, author.slug, author.is_superuser, author.is_staff) == ("arno", "arno", False, True)
    other.refresh_from_db()
    assert other.display_name == "Ada"


def test_a_form_from_another_site_is_refused(author):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author)
    assert strict.post(ACCOUNT, _form(bio="Hacked.")).status_code == 403


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Moderator", "Owner"])
def test_everybody_at_the_desk_has_one(client, role):
    client.force_login(make_user("someone", role))
    html = client.get(ACCOUNT).content.decode()
    assert ('name="picture"' in html) is (role != "Moderator")  # who may not open the library


def test_readers_and_strangers_have_none(client):
    assert client.get(ACCOUNT).status_code == 302
    client.force_login(make_user("rita"))
    assert client.get(ACCOUNT).status_code == 302
    assert client.post(ACCOUNT, _form()).status_code == 302
    assert User.objects.get(username="rita").bio == ""


def test_other_verbs_are_refused(client, author):
    assert client.put(ACCOUNT).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_an_address_for_mail_is_of_no_concern_to_readers_pages(client):
    make_roles(apps)  # a flush takes them away
    client.force_login(make_user("arno", "Author", bio="Writes."))
    before = dict(Version.objects.values_list("key", "number"))
    client.post(ACCOUNT, _form(email="new@example.org", current_password="correct horse"))
    assert User.objects.get().email == "new@example.org"
    assert dict(Version.objects.values_list("key", "number")) == before
    client.post(ACCOUNT, _form(email="new@example.org", bio="Writes more."))
    assert dict(Version.objects.values_list("key", "number")) != before


def test_the_desk_shows_times_in_the_users_zone(client, author):
    SiteSettings(time_zone="Europe/Berlin").save()
    post = make_post(author, published_at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert 'value="2026-07-01T14:00"' in client.get(address_of(post)).content.decode()
    User.objects.filter(pk=author.pk).update(time_zone="Asia/Tehran")
    assert 'value="2026-07-01T15:30"' in client.get(address_of(post)).content.decode()


def test_the_desk_takes_times_in_the_users_zone_and_permalinks_stay_in_the_sites(client, author):
    User.objects.filter(pk=author.pk).update(time_zone="Pacific/Auckland")
    client.post(ADD, form_data(published_at="2026-03-01T05:00", _publish="1"))
    post = Post.objects.get()
    assert post.published_at == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert (post.year, post.month) == (2026, 2)


def test_readers_pages_stay_in_the_sites_zone(client, author):
    User.objects.filter(pk=author.pk).update(time_zone="Pacific/Auckland")
    client.get("/admin/")
    post = make_post(author, published_at=datetime(2026, 2, 28, 16, tzinfo=UTC))
    assert "28 February 2026" in client.get(post.get_absolute_url()).content.decode()
