"""Where old addresses lead, and what an editor says of it."""

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from django.urls import reverse

from blog.models import Label, OldPath, Post
from config.bin import _delete as delete_for_good
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/blog/oldpath/add/"


@pytest.fixture
def editor(client):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


def add(client, path: str, leads_to: str) -> str:
    return client.post(ADD, {"path": path, "leads_to": leads_to}, follow=True).content.decode()


def leads(client, path: str) -> tuple[int, str | None]:
    response = client.get(path)
    return response.status_code, response.get("Location")


# What is pasted is kept as what it is of.


def test_it_follows_a_post_a_page_and_a_label_wherever_they_move(client, editor):
    post, page = make_post(title="Tides", labels=("Sea",)), make_page(title="About")
    label = Label.objects.get()
    add(client, "/a/", f"http://testserver{post.get_absolute_url()}#comments")
    add(client, "/b/", page.get_absolute_url())
    add(client, "/c/", label.get_absolute_url().rstrip("/"))
    assert {(old.path, old.post_id, old.label_id) for old in OldPath.objects.all()} == {
        ("/a/", post.pk, None),
        ("/b/", page.pk, None),
        ("/c/", None, label.pk),
    }
    post.slug = "ebb"
    post.save()
    assert leads(client, "/a/") == (301, post.get_absolute_url())
    assert leads(client, "/c/") == (301, "/label/sea/")
    assert leads(client, "/c/feed.atom") == (301, "/label/sea/feed.atom")
    assert leads(client, "/c/feed.rss") == (301, "/label/sea/feed.rss")
    assert leads(client, "/a/feed.atom") == (404, None)


@pytest.mark.parametrize("address", ["https://example.org/tides?a=b", "/archive/", "/elsewhere.pdf"])
def test_it_may_be_any_other_address(client, editor, address):
    add(client, "/old/", address)
    assert leads(client, "/old/") == (301, address)
    html = client.get("/admin/blog/oldpath/").content.decode()
    assert f'href="{address}"' in html


def test_nothing_says_gone(client, editor):
    add(client, "/old/", "")
    assert leads(client, "/old/") == (410, None)
    assert "Gone for good" in client.get("/admin/blog/oldpath/").content.decode()


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "ftp://example.org/", "//example.org/", "/\\example.org", "tides", "https://", "http://[/"],
)
def test_what_is_no_address_is_refused(client, editor, address):
    html = add(client, "/old/", address)
    assert "This is no address" in html or "Begin with a slash" in html
    assert not OldPath.objects.exists()


def test_a_mistyped_post_is_refused(client, editor):
    assert "There is nothing at this address." in add(client, "/old/", "/2026/03/tidse/")


def test_it_does_not_lead_to_itself_or_in_a_circle(client, editor):
    post = make_post(title="Tides")
    assert "It would lead to itself." in add(client, "/old/", "/old/")
    assert "It would lead to itself." in add(client, unquote(post.get_absolute_url()), post.get_absolute_url())
    add(client, "/a/", "/b/")
    assert "It would lead to itself." in add(client, "/b/", "/a/")
    assert OldPath.objects.count() == 1


def test_an_old_address_that_is_pasted_is_followed(client, editor):
    post = make_post(title="Tides")
    add(client, "/a/", post.get_absolute_url())
    add(client, "/b/", "/a/")
    assert OldPath.objects.get(path="/b/").post == post


def test_a_change_shows_where_it_leads_and_may_say_gone(client, editor):
    post = make_post(title="Tides")
    old = OldPath.objects.create(path="/old/", post=post)
    address = f"/admin/blog/oldpath/{old.pk}/change/"
    assert f'value="{post.get_absolute_url()}"' in client.get(address).content.decode()
    client.post(address, {"path": "/old/", "leads_to": ""})
    assert leads(client, "/old/") == (410, None)


def test_a_label_that_readers_cannot_see_is_not_found(client):
    OldPath.objects.create(path="/old/", label=Label.objects.create(name="Sea"))
    assert leads(client, "/old/") == (404, None)


# What becomes of readers when a post goes to the bin.

MARCH = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


@pytest.fixture
def post(author):
    post = make_post(author, title="Ebb", published_at=MARCH)
    post.slug = "tides"  # it was at /2026/03/ebb/
    post.save()
    return post


def bin_it(client, post: Post, **said) -> str:
    address = reverse(f"admin:blog_{post.kind}_delete", args=[post.pk])
    return client.post(address, {"post": "yes"} | said, follow=True).content.decode()


@pytest.mark.parametrize("said", [{}, {"readers": "nothing"}])
def test_its_readers_find_nothing_for_now(client, author, post, said):
    bin_it(client, post, **said)
    assert [leads(client, path) for path in ("/2026/03/tides/", "/2026/03/ebb/")] == [(404, None)] * 2


def test_its_readers_are_sent_to_another(client, author, post):
    other = make_post(title="Tide tables")
    page = client.get(reverse("admin:blog_post_delete", args=[post.pk])).content.decode()
    assert "Readers who come to its address" in page and "/suggest/posts/" in page
    bin_it(client, post, readers="sent", sent_to=other.pk)
    there = (301, other.get_absolute_url())
    assert [leads(client, path) for path in ("/2026/03/tides/", "/2026/03/ebb/")] == [there] * 2
    delete_for_good([post.pk])
    assert [leads(client, path) for path in ("/2026/03/tides/", "/2026/03/ebb/")] == [there] * 2


def test_who_chose_a_post_need_not_say_so_twice(client, author, post):
    other = make_post(title="Tide tables")
    bin_it(client, post, readers="nothing", sent_to=other.pk)
    assert leads(client, "/2026/03/tides/") == (301, other.get_absolute_url())


def test_its_readers_are_told_that_it_is_gone(client, author, post):
    bin_it(client, post, readers="gone")
    assert [leads(client, path) for path in ("/2026/03/tides/", "/2026/03/ebb/")] == [(410, None)] * 2
    delete_for_good([post.pk])
    assert [leads(client, path) for path in ("/2026/03/tides/", "/2026/03/ebb/")] == [(410, None)] * 2


@pytest.mark.parametrize("readers", ["sent", "gone", "nothing"])
def test_of_many_it_is_asked_once_for_all(client, author, readers):
    kept = make_post(title="Tide tables")
    known = [make_post(author, title=f"No. {number}", published_at=MARCH) for number in range(2)]
    draft, theirs = make_post(author, status="draft"), make_post(make_user("other"), published_at=MARCH, title="Theirs")
    chosen = {"action": "bin_selected", "_selected_action": [post.pk for post in (*known, draft, theirs)]}
    asked = client.post("/admin/blog/post/", chosen | {"apply": "1", "readers": "sent", "sent_to": known[1].pk})
    assert "errorlist" in asked.content.decode()  # to one that goes too
    sent_to = {"sent_to": kept.pk} if readers == "sent" else {}
    client.post("/admin/blog/post/", chosen | {"apply": "1", "readers": readers} | sent_to)
    there = {"sent": (301, kept.get_absolute_url()), "gone": (410, None), "nothing": (404, None)}[readers]
    assert [leads(client, post.get_absolute_url()) for post in known] == [there] * 2
    assert leads(client, theirs.get_absolute_url())[0] == 200
    assert OldPath.objects.count() == (0 if readers == "nothing" else 2)


def test_out_of_the_bin_it_has_its_address_back(client, author, post):
    bin_it(client, post, readers="sent", sent_to=make_post().pk)
    client.post(reverse("admin:blog_post_restore", args=[post.pk]))
    assert leads(client, "/2026/03/tides/") == (404, None)
    post.refresh_from_db()
    post.status = "published"
    post.save()
    assert leads(client, "/2026/03/tides/")[0] == 200
    assert leads(client, "/2026/03/ebb/") == (301, "/2026/03/tides/")


def test_where_to_has_to_be_said(client, author, post):
    theirs = make_post(make_user("other"), status="draft")
    for said in ({"readers": "sent"}, {"readers": "sent", "sent_to": theirs.pk}, {"readers": "odd"}):
        html = bin_it(client, post, **said)
        assert "errorlist" in html and "Move to the bin?" in html
    post.refresh_from_db()
    assert post.status == "published"


def test_of_what_was_never_public_nothing_is_asked(client, author):
    draft = make_post(author, status="draft")
    page = client.get(reverse("admin:blog_post_delete", args=[draft.pk])).content.decode()
    assert "Readers who come" not in page
    bin_it(client, draft, readers="gone")
    assert not OldPath.objects.exists()
