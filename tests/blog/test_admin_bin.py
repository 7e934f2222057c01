"""Deleting moves to the bin, and the bin gives back."""

import pytest
from django.urls import reverse

from blog.models import Post
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/post/"


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def test_it_works(client, author):
    post = make_post(author, title="Gone soon")
    make_comment(post)
    address = reverse("admin:blog_post_delete", args=[post.pk])
    assert "you can take it out of the bin again" in client.get(address).content.decode()
    html = client.post(address, {"post": "yes"}, follow=True).content.decode()
    post.refresh_from_db()
    assert (post.status, post.comments.count()) == ("binned", 1)
    assert "“Gone soon” is in the bin." in html


def test_the_list_shows_it_only_where_one_asks(client, author):
    make_post(author, title="Binned one", status="binned")
    assert "Binned one" not in client.get(LIST).content.decode()
    assert "Binned one" in client.get(LIST, {"standing": "binned"}).content.decode()


def test_several_move_at_once(client, author):
    posts = [make_post(author, title=f"No. {n}") for n in range(2)]
    other = make_post(make_user("other"))
    chosen = {"action": "bin_selected", "_selected_action": [post.pk for post in [*posts, other]]}
    asked = client.post(LIST, chosen).content.decode()
    assert "2 posts:" in asked and "2 of them have been on the site." in asked
    assert set(Post.objects.values_list("status", flat=True)) == {"published"}
    html = client.post(LIST, chosen | {"apply": "1", "readers": "nothing"}, follow=True).content.decode()
    assert "2 are in the bin now." in html
    assert set(Post.objects.values_list("title", "status")) == {
        ("No. 0", "binned"),
        ("No. 1", "binned"),
        (other.title, "published"),
    }


def test_of_drafts_nothing_is_asked(client, author):
    drafts = [make_post(author, status="draft") for _draft in range(2)]
    chosen = {"action": "bin_selected", "_selected_action": [post.pk for post in drafts]}
    assert "2 are in the bin now." in client.post(LIST, chosen, follow=True).content.decode()


@pytest.mark.parametrize("action", ["bin_selected", "restore_selected"])
def test_very_many_at_once_are_refused(client, author, monkeypatch, action):
    monkeypatch.setattr("blog.admin.bin.AT_ONCE", 1)
    was = "binned" if action == "restore_selected" else "draft"
    chosen = {"action": action, "_selected_action": [make_post(author, status=was).pk for _post in range(2)]}
    html = client.post(f"{LIST}?standing={was}", chosen, follow=True).content.decode()
    assert "Choose at most 1 at a time." in html
    assert set(Post.objects.values_list("status", flat=True)) == {was}


def test_the_bin_gives_back_drafts(client, author):
    post = make_post(author, status="binned")
    chosen = {"action": "restore_selected", "_selected_action": [post.pk]}
    client.post(f"{LIST}?standing=binned", chosen)
    post.refresh_from_db()
    assert post.status == "draft"


def test_its_own_page_gives_it_back(client, author):
    post = make_post(author, status="binned", body="<p>Still here</p>")
    page = client.get(reverse("admin:blog_post_change", args=[post.pk])).content.decode()
    assert "Take out of the bin" in page
    assert "Still here" in page
    client.post(reverse("admin:blog_post_restore", args=[post.pk]))
    post.refresh_from_db()
    assert post.status == "draft"


def test_a_get_gives_nothing_back(client, author):
    post = make_post(author, status="binned")
    client.get(reverse("admin:blog_post_restore", args=[post.pk]))
    post.refresh_from_db()
    assert post.status == "binned"


def test_what_is_in_the_bin_is_not_changed(client, author):
    post = make_post(author, status="binned", title="Binned")
    payload = {"title": "Changed", "body": "", "comments_mode": "inherit", "_publish": "1"}
    assert client.post(reverse("admin:blog_post_change", args=[post.pk]), payload).status_code == 302
    post.refresh_from_db()
    assert (post.title, post.status) == ("Binned", "binned")
    assert post.revisions.get().content["title"] == "Changed"  # what was typed is not lost


def test_nothing_is_deleted_for_good(client):
    client.force_login(make_user("olive", "Owner"))
    post = make_post()
    client.post(LIST, {"action": "delete_selected", "_selected_action": [post.pk], "post": "yes"})
    client.post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"})
    assert Post.objects.get().status == "binned"


def test_the_history_says_who_moved_it(client, author):
    post = make_post(author)
    client.post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"})
    assert "Moved to the bin." in client.get(reverse("admin:blog_post_history", args=[post.pk])).content.decode()
