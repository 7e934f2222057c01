"""The menu that the owner makes, and the one that stands there while there is none."""

from datetime import timedelta

import lxml.html
import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from blog.models import MenuItem
from tests.blog.settings_form import ADDRESS, refused, save, settings_form
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    user = make_user("olive", "Owner")
    client.force_login(user)
    return user


def _menu(client) -> list[tuple[str, str]]:
    """The lines between Archive and Search."""
    return [(link.text_content(), link.get("href")) for link in _links(client.get("/"))[1:-1]]


def _links(response) -> list:
    return lxml.html.fromstring(response.content.decode()).xpath("//header//nav//a")


def _rows() -> list[dict]:
    """The lines that there are, as the form sends them back."""
    return [
        {"id": line.pk, "position": line.position, "words": line.words, "page": line.page_id, "address": line.address}
        for line in MenuItem.objects.all()
    ]


def _sent(rows: list[dict]) -> list[dict]:
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]


def test_lines_are_typed_and_stand_in_their_order(client, owner):
    about = make_page(title="About")
    make_page(title="Imprint")
    save(client, {"words": "Code", "address": "https://example.org/code"}, {"page": str(about.pk), "position": "5"})
    assert _menu(client) == [("About", "/p/about/"), ("Code", "https://example.org/code")]


def test_while_there_is_none_the_pages_stand_there(client):
    for number in range(9):
        make_page(title=f"Page {number}")
    assert [words for words, _address in _menu(client)] == [f"Page {number}" for number in range(8)]


def test_lines_are_put_in_order_renamed_and_deleted(client, owner):
    save(client, *({"words": words, "address": f"/{words}/"} for words in ("a", "b", "c")))
    first, second, third = _sent(_rows())
    assert [row["position"] for row in (first, second, third)] == ["10", "20", "30"]
    save(client, first | {"position": "25"}, second | {"DELETE": "on"}, third | {"words": "sea"}, {"position": ""})
    assert _menu(client) == [("a", "/a/"), ("sea", "/c/")]


def test_a_line_to_a_page_that_readers_may_not_see_is_left_out(client, owner):
    later = timezone.now() + timedelta(days=1)
    over = make_page(title="Over", published_at=timezone.now() - timedelta(days=2))
    over.expires_at = timezone.now() - timedelta(days=1)
    over.save()
    pages = [make_page(title="Draft", status="draft"), make_page(title="Later", published_at=later), over]
    for page in pages:
        MenuItem.objects.create(page=page)
    assert _menu(client) == []
    MenuItem.objects.create(words="Elsewhere", address="/archive/")
    assert _menu(client) == [("Elsewhere", "/archive/")]
    assert "Draft" in client.get(ADDRESS).content.decode()  # it may come back
    pages[0].status = "published"
    pages[0].save()
    assert _menu(client)[0] == ("Draft", "/p/draft/")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "//evil.example/", "/\\evil.example", "/\t/evil.example", "mailto:a@example.org", "about"]
    + ["https://", "https:///x", "http://[", "data:text/html,x", "ftp://example.org"],
)
def test_an_address_that_is_none_is_refused(client, owner, address):
    assert "Begin with a slash" in refused(client, {"words": "Bad", "address": address})
    assert not MenuItem.objects.exists()


def test_a_line_leads_to_one_place(client, owner):
    page = make_page()
    both = {"words": "x", "page": str(page.pk), "address": "/x/"}
    assert "one of the two" in refused(client, both)
    assert "one of the two" in refused(client, {"words": "x"})
    assert "Say what the menu calls it." in refused(client, {"address": "/x/"})


def test_a_post_is_no_page_and_a_draft_is_not_offered(client, owner):
    post, draft = make_post(), make_page(title="Secret", status="draft")
    assert "Select a valid choice" in refused(client, {"page": str(post.pk)})
    assert "Select a valid choice" in refused(client, {"page": str(draft.pk)})
    assert "Secret" not in client.get(ADDRESS).content.decode()


def test_twelve_lines_are_the_most(client, owner):
    lines = [{"words": f"Line {number}", "address": f"/{number}/"} for number in range(13)]
    assert "at most 12" in refused(client, *lines)
    save(client, *lines[:12])
    assert MenuItem.objects.count() == 12


def test_a_wrong_line_saves_nothing_of_the_form(client, owner):
    refused(client, {"words": "Bad", "address": "about"}, title="Other")
    assert "Other" not in client.get("/").content.decode()


@pytest.mark.parametrize(("right", "status", "lines"), [("change", 302, 1), ("view", 403, 0)])
def test_the_menu_belongs_to_the_settings(client, right, status, lines):
    user = make_user("ed", "Editor")
    user.user_permissions.add(Permission.objects.get(codename=f"{right}_sitesettings"))
    client.force_login(user)
    assert ("menu-0-words" in client.get(ADDRESS).content.decode()) is (right == "change")
    assert client.post(ADDRESS, settings_form({"words": "x", "address": "/x/"})).status_code == status
    assert MenuItem.objects.count() == lines


def test_the_menu_is_one_query_however_many_lines(client, owner, django_assert_num_queries):
    client.logout()
    for number in range(12):
        MenuItem.objects.create(page=make_page(title=f"Page {number}"))
    with django_assert_num_queries(2):  # site settings, menu
        assert len(_links(client.get("/sign-in/"))) == 14


def test_the_form_costs_the_same_with_more_lines(client, owner, django_assert_max_num_queries):
    for number in range(12):
        MenuItem.objects.create(page=make_page(title=f"Page {number}"))
    with django_assert_max_num_queries(8):
        assert client.get(ADDRESS).status_code == 200


def test_a_line_goes_with_its_page(client):
    page = make_page(title="About")
    MenuItem.objects.create(page=page)
    MenuItem.objects.create(words="Archive", address="/archive/")
    page.delete()
    assert _menu(client) == [("Archive", "/archive/")]


def test_a_line_that_somebody_else_deleted_says_so_and_lets_one_go_on(client, owner):
    save(client, {"words": "a", "address": "/a/"}, {"words": "b", "address": "/b/"})
    first, second = _sent(_rows())
    MenuItem.objects.filter(words="a").delete()
    html = refused(client, first, second | {"words": "sea"})
    assert "Somebody has deleted this line meanwhile." in html and 'name="menu-0-DELETE"' in html
    assert 'value="sea"' in html
    save(client, first | {"DELETE": "on"}, second | {"words": "sea"})
    assert [line.words for line in MenuItem.objects.all()] == ["sea"]


def test_after_the_last_position_there_is_none(client, owner):
    save(client, {"words": "a", "address": "/a/", "position": "9999"}, {"words": "b", "address": "/b/"})
    save(client, *_sent(_rows()))
    assert _menu(client) == [("a", "/a/"), ("b", "/b/")]


def test_a_page_that_stands_in_the_menu_is_offered_however_many_there_are(client, owner, monkeypatch):
    monkeypatch.setattr("blog.admin.menu.OFFERED", 1)
    make_page(title="About")
    MenuItem.objects.create(page=make_page(title="Zebra"))
    html = lxml.html.fromstring(client.get(ADDRESS).content.decode())
    chosen = html.xpath("//select[@name='menu-0-page']/option[@selected]")
    assert [option.text for option in chosen] == ["Zebra"]
    save(client, *_sent(_rows()))
    assert _menu(client) == [("Zebra", "/p/zebra/")]
