"""Roles that need a second step: set by the owner, and nothing else at the desk until there is one."""

import pytest

from blog.models import Post, SiteSettings, Version
from config.signin import required
from tests.config.signin.people import PASSWORD, with_second_step
from tests.config.signin.test_second_step import PAGE, set_up
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/sign-in/"
ROLES = ["Contributor", "Author", "Editor", "Moderator", "Owner"]


@pytest.fixture
def olive(client):
    user = make_user("olive", "Owner")
    client.force_login(user)
    return user


def need(*roles: str) -> None:
    SiteSettings(second_step_for=",".join(roles)).save()


def test_the_owner_chooses_roles(client, olive):
    SiteSettings(title="Tidewater").save()
    assert f'href="{SETTINGS}"' in client.get("/admin/blog/sitesettings/1/change/").content.decode()
    response = client.post(SETTINGS, {"roles": ["Editor", "Moderator"]})
    assert (response.status_code, response.url) == (302, SETTINGS)
    site = SiteSettings.load()
    assert (site.second_step_for, site.title) == ("Editor,Moderator", "Tidewater")
    page = client.get(SETTINGS).content.decode()
    assert page.count(" checked") == 2
    client.post(SETTINGS, {})
    assert SiteSettings.load().second_step_for == ""


def test_it_works_before_anything_was_saved(client, olive):
    assert not SiteSettings.objects.exists()
    client.post(SETTINGS, {"roles": ["Author"]})
    assert SiteSettings.load().second_step_for == "Author"


def test_pages_of_readers_stay_as_they_are(client, olive):
    SiteSettings().save()
    before = set(Version.objects.values_list("key", "number"))
    client.post(SETTINGS, {"roles": ["Author"]})
    assert set(Version.objects.values_list("key", "number")) == before


def test_an_owner_without_one_cannot_ask_it_of_owners(client, olive):
    response = client.post(SETTINGS, {"roles": ["Editor", "Owner"]})
    assert response.status_code == 422
    assert "set up your own second step first" in response.content.decode()
    assert SiteSettings.load().second_step_for == ""
    with_second_step(olive)
    assert client.post(SETTINGS, {"roles": ["Editor", "Owner"]}).status_code == 302


def test_there_is_no_such_role(client, olive):
    assert client.post(SETTINGS, {"roles": ["King"]}).status_code == 422
    assert SiteSettings.load().second_step_for == ""


@pytest.mark.parametrize("role", ["Contributor", "Author", "Editor", "Moderator"])
def test_the_settings_are_the_owners(client, role):
    client.force_login(make_user("somebody", role))
    assert client.get(SETTINGS).status_code == 403
    assert client.post(SETTINGS, {"roles": []}).status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_who_has_none_sets_it_up_and_does_nothing_else(client, role):
    need(*required.NAMES)
    client.force_login(make_user("somebody", role))
    post = make_post(title="Tides", status="draft")
    for path in (
        f"/admin/preview/{post.pk}/",
        "/admin/nothing/",
        "/admin/",
        "/admin/account/",
        "/admin/blog/post/",
        "/admin/password_change/",
        f"{PAGE}off/",
    ):
        assert client.get(path).url == PAGE, path
    page = client.get(PAGE)
    assert page.status_code == 200 and "Your role needs a second step. Set it up here" in page.content.decode()
    assert set_up(client).status_code == 200
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_the_others_are_left_alone(client, role):
    need(*set(required.NAMES) - {role})
    client.force_login(make_user("somebody", role))
    assert client.get("/admin/").status_code == 200


def test_one_of_several_roles_is_enough(client):
    need("Moderator")
    user = make_user("somebody", "Author")
    user.groups.add(make_user("mona", "Moderator").groups.get())
    client.force_login(user)
    assert client.get("/admin/").url == PAGE


def test_it_holds_for_who_is_signed_in_already(client):
    client.force_login(make_user("arno", "Author"))
    assert client.get("/admin/").status_code == 200
    need("Author")
    assert client.get("/admin/").url == PAGE


def test_words_that_were_being_written_come_back(client):
    need("Author")
    client.force_login(make_user("arno", "Author"))
    response = client.post("/admin/blog/post/add/", {"title": "Tides", "body": "<p>x</p>", "comments_mode": "inherit"})
    page = response.content.decode()
    assert response.status_code == 403 and "Tides</textarea>" in page
    assert f'href="{PAGE}"' in page and not Post.objects.exists()


def test_it_cannot_be_turned_off(client):
    need("Author")
    arno = make_user("arno", "Author")
    codes = with_second_step(arno)
    client.force_login(arno)
    assert f'action="{PAGE}off/"' not in client.get(PAGE).content.decode()
    response = client.post(f"{PAGE}off/", {"code": codes[0], "password": PASSWORD})
    assert response.status_code == 422 and "so it stays on" in response.content.decode()
    assert client.get("/admin/").status_code == 200


def test_one_may_sign_out(client):
    need("Author")
    client.force_login(make_user("arno", "Author"))
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


def test_a_site_that_needs_none_asks_the_database_nothing(client, django_assert_num_queries):
    client.force_login(make_user("arno", "Author"))
    with django_assert_num_queries(3):  # settings, session, user
        client.get("/admin/jsi18n/")
    need("Editor")
    client.get("/admin/account/")
    with django_assert_num_queries(3):
        client.get("/admin/jsi18n/")


def test_a_server_that_says_the_site_begins_elsewhere_opens_nothing(client, olive):
    need("Owner")
    assert client.get("/admin/blog/user/", SCRIPT_NAME="/x").status_code == 302
