"""The list of posts: what it shows, filters, and costs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blog import revisions
from blog.models import Series
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/post/"


@pytest.fixture
def editor(client):
    user = make_user("edda", "Editor")
    client.force_login(user)
    return user


def _titles(response) -> set[str]:
    return {post.title for post in response.context["cl"].result_list}


def test_it_shows_posts_with_their_standing_in_words(client, editor):
    make_post(title="Out")
    make_page(title="A page")
    response = client.get(LIST)
    assert _titles(response) == {"Out"}
    assert '<span class="chip chip-published">Published</span>' in response.content.decode()


@pytest.mark.parametrize("standing", ["draft", "in_review", "scheduled", "published", "expired", "binned"])
def test_it_filters_by_standing(client, editor, standing):
    soon = timezone.now() + timedelta(days=1)
    make_post(title="expired", status="draft", expires_at=timezone.now() - timedelta(days=1))
    make_post(title="draft", status="draft")
    make_post(title="in_review", status="in_review")
    make_post(title="scheduled", published_at=soon)
    make_post(title="published")
    make_post(title="binned", status="binned")
    assert _titles(client.get(LIST, {"standing": standing})) == {standing}


def test_it_shows_and_finds_what_has_changes_that_wait(client, editor):
    post = make_post(title="Out")
    make_post(title="As it is")
    revisions.wait(post, editor, "saved", revisions.content_of(post))
    response = client.get(LIST, {"standing": "changed"})
    assert _titles(response) == {"Out"}
    chips = "".join(response.content.decode().partition('id="result_list"')[2])
    assert "chip-published" in chips and '<span class="chip chip-changed">Changes wait</span>' in chips


def test_it_filters_by_series_month_and_day(client, editor):
    series = Series.objects.create(title="Creek")
    make_post(title="March", published_at=datetime(2026, 3, 14, 12, tzinfo=UTC), series=series)
    make_post(title="April", published_at=datetime(2026, 4, 1, tzinfo=UTC))
    assert _titles(client.get(LIST, {"series": series.pk})) == {"March"}
    assert _titles(client.get(LIST, {"month": "2026-03"})) == {"March"}
    assert _titles(client.get(LIST, {"month": "2026-04-01"})) == {"April"}
    assert _titles(client.get(LIST, {"month": "2026-04-02"})) == set()


def test_it_filters_by_label_and_author(client, editor):
    other = make_user("other")
    make_post(title="One", labels=("tides",))
    make_post(other, title="Two", labels=("tides", "boats"))
    boats = other.posts.get().tags.get(name="boats")
    assert _titles(client.get(LIST, {"label": boats.pk})) == {"Two"}
    assert _titles(client.get(LIST, {"author__id__exact": other.pk})) == {"Two"}


@pytest.mark.parametrize(
    "query",
    [{"label": "x"}, {"series": "x"}, {"month": "2026-13"}, {"standing": "nonsense"}, {"author__id__exact": "x"}],
)
def test_a_wrong_filter_is_no_broken_page(client, editor, query):
    assert client.get(LIST, query, follow=True).status_code == 200


def test_it_searches_titles_and_texts_of_drafts_too(client, editor):
    make_post(title="What the tide table leaves out")
    make_post(title="Winter geese", body="<p>At low tide.</p>", status="draft")
    make_post(title="Salt")
    assert _titles(client.get(LIST, {"q": "TIDE"})) == {"What the tide table leaves out", "Winter geese"}
    assert _titles(client.get(LIST, {"q": "?!"})) == set()


def test_a_search_shows_nothing_of_others(client):
    author = make_user("arno", "Author")
    make_post(author, title="My tide")
    make_post(make_user("other"), title="Their tide", status="draft")
    client.force_login(author)
    assert _titles(client.get(LIST, {"q": "tide"})) == {"My tide"}


def test_a_search_stays_within_the_filter(client, editor):
    make_post(title="Tide draft", status="draft")
    make_post(title="Tide out")
    response = client.get(LIST, {"q": "tide", "standing": "draft"})
    assert _titles(response) == {"Tide draft"}
    assert '<input type="hidden" name="standing" value="draft">' in response.content.decode()
    assert "1 found" in response.content.decode()


def test_others_posts_are_shown_to_editors_alone(client):
    author = make_user("arno", "Author")
    make_post(author, title="Mine")
    make_post(make_user("other"), title="Theirs")
    client.force_login(author)
    assert _titles(client.get(LIST)) == {"Mine"}


def test_it_costs_the_same_at_any_length(client, editor, django_assert_max_num_queries):
    for number in range(12):
        series = Series.objects.create(title=f"Series {number}")
        make_post(make_user(f"writer{number}"), title=f"No. {number}", labels=(f"label {number}",), series=series)
    # site settings, session, user, two for their rights; labels, series and authors to filter by; count, rows
    with django_assert_max_num_queries(10):
        client.get(LIST)
