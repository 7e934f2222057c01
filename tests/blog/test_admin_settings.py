"""The owner's and the editor's smaller pages: site settings, accounts, labels, old addresses."""

import zoneinfo

import pytest
from django.urls import reverse

from blog import rendering, search
from blog.admin.zones import time_zones
from blog.models import Label, OldPath, Post, SiteSettings, User
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/blog/sitesettings/"


@pytest.fixture
def owner(client):
    user = make_user("olive", "Owner")
    client.force_login(user)
    return user


def _settings(**fields) -> dict:
    return {
        "title": "Tidewater Notes",
        "tagline": "A journal of one shoreline",
        "about": "",
        "posts_per_page": "7",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "look": "paper",
        "scheme": "system",
        "menu-TOTAL_FORMS": "0",
        "menu-INITIAL_FORMS": "0",
    } | fields


def test_settings_are_one_page(client, owner):
    assert client.get(SETTINGS).url == f"{SETTINGS}1/change/"
    assert "Time zone" in client.get(f"{SETTINGS}1/change/").content.decode()


def test_settings_are_saved_at_once(client, owner):
    html = client.post(f"{SETTINGS}1/change/", _settings(), follow=True).content.decode()
    saved = SiteSettings.objects.get()
    assert (saved.title, saved.posts_per_page, saved.time_zone) == ("Tidewater Notes", 7, "Europe/Berlin")
    assert "Tidewater Notes" in html


def test_texts_follow_the_sites_language(client, owner, monkeypatch):
    monkeypatch.setattr(rendering, "BATCH", 2)  # the worker goes on batch by batch
    body = '<p>Viele Häuser.<small class="footnote">Im Hafen.</small></p>'
    posts = [make_post(title=f"Post {number}", body=body) for number in range(5)]
    client.post(f"{SETTINGS}1/change/", _settings(title="Another"))
    assert search.search("Haus Hafen").total == 0
    client.post(f"{SETTINGS}1/change/", _settings(title="Another", language="de"))
    assert search.search("Haus Hafen").total == 5
    client.post(f"{SETTINGS}1/change/", _settings(title="Another", language="fa"))
    assert Post.objects.filter(body_html__contains="یادداشت").count() == len(posts)


@pytest.mark.parametrize("wrong", [{"time_zone": "Europe/Atlantis"}, {"posts_per_page": "0"}, {"title": ""}])
def test_a_wrong_setting_is_refused_and_the_rest_kept(client, owner, wrong):
    html = client.post(f"{SETTINGS}1/change/", _settings(**wrong)).content.decode()
    assert "errorlist" in html
    assert "A journal of one shoreline" in html
    assert not SiteSettings.objects.exists()


def test_there_is_no_second_row(client, owner):
    assert client.get(f"{SETTINGS}add/").status_code == 403
    assert client.post(f"{SETTINGS}1/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{SETTINGS}2/change/").status_code == 302


def test_every_zone_that_is_offered_is_one():
    offered = {name for _area, cities in time_zones() for name, _city in cities}
    assert offered <= zoneinfo.available_timezones()
    assert {"UTC", "Europe/Berlin", "Asia/Tehran", "Africa/Cairo"} <= offered
    assert 300 < len(offered) < 500


def test_a_zone_in_use_is_offered_though_it_is_an_old_name(client, owner):
    SiteSettings(time_zone="Asia/Calcutta").save()
    html = client.get(f"{SETTINGS}1/change/").content.decode()
    assert '<option value="Asia/Calcutta" selected>' in html


def test_an_owner_makes_an_author(client, owner):
    passwords = {"password1": "a long enough one", "password2": "a long enough one"}
    client.post("/admin/blog/user/add/", {"username": "arno", **passwords})
    user = User.objects.get(username="arno")
    page = reverse("admin:blog_user_change", args=[user.pk])
    assert "May enter this desk" in client.get(page).content.decode()
    group = User.groups.field.related_model.objects.get(name="Author")
    payload = {"username": "arno", "display_name": "Arno", "is_active": "on", "groups": [group.pk]}
    client.post(page, payload | {"slug": "arno", "bio": "Writes."})
    user.refresh_from_db()
    assert (user.name, user.bio, user.is_staff) == ("Arno", "Writes.", True)
    assert user.has_perm("blog.publish_post")


def _account(user: User, **fields) -> dict:
    return {"username": user.username, "slug": user.slug, "is_active": "on"} | fields


@pytest.mark.parametrize(("fields", "may"), [({"is_superuser": "on"}, True), ({"is_staff": "on"}, True), ({}, False)])
def test_an_owner_enters_the_desk_too_and_a_reader_does_not(client, owner, fields, may):
    reader = make_user("rita")
    client.post(reverse("admin:blog_user_change", args=[reader.pk]), _account(reader, **fields))
    reader.refresh_from_db()
    assert reader.is_staff is may


def test_accounts_speak_plainly(client, owner):
    reader = make_user("rita")
    page = reverse("admin:blog_user_change", args=[reader.pk])
    html = "".join(client.get(at).content.decode() for at in (page, "/admin/blog/user/add/", f"{page[:-7]}password/"))
    assert "A password is set." in html
    for jargon in ("Designates", "LDAP", "algorithm", "iterations", "Raw passwords", "add_id_groups", "Required."):
        assert jargon not in html
    assert 'name="usable_password"' not in client.get("/admin/blog/user/add/").content.decode()


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Moderator"])
def test_accounts_and_settings_are_the_owners(client, role):
    client.force_login(make_user("someone", role))
    for address in ("/admin/blog/user/", "/admin/blog/user/add/", f"{SETTINGS}1/change/"):
        assert client.get(address).status_code == 403
    assert client.post(f"{SETTINGS}1/change/", _settings()).status_code == 403


def test_labels_tell_their_posts(client, owner):
    make_post(labels=("tides",), title="One")
    make_post(labels=("tides", "boats"), title="Two")
    html = client.get("/admin/blog/label/").content.decode()
    assert "2 posts" in html
    assert "1 post<" in html


def test_a_label_makes_its_own_slug(client, owner):
    client.post("/admin/blog/label/add/", {"name": "C++", "slug": ""})
    assert Label.objects.get().slug == "c-plus-plus"


def test_deleting_a_label_says_how_many_posts_lose_it(client, owner):
    make_post(labels=("tides",))
    page = reverse("admin:blog_label_delete", args=[Label.objects.get().pk])
    assert "tides, which 1 post loses" in client.get(page).content.decode()
    client.post(page, {"post": "yes"})
    assert not Label.objects.exists()


def test_an_old_address_begins_with_a_slash(client, owner):
    post = make_post()
    html = client.post("/admin/blog/oldpath/add/", {"path": "2016/05/old.html"}).content.decode()
    assert "Begin with a slash" in html
    client.post("/admin/blog/oldpath/add/", {"path": "/2016/05/old.html", "leads_to": post.get_absolute_url()})
    assert OldPath.objects.get().post == post


def test_tables_of_the_machinery_are_not_offered(client, owner):
    for app in ("taggit", "auth", "django_tasks_db"):
        assert client.get(f"/admin/{app}/").status_code == 404
