"""What is typed and not saved is kept, offered, and thins out by the clock."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from blog import revisions
from blog.models import Post, Revision
from tests.blog.writing import SITTING, address_of, another, autosave, form_data, opened, save, texts
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def test_what_is_typed_is_kept_and_offered(client, author):
    post = make_post(author, status="draft", title="Tides", body="<p>Saved.</p>")
    said = autosave(client, post, title="Tides", body="<p>Typed.</p>")
    assert said["kept"] is True
    assert said["words"].startswith("Kept at")
    post.refresh_from_db()
    assert post.body == "<p>Saved.</p>"
    html = client.get(address_of(post)).content.decode()
    assert "typed something that was not saved" in html
    assert "Saved.&lt;" in html
    typed = post.revisions.get()
    html = client.get(address_of(post), {"revision": typed.pk}).content.decode()
    assert "Typed.&lt;" in html


def test_a_new_post_is_kept_from_its_first_words(client, author):
    assert autosave(client, title="", body="<p></p>") == {"kept": False}
    said = autosave(client, title="", body="<p>It was a dark night</p>")
    post = Post.objects.get()
    assert said["address"] == address_of(post)
    assert (post.title, post.status, post.author) == ("It was a dark night", "draft", author)
    assert "It was a dark night&lt;" in client.get(address_of(post)).content.decode()  # taken up by itself
    autosave(client, post, title="Night", body="<p>It was a dark night.</p>")
    post.refresh_from_db()
    assert post.title == "Night"
    save(client, post, title="Night", body="<p>It was a dark night.</p>", sitting=SITTING)
    assert [one.why for one in post.revisions.order_by("pk")] == ["begun", "saved"]


def test_the_way_to_a_preview_leads_to_what_is_kept(client, author):
    said = autosave(client, title="Night", body="<p>It was a dark night</p>")
    post, typed = Post.objects.get(), Revision.objects.get(why="autosave")
    assert said["preview"] == f"/admin/preview/{post.pk}/frame/?revision={typed.pk}"
    page = client.get(f"/admin/preview/{post.pk}/?revision={typed.pk}").content.decode()
    assert "It was a dark night" in page and "not saved." in page
    assert f'href="{said["preview"]}"' in client.get(address_of(post)).content.decode()  # taken up by itself
    save(client, post, body="<p>It was a dark night</p>")
    assert f'href="/admin/preview/{post.pk}/frame/"' in client.get(address_of(post)).content.decode()


def saved_sitting(client, post) -> str:
    return re.search('data-saved="([0-9a-f]*)"', client.get(address_of(post)).content.decode())[1]


def test_the_form_says_which_sitting_arrived_last(client, author):
    post = make_post(author, status="draft")
    assert saved_sitting(client, post) == ""
    save(client, post, body="<p>One.</p>", sitting="1" * 16)
    assert saved_sitting(client, post) == "1" * 16
    save(client, post, body="<p>One.</p>", sitting="2" * 16)  # nothing changed, and it arrived
    assert saved_sitting(client, post) == "2" * 16
    autosave(client, post, "3" * 16, body="<p>Typed.</p>")
    assert saved_sitting(client, post) == "2" * 16
    save(client, post, "_publish", body="<p>One.</p>", sitting="4" * 16)
    save(client, post, "_keep", body="<p>Waits.</p>", sitting="5" * 16)
    assert saved_sitting(client, post) == "5" * 16


def test_an_answer_that_was_lost_makes_no_second_post(client, author):
    autosave(client, title="Night", body="<p>It was</p>")
    autosave(client, title="Night", body="<p>It was dark</p>")
    assert Post.objects.count() == 1
    assert texts(Post.objects.get()) == ["", "<p>It was dark</p>"]


def test_saving_makes_the_offer_go(client, author):
    post = make_post(author, status="draft", body="<p>Saved.</p>")
    autosave(client, post, body="<p>Typed.</p>")
    save(client, post, body="<p>Otherwise.</p>")
    assert "typed something that was not saved" not in client.get(address_of(post)).content.decode()
    assert "<p>Typed.</p>" in texts(post)


def test_words_of_another_sitting_go_on_from_where_it_began(client, author):
    """Taken up after somebody else has saved, they do not hide that save."""
    post = make_post(author, status="draft", body="<p>One.</p>")
    save(client, post, body="<p>Two.</p>")
    begun = opened(post)
    name = reverse("admin:blog_post_autosave", args=[post.pk])
    client.post(name, form_data(body="<p>Typed.</p>", sitting=SITTING) | begun)
    save(another("edda"), post, body="<p>Theirs.</p>")
    html = client.get(address_of(post), {"revision": post.revisions.get(why="autosave").pk}).content.decode()
    assert f'name="base_revision" value="{begun["base_revision"]}"' in html


def test_it_says_who_has_saved_meanwhile(client, author):
    post = make_post(author, status="draft")
    save(another("edda"), post, body="<p>Theirs.</p>")
    assert autosave(client, post, body="<p>Mine.</p>")["warning"].startswith("Edda saved this at")


def test_what_is_kept_is_cleaned_and_may_be_wrong(client, author):
    post = make_post(author, status="draft")
    autosave(client, post, title="", body='<p onclick="x()">a<script>b</script></p>', published_at="soon", cover="x")
    content = post.revisions.get().content
    assert content["body"].startswith("<p>a")
    assert (content["published_at"], content["cover"], content["title"]) == ("soon", None, "")
    assert client.get(address_of(post), {"revision": post.revisions.get().pk}).status_code == 200


def test_what_was_kept_between_thins_out_by_the_clock(client, author):
    post = make_post(author, status="draft")
    now = timezone.now()
    for minutes, sitting in ((0, SITTING), (5, SITTING), (11, SITTING), (23, SITTING), (24, "b" * 16)):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            autosave(client, post, sitting, body=f"<p>{minutes}</p>")
    assert texts(post) == ["<p>5</p>", "<p>11</p>", "<p>23</p>", "<p>24</p>"]
    assert revisions.thin(now + timedelta(days=6)) == 0
    assert revisions.thin(now + timedelta(days=400)) == 2
    assert texts(post) == ["<p>23</p>", "<p>24</p>"]


@pytest.mark.parametrize("role", ["Contributor", "Author"])
def test_nobody_keeps_words_on_anothers_post(client, author, role):
    post = make_post(make_user("cora", "Contributor"), status="draft")
    other = another("dora", role)
    address = reverse("admin:blog_post_autosave", args=[post.pk])
    assert other.post(address, form_data(body="<p>x</p>")).status_code == 404
    assert other.get(reverse("admin:blog_post_history", args=[post.pk])).status_code == 404
    assert other.post(reverse("admin:blog_post_discard", args=[post.pk])).status_code == 404
    assert not post.revisions.exists()


def test_without_a_role_or_a_session_nothing_is_kept(client):
    reader = another("rita", "")
    assert reader.post(reverse("admin:blog_post_autosave_new"), form_data()).status_code == 302
    assert another("mona", "Moderator").post(reverse("admin:blog_post_autosave_new"), form_data()).status_code == 403
    assert client.post(reverse("admin:blog_post_autosave_new"), form_data()).status_code == 403
    assert not Post.objects.exists()
