import pytest

from comments.models import CommentSettings
from tests.factories import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db


def test_it_lists_approved_comments(client):
    post = make_post(title="Tides")
    make_comment(post, body="shown", author_name="Mudlark")
    make_comment(post, body="waiting", status="pending")
    make_comment(make_post(title="Draft", status="draft"), body="unseen")
    feed = client.get("/comments/feed.atom").content.decode()
    assert "shown" in feed and "Mudlark on Tides" in feed and "waiting" not in feed and "unseen" not in feed
    assert "reader@example.org" not in feed


def test_a_posts_own_feed_has_its_comments_alone(client):
    post, other = make_post(title="Tides"), make_post(title="Other")
    make_comment(post, body="here")
    make_comment(other, body="there")
    feed = client.get(f"{post.get_absolute_url()}feed.atom").content.decode()
    assert "here" in feed and "there" not in feed


def test_a_page_has_one_too(client):
    page = make_page(title="About", comments_mode="open")
    make_comment(page, body="on a page")
    assert "on a page" in client.get("/p/about/feed.atom").content.decode()


def test_hidden_comments_are_not_in_it(client):
    post = make_post(comments_mode="hidden")
    make_comment(post, body="unseen")
    assert "unseen" not in client.get("/comments/feed.atom").content.decode()
    assert client.get(f"{post.get_absolute_url()}feed.atom").status_code == 404
    CommentSettings(mode="hidden").save()
    make_comment(make_post(title="Two"), body="unseen too")
    assert "unseen" not in client.get("/comments/feed.atom").content.decode()


def test_a_page_that_shows_none_any_more_is_not_in_it(client):
    page = make_page(title="About", comments_mode="open")
    comment = make_comment(page, body="on a page")
    page.comments_mode = "inherit"
    page.save()
    assert "on a page" not in client.get("/comments/feed.atom").content.decode()
    assert "on a page" not in client.get("/").content.decode()
    assert client.get("/p/about/feed.atom").status_code == client.get(comment.get_absolute_url()).status_code == 404


def test_an_unknown_post_answers_404(client):
    assert client.get("/2026/01/none/feed.atom").status_code == 404
