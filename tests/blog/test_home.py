from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Post, SiteSettings
from tests.factories import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    return [post.title for post in response.context["listed"].posts]


def make_posts(count: int) -> None:
    now = timezone.now()
    for number in range(count):
        make_post(title=f"Post {number}", published_at=now - timedelta(hours=number + 1))


def test_it_shows_the_newest_posts_first(client):
    make_posts(3)
    response = client.get("/")
    assert titles(response) == ["Post 0", "Post 1", "Post 2"]
    assert "Set-Cookie" not in response.headers


def test_an_empty_site_says_so(client):
    assert "Nothing is published yet" in client.get("/").content.decode()


@pytest.mark.parametrize("status", ["draft", "in_review", "binned"])
def test_it_hides_what_is_not_published(client, status):
    make_post(title="Secret", status=status, published_at=timezone.now())
    assert "Secret" not in client.get("/").content.decode()


def test_a_scheduled_post_shows_when_its_time_comes(client, time_machine):
    make_post(title="Later", published_at=timezone.now() + timedelta(hours=1))
    assert titles(client.get("/")) == []
    time_machine.move_to(timezone.now() + timedelta(hours=1, seconds=1))
    assert titles(client.get("/")) == ["Later"]


def test_pinned_posts_stand_first_and_on_the_first_page_alone(client):
    make_posts(12)
    Post.objects.filter(title="Post 11").update(pinned=True)
    first = client.get("/")
    assert titles(first) == ["Post 11"] + [f"Post {number}" for number in range(10)]
    assert titles(client.get("/", {"before": str(first.context["listed"].older)})) == ["Post 10"]


def test_paging_shows_every_post_once_even_when_dates_are_equal(client):
    moment = timezone.now() - timedelta(days=1)
    for number in range(25):
        make_post(title=f"Post {number}", published_at=moment)
    seen, query = [], {}
    while True:
        response = client.get("/", query)
        seen += titles(response)
        older = response.context["listed"].older
        if not older:
            break
        query = {"before": str(older)}
    assert sorted(seen) == sorted(f"Post {number}" for number in range(25))


@pytest.mark.parametrize("cursor", ["x", "1", "-", "99999999999999999999999999-1", "1-x", "²-1"])
def test_it_answers_404_to_a_cursor_that_is_none(client, cursor):
    assert client.get("/", {"before": cursor}).status_code == 404


def test_it_shows_counts_labels_archive_pages_and_latest_comments(client):
    post = make_post(title="Tides", labels=("sea",))
    make_comment(post, author_name="Mudlark")
    make_comment(post, author_name="Nobody", status="pending")
    make_page(title="About us")
    html = client.get("/").content.decode()
    assert "1 comment<" in html and "sea</bdi> 1" in html and "About us" in html
    assert "Mudlark" in html and "Nobody" not in html


def test_settings_change_title_size_and_language(client):
    SiteSettings(title="Shore", posts_per_page=2, language="fa", time_zone="Asia/Tehran").save()
    make_posts(3)
    response = client.get("/")
    html = response.content.decode()
    assert len(titles(response)) == 2 and "Shore" in html and 'lang="fa" dir="rtl"' in html


def test_it_refuses_post(client):
    assert client.post("/").status_code == 405
