import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment, CommentSettings
from tests.comments.test_thread_page import make_many
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


def assert_leads_to_its_place(client, comment) -> None:
    page, _, place = client.get(comment.get_absolute_url())["Location"].partition("#")
    assert re.search(f'<article class="comment [^"]*" id="{place}">', client.get(page).content.decode())


def test_it_leads_to_the_right_page_of_many_threads(client):
    CommentSettings(threads_per_page=5).save()
    post = make_post()
    made = make_many(post, 30, lambda n: n - 1 if n % 4 == 1 else None)
    Comment.objects.filter(pk__in=[made[3].pk, made[8].pk]).update(status="removed")
    Comment.objects.filter(pk=made[12].pk).update(status="spam")
    for comment in Comment.objects.filter(status="approved"):
        assert_leads_to_its_place(client, comment)


def test_it_leads_to_the_right_page_of_a_long_thread(client):
    CommentSettings(threads_per_page=5).save()
    post = make_post()
    make_comment(post)
    made = make_many(post, 182, lambda n: n // 3 if 0 < n < 180 else None)
    for comment in [*made[::9], made[-1], *post.comments.all()[:1]]:
        assert_leads_to_its_place(client, comment)


def test_a_place_on_the_first_page_needs_no_cursor(client):
    post = make_post()
    made = make_many(post, 30)
    assert "?" not in client.get(made[19].get_absolute_url())["Location"]
    assert f"?thread={made[20].path}#" in client.get(made[20].get_absolute_url())["Location"]


@pytest.mark.parametrize("parent_of", [lambda n: None, lambda n: 0 if n else None], ids=["threads", "one thread"])
def test_it_costs_the_same_in_a_thread_of_ten_thousand(client, parent_of):
    def queries(comment) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(comment.get_absolute_url()).status_code == 302
        return len(asked)

    made = make_many(make_post(), 10_000, parent_of)
    assert [queries(made[place]) for place in (0, 300, 5000, 9999)] == [4, 5, 5, 5]
