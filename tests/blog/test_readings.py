"""A post's own page of reads, for those who may change the post."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from blog import reads
from blog.models import Referrer
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def arno():
    return make_user("arno", "Author")


@pytest.fixture
def post(arno, time_machine):
    time_machine.move_to("2026-12-14 12:00Z")
    post = make_post(arno, title="Tides", published_at=timezone.now())
    for day, host in ((14, "example.com"), (14, "example.com"), (1, "")):
        reads.count(post.pk, date(2026, 12, day), host)
    reads.count(post.pk, date(2026, 11, 20), "november.example")
    return post


def address(post) -> str:
    return reverse(f"admin:blog_{post.kind}_reads", args=[post.pk])


def shown(client, user, post, query: str = "") -> str:
    client.force_login(user)
    return client.get(address(post) + query).content.decode()


def test_it_shows_days_months_and_where_readers_came_from(client, arno, post):
    html = shown(client, arno, post)
    for said in (
        "<b>4</b> reads",
        "14 December 2026</th><td>2",
        "December 2026</a></th><td>3",
        "example.com</bdi></th><td>2",
    ):
        assert said in html
    assert "not said</th><td>1" in html
    assert "november.example" not in html


def test_another_month_can_be_looked_at(client, arno, post):
    html = shown(client, arno, post, "?month=2026-11")
    assert "november.example" in html
    assert "not said" not in html


@pytest.mark.parametrize("month", ["", "2026-02", "x", "2026-99", "%00"])
def test_of_a_month_without_reads_the_newest_is_shown(client, arno, post, month):
    assert "example.com</bdi>" in shown(client, arno, post, f"?month={month}")


def test_hosts_beyond_the_most_are_other_sites(client, arno, post, monkeypatch):
    monkeypatch.setattr(reads, "MOST_HOSTS", 1)
    reads.count(post.pk, date(2026, 12, 14), "b.example")
    assert "Other sites</th><td>1" in shown(client, arno, post)


def test_a_read_that_comes_between_two_questions_makes_nothing_negative(client, arno, post):
    Referrer.objects.filter(host="november.example").update(count=2)
    html = shown(client, arno, post, "?month=2026-11")
    assert "november.example</bdi></th><td>2" in html and "not said" not in html


def test_a_page_has_one_too(client):
    page = make_page(title="About")
    assert "Nobody has read it yet" in shown(client, make_user("edda", "Editor"), page)


@pytest.mark.parametrize(
    ("role", "status"), [("Author", 404), ("Contributor", 404), ("Moderator", 403), ("Editor", 200), ("Owner", 200)]
)
def test_others_posts_are_for_those_who_may_change_them(client, post, role, status):
    client.force_login(make_user("someone", role))
    assert client.get(address(post)).status_code == status


def test_a_stranger_logs_in_first(client, post):
    assert client.get(address(post)).url.startswith("/admin/login/")


def test_it_rejects_post(client, arno, post):
    client.force_login(arno)
    assert client.post(address(post)).status_code == 405


def test_it_takes_few_queries(client, arno, post, django_assert_num_queries):
    client.force_login(arno)
    # site settings, session, user, two for their rights; the post, its days, its months, hosts
    with django_assert_num_queries(9):
        client.get(address(post))
