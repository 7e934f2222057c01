"""The posts before and after a post, at its foot; tests/config/walk.py shows that they are never out of date."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blog import versions
from blog.models import Post, Series, SiteSettings
from tests.factories import make_page, make_post

MARCH = datetime(2026, 3, 14, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def touched(monkeypatch):
    """What the changes from here on touch."""
    keys = set()
    monkeypatch.setattr(versions, "touch", lambda *more: keys.update(more))
    return keys


def dated(number: int, **fields) -> Post:
    return make_post(title=f"Post {number}", published_at=MARCH + timedelta(days=number), **fields)


def beside(client, post: Post) -> list[str]:
    return re.findall(r'rel="(prev|next)"[^>]*href="([^"]*)"', client.get(post.get_absolute_url()).content.decode())


def test_a_post_leads_to_the_ones_before_and_after_it(client):
    first, second, third = (dated(number) for number in (1, 2, 3))
    assert beside(client, second) == [("prev", first.get_absolute_url()), ("next", third.get_absolute_url())]
    assert beside(client, first) == [("next", second.get_absolute_url())]
    assert beside(client, third) == [("prev", second.get_absolute_url())]


def test_a_post_alone_has_no_neighbours(client):
    html = client.get(dated(1).get_absolute_url()).content.decode()
    assert "Earlier post" not in html and "Later post" not in html


def test_posts_of_one_moment_keep_their_order(client):
    first, second, third = (make_post(published_at=MARCH) for _number in range(3))
    assert beside(client, second) == [("prev", first.get_absolute_url()), ("next", third.get_absolute_url())]


def test_what_readers_cannot_see_is_no_neighbour(client):
    first, last = dated(1), dated(9)
    dated(2, status="draft")
    dated(3, status="binned")
    dated(4, expires_at=timezone.now() - timedelta(minutes=1))
    make_post(published_at=timezone.now() + timedelta(days=1))
    make_page(published_at=MARCH + timedelta(days=5))
    assert beside(client, first) == [("next", last.get_absolute_url())]
    assert beside(client, last) == [("prev", first.get_absolute_url())]


def test_a_page_has_no_neighbours(client):
    dated(1)
    assert not beside(client, make_page(title="About"))


def test_titles_stand_apart_and_say_their_language(client):
    dated(1, language="fa")
    Post.objects.update(title="<b>جزر</b>")
    html = client.get(dated(2).get_absolute_url()).content.decode()
    assert '<bdi dir="rtl" lang="fa">&lt;b&gt;جزر&lt;/b&gt;</bdi>' in html


def test_a_part_of_a_series_names_its_parts_neighbours_alone(client):
    series = Series.objects.create(title="Creek")
    parts = [dated(number, series=series) for number in (1, 5)]
    between = dated(3)
    assert beside(client, parts[0]) == [("next", parts[1].get_absolute_url())]
    assert between.get_absolute_url() in client.get(parts[0].get_absolute_url()).content.decode()


def test_a_post_page_costs_one_query_for_all_its_neighbours(client, django_assert_num_queries):
    post = dated(5)
    client.get(post.get_absolute_url())
    for count in (1, 6):
        for number in range(count):
            dated(10 * count + number)
        with django_assert_num_queries(8):
            client.get(post.get_absolute_url())


def test_a_preview_shows_a_scheduled_post_after_the_newest(client, admin_client):
    newest = dated(1)
    scheduled = make_post(title="Later", published_at=timezone.now() + timedelta(days=3))
    html = admin_client.get(f"/admin/preview/{scheduled.pk}/").content.decode()
    assert f'rel="prev" href="{newest.get_absolute_url()}"' in html and "Later post" not in html


def test_it_is_persian_on_a_persian_site(client):
    SiteSettings(language="fa").save()
    dated(1)
    html = client.get(dated(2).get_absolute_url()).content.decode()
    assert 'class="arrow" aria-hidden="true">←' in html  # mirrored by the style sheet


# Which pages are out of date when a post moves.


def test_a_post_that_goes_or_comes_touches_both_neighbours(touched):
    first, second, third = (dated(number) for number in (1, 2, 3))
    neighbours = {versions.post_key(first.pk), versions.post_key(third.pk)}
    for change in (
        lambda: Post.objects.filter(pk=second.pk).update(status="draft"),
        lambda: Post.objects.filter(pk=second.pk).update(status="published"),
        lambda: Post.objects.filter(pk=second.pk).update(expires_at=timezone.now()),
        second.save,
        second.delete,
        lambda: dated(2),
    ):
        touched.clear()
        change()
        assert neighbours <= touched


def test_posts_made_in_bulk_touch_the_ones_beside_them(touched):
    posts = [dated(number) for number in (1, 3)]
    touched.clear()
    between = {"status": "published", "published_at": MARCH + timedelta(days=2)}
    Post.objects.bulk_create([Post(author=posts[0].author, title="Bulk", slug="bulk", **between)])
    assert {versions.post_key(post.pk) for post in posts} <= touched


def test_a_changed_date_touches_the_neighbours_of_the_old_and_the_new_place(touched):
    posts = [dated(number) for number in range(1, 6)]
    posts[1].published_at = MARCH + timedelta(days=4, hours=1)
    touched.clear()
    posts[1].save()
    assert {versions.post_key(posts[at].pk) for at in (0, 2, 3, 4)} <= touched
    touched.clear()
    Post.objects.filter(pk=posts[1].pk).update(published_at=MARCH)
    assert versions.SITE in touched


def test_a_changed_title_touches_what_leads_to_it_and_no_neighbour_itself(touched):
    first, second = dated(1), dated(2)
    touched.clear()
    Post.objects.filter(pk=second.pk).update(title="Ebb")
    assert versions.post_key(first.pk) not in touched and versions.post_key(second.pk) in touched
    assert versions.link_key(second.pk) in touched


def test_many_posts_at_once_cost_one_query_for_their_neighbours(touched, django_assert_max_num_queries):
    posts = [dated(number) for number in range(1, 12)]
    touched.clear()
    with django_assert_max_num_queries(1):
        keys = Post.objects.filter(pk__in=[post.pk for post in posts[1:-1]]).touched_by({"status": "draft"})
    assert {versions.post_key(post.pk) for post in posts} <= keys


def test_of_very_many_every_page_is_out_of_date(monkeypatch):
    monkeypatch.setattr("blog.models.posts.NAMED", 3)
    for number in range(1, 6):
        dated(number)
    assert Post.objects.touched_by({"status": "draft"}) == {versions.SITE}
