"""What was written before the session ended comes back to its writer."""

import pytest

from blog.models import Post
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
ADD = "/admin/blog/post/add/"
WORDS = {"title": "Tides", "body": "<p>The sea & the moon</p>", "excerpt": "1984", "comments_mode": "inherit"}


def test_the_words_are_kept_and_the_way_back_is_shown(client):
    response = client.post(ADD, WORDS)
    html = response.content.decode()
    assert response.status_code == 403
    assert "What you had written" in html
    for seen in ("Tides</textarea>", "&lt;p&gt;The sea &amp; the moon&lt;/p&gt;</textarea>", "1984</textarea>"):
        assert seen in html
    assert f'href="/admin/login/?next={ADD}"' in html
    assert "no-store" in response["Cache-Control"]


def test_nothing_is_changed(client):
    post = make_post(title="As it was")
    assert client.post(f"/admin/blog/post/{post.pk}/change/", WORDS).status_code == 403
    assert client.post(ADD, WORDS).status_code == 403
    assert list(Post.objects.values_list("title", flat=True)) == ["As it was"]


def test_a_session_that_ended_is_answered_like_none(client):
    client.force_login(make_user("owner", "Owner"))
    client.session.flush()
    response = client.post(ADD, WORDS)
    assert response.status_code == 403
    assert "Tides</textarea>" in response.content.decode()


def test_a_page_that_is_only_asked_for_leads_to_the_sign_in_page(client):
    assert client.get(ADD).headers["Location"] == f"/admin/login/?next={ADD}"


def test_who_is_signed_in_but_may_not_enter_is_asked_to_sign_in(client):
    client.force_login(make_user("reader"))
    assert client.post(ADD, WORDS).headers["Location"] == f"/admin/login/?next={ADD}"


def test_signing_in_and_out_are_not_held_up(client):
    make_user("owner", "Owner")
    assert client.post("/admin/logout/").headers["Location"] == "/admin/"
    sent = {"username": "owner", "password": "correct horse", "next": "/admin/"}
    assert client.post("/admin/login/", sent).headers["Location"] == "/admin/"
