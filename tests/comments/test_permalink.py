import pytest

from comments import thread
from comments.models import CommentSettings
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def test_it_leads_to_the_comments_place(client):
    comment = make_comment(make_post())
    response = client.get(comment.get_absolute_url())
    assert response.status_code == 302
    assert response["Location"] == f"{comment.post.get_absolute_url()}#comment-{comment.pk}"


@pytest.mark.parametrize("status", ["pending", "rejected", "spam", "removed"])
def test_it_answers_404_unless_approved(client, status):
    assert client.get(make_comment(make_post(), status=status).get_absolute_url()).status_code == 404


def test_it_answers_404_when_the_post_is_not_public(client):
    comment = make_comment(make_post())
    comment.post.status = "draft"
    comment.post.save()
    assert client.get(comment.get_absolute_url()).status_code == 404


def test_it_answers_404_when_comments_are_hidden(client):
    comment = make_comment(make_post())
    CommentSettings(mode="hidden").save()
    assert client.get(comment.get_absolute_url()).status_code == 404


def test_it_leads_to_the_right_page_of_a_long_thread(client, monkeypatch):
    monkeypatch.setattr(thread.thread_of, "__defaults__", ("", 3))
    monkeypatch.setattr(thread.page_start, "__defaults__", (3,))
    post = make_post()
    comments = [make_comment(post, body=f"number {number}") for number in range(4)]
    comments += [make_comment(post, parent=comments[1]) for _ in range(2)]  # a thread across the end of a page
    comments += [make_comment(post, parent=comments[3]) for _ in range(7)]  # and one longer than a page
    for comment in comments:
        address = client.get(comment.get_absolute_url())["Location"]
        page, _, place = address.partition("#")
        assert f'id="{place}"' in client.get(page).content.decode()
