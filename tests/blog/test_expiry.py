"""A post that is taken offline at a moment: nobody sees it from then on, and the clock makes it a draft."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from blog.archive import labels, months
from blog.models import Post
from config import tick
from tests.blog.writing import ADD, address_of, form_data, opened
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client):
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def ends(**fields) -> Post:
    fields.setdefault("title", "Sale")
    return make_post(expires_at=timezone.now() + timedelta(hours=1), labels=("sea",), **fields)


def test_readers_find_it_until_its_time_is_over(client):
    post, page = ends(), make_page(title="Fair", expires_at=timezone.now() + timedelta(hours=1))
    stays = make_post(title="Stays", labels=("sea",))
    addresses = ["/", "/feed.atom", "/label/sea/", f"/author/{post.author.slug}/", f"/{post.year}/", "/search/?q=sale"]
    for address in addresses:
        assert "Sale" in client.get(address).content.decode(), address
    assert client.get(post.get_absolute_url()).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        for address in addresses:
            assert ">Sale<" not in client.get(address).content.decode(), address
        assert client.get(post.get_absolute_url()).status_code == 404
        assert client.get(page.get_absolute_url()).status_code == 404
        assert client.get(stays.get_absolute_url()).status_code == 200


def test_counts_follow_before_the_clock_does():
    ends()
    make_post(title="Stays", labels=("sea",))
    assert ([label.posts for label in labels(10)], months()[0]["posts"]) == ([2], 2)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert ([label.posts for label in labels(10)], months()[0]["posts"]) == ([1], 1)
        tick.take_expired_offline(timezone.now())
        assert ([label.posts for label in labels(10)], months()[0]["posts"]) == ([1], 1)


def test_the_clock_makes_it_a_draft_once():
    post, stays = ends(), make_post(title="Stays")
    tick.take_expired_offline(timezone.now())
    post.refresh_from_db()
    assert post.status == "published"
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        tick.take_expired_offline(timezone.now())
        post.refresh_from_db()
        assert (post.status, post.is_expired()) == ("draft", True)
        stays.refresh_from_db()
        assert stays.is_public()


def test_what_changes_next_is_the_earlier_of_both():
    now = timezone.now()
    assert Post.objects.next_change() is None
    make_post(published_at=now + timedelta(hours=3))
    assert Post.objects.next_change() == now + timedelta(hours=3)
    post = make_post(expires_at=now + timedelta(hours=2))
    assert Post.objects.next_change() == post.expires_at
    assert Post.objects.next_change(now + timedelta(hours=2)) == now + timedelta(hours=3)


def test_an_author_says_when(client, author):
    at = timezone.now() + timedelta(days=3)
    client.post(ADD, form_data(expires_at=at.strftime("%Y-%m-%dT%H:%M"), _publish="1"))
    assert Post.objects.get().expires_at == at.replace(second=0, microsecond=0)


@pytest.mark.parametrize("days", [-1, 2])
def test_an_end_before_its_beginning_is_refused(client, author, days):
    begins, end = timezone.now() + timedelta(days=3), timezone.now() + timedelta(days=days)
    payload = form_data(published_at=f"{begins:%Y-%m-%dT%H:%M}", expires_at=f"{end:%Y-%m-%dT%H:%M}", _publish="1")
    assert "That is over already" in client.post(ADD, payload).content.decode()
    assert not Post.objects.exists()


def test_to_be_shown_again_it_needs_another_end(client, author):
    post = make_post(author, status="draft", expires_at=timezone.now() - timedelta(days=1), body="<p>x</p>")
    payload = form_data(expires_at=f"{post.expires_at:%Y-%m-%dT%H:%M}", _publish="1") | opened(post)
    assert "That is over already" in client.post(address_of(post), payload).content.decode()
    client.post(address_of(post), payload | {"expires_at": ""})
    post.refresh_from_db()
    assert post.is_public()
