"""What the form of a post shows of how others will show it, and the excerpt that it takes from the text."""

import re

import pytest

from blog.models import Post
from tests.blog.writing import ADD, address_of
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
EXCERPT = "/admin/blog/post/suggest/excerpt/"


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def panel(client, address: str) -> dict[str, str]:
    html = client.get(address).content.decode()
    return dict(re.findall(r'data-([\w-]+)="([^"]*)"', html.partition("data-seen")[2].partition(">")[0]))


# The panel.


def test_it_knows_the_site_and_the_address(client, author):
    post = make_post(author, title="Tides", published_at=None, status="draft")
    said = panel(client, ADD)
    assert (said["site"], said["host"], said["head"], said["kind"]) == ("Marginalia", "testserver", "", "post")
    assert panel(client, address_of(post))["head"] == ""
    post.status = "published"
    post.save()
    assert panel(client, address_of(post))["head"] == f"/{post.year}/{post.month:02d}/"


def test_a_page_has_one_too(client):
    client.force_login(make_user("edda", "Editor"))
    assert panel(client, address_of(make_page(title="About")))["head"] == "/p/"


def test_who_may_only_read_has_none(client):
    cora = make_user("cora", "Contributor")
    client.force_login(cora)
    html = client.get(address_of(make_post(cora))).content.decode()
    assert "data-seen" not in html and "data-excerpt" not in html


# The excerpt.


def test_it_is_what_the_summary_would_be(client, author):
    body = "<h2>Ebb</h2><p>" + "Low water came at noon and the gauge was dry. " * 9 + "</p>"
    suggested = client.post(EXCERPT, {"body": body}).json()["excerpt"]
    assert suggested.startswith("Low water came at noon")
    assert suggested == make_post(body=body).summary


def test_nothing_is_saved_and_nothing_dangerous_comes_back(client, author):
    answer = client.post(EXCERPT, {"body": "<p>Words<script>alert(1)</script> <b>more</b></p>"})
    assert answer.json() == {"excerpt": "Words more"}
    assert client.post(EXCERPT, {"body": ""}).json() == client.post(EXCERPT).json() == {"excerpt": ""}
    assert not Post.objects.exists()


def test_it_is_for_writers_and_by_post_alone(client):
    assert client.get(EXCERPT).status_code == 302
    client.force_login(make_user("mona", "Moderator"))
    assert client.post(EXCERPT, {"body": "<p>x</p>"}).status_code == 403
    client.force_login(make_user("cora", "Contributor"))
    assert client.get(EXCERPT).status_code == 405
