"""The list of posts: what it shows, filters, and costs."""

from datetime import timedelta

import pytest
from django.utils import timezone

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


@pytest.mark.parametrize("standing", ["draft", "in_review", "scheduled", "published", "binned"])
def test_it_filters_by_standing(client, editor, standing):
    soon = timezone.now() + timedelta(days=1)
    make_post(title="draft", status="draft")
    make_post(title="in_review", status="in_review")
    make_post(title="scheduled", published_at=soon)
    make_post(title="published")
    make_post(title="binned", status="binned")
    assert _titles(client.get(LIST, {"standing": standing})) == {standing}


def test_it_filters_by_label_and_author(client, editor):
    other = make_user("other")
    make_post(title="One", labels=("tides",))
    make_post(other, title="Two", labels=("tides", "boats"))
    boats = other.posts.get().tags.get(name="boats")
    assert _titles(client.get(LIST, {"label": boats.pk})) == {"Two"}
    assert _titles(client.get(LIST, {"author__id__exact": other.pk})) == {"Two"}


@pytest.mark.parametrize("query", [{"label": "x"}, {"standing": "nonsense"}, {"author__id__exact": "x"}])
def test_a_wrong_filter_is_no_broken_page(client, editor, query):
    assert client.get(LIST, query, follow=True).status_code == 200


def test_it_searches_titles(client, editor):
    make_post(title="What the tide table leaves out")
    make_post(title="Winter geese", body="<p>tide</p>")
    assert _titles(client.get(LIST, {"q": "TIDE"})) == {"What the tide table leaves out"}


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
        make_post(make_user(f"writer{number}"), title=f"No. {number}", labels=(f"label {number}",))
    # site settings, session, user, two for their rights, the labels and the authors to filter by (two), count, rows
    with django_assert_max_num_queries(10):
        client.get(LIST)
