"""Series: the page of one, the place of a post in it, and that neither is ever out of date."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blog.models import Post, Series, SiteSettings
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def series():
    return Series.objects.create(title="A year at the creek", description="Month by month.")


def make_parts(series, number: int = 3, **fields) -> list[Post]:
    return [
        make_post(title=f"Part {nth + 1}", series=series, published_at=MARCH + timedelta(days=nth), **fields)
        for nth in range(number)
    ]


def titles(response) -> list[str]:
    return [post.title for post in response.context["listed"].posts]


def words(client, post: Post) -> str:
    html = client.get(post.get_absolute_url()).content.decode().partition("<article")[2].partition("</article>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


# Its page.


def test_it_lists_its_parts_oldest_first(client, series):
    make_parts(series)
    make_post(title="Another")
    make_post(title="Draft", series=series, status="draft")
    make_post(title="Later", series=series, published_at=timezone.now() + timedelta(days=400))
    answer = client.get("/series/a-year-at-the-creek/")
    assert titles(answer) == ["Part 1", "Part 2", "Part 3"]
    assert "Month by month." in answer.content.decode()


def test_it_pages_through_all_of_them(client, series):
    for number in range(23):
        make_post(title=f"Part {number}", series=series, published_at=MARCH + timedelta(hours=number // 3))
    found, address = [], series.get_absolute_url()
    while address:
        answer = client.get(address)
        found += titles(answer)
        onward = re.search(r'rel="next" href="([^"]*)">Later parts', answer.content.decode())
        address = onward and f"{series.get_absolute_url()}{onward[1]}"
    assert found == [f"Part {number}" for number in range(23)]


@pytest.mark.parametrize("after", ["x", "1", "-1-1", "9" * 50])
def test_a_place_that_is_none_answers_404(client, series, after):
    make_parts(series, 1)
    assert client.get(series.get_absolute_url(), {"after": after}).status_code == 404


@pytest.mark.parametrize("address", ["", "feed.atom", "feed.rss"])
def test_while_no_part_is_public_there_is_no_series(client, series, address):
    make_post(series=series, status="draft")
    make_post(series=series, published_at=timezone.now() + timedelta(days=400))
    assert client.get(f"{series.get_absolute_url()}{address}").status_code == 404
    assert client.get(f"/series/none/{address}").status_code == 404
    assert "sitemap-series" not in client.get("/sitemap.xml").content.decode()


def test_its_feeds_bring_the_newest_first(client, series):
    make_parts(series)
    make_post(title="Another")
    for kind in ("atom", "rss"):
        feed = client.get(f"{series.get_absolute_url()}feed.{kind}").content.decode()
        assert re.findall(r"<(?:entry|item)[^>]*>\s*<title>([^<]*)</title>", feed) == ["Part 3", "Part 2", "Part 1"]
        assert f"http://testserver{series.get_absolute_url()}" in feed


def test_the_sitemap_names_it(client, series):
    make_parts(series, 1)
    assert "/sitemap-series.xml" in client.get("/sitemap.xml").content.decode()
    assert (
        f"<loc>http://testserver{series.get_absolute_url()}</loc>" in client.get("/sitemap-series.xml").content.decode()
    )


def test_a_title_in_any_script_makes_its_address():
    assert [Series.objects.create(title=title).slug for title in ("جزر و مد", "جزر و مد", "…")] == [
        *("جزر-و-مد", "جزر-و-مد-2", "series")
    ]


# The place of a post in it.


def test_a_part_says_which_it_is_and_leads_to_its_neighbours(client, series):
    first, second, third = make_parts(series)
    make_post(title="Draft", series=series, status="draft")
    assert "Part 2 of 3 · A year at the creek" in words(client, second)
    html = client.get(second.get_absolute_url()).content.decode()
    assert f'rel="prev" href="{first.get_absolute_url()}"' in html
    assert f'rel="next" href="{third.get_absolute_url()}"' in html
    assert "Previous part" not in words(client, first) and "Part 1 of 3" in words(client, first)
    assert "Next part" not in words(client, third) and "Part 3 of 3" in words(client, third)


def test_parts_of_one_moment_keep_their_order(client, series):
    parts = [make_post(title=f"Same {number}", series=series, published_at=MARCH) for number in range(3)]
    assert [f"Part {number} of 3" in words(client, post) for number, post in enumerate(parts, 1)] == [True] * 3
    assert "Previous part Same 0 Next part Same 2" in words(client, parts[1])


def test_the_only_part_has_no_neighbours(client, series):
    (only,) = make_parts(series, 1)
    assert "Part 1 of 1" in words(client, only)
    assert "Next part" not in words(client, only)


def test_a_draft_is_previewed_as_the_part_that_it_will_be(client, series):
    make_parts(series, 2)
    owner = make_user("olive", "Owner")
    draft = make_post(owner, title="Draft", series=series, status="draft", published_at=None)
    client.force_login(owner)
    assert "Part 3 of 3" in words(client, draft)


@pytest.mark.parametrize("number", [2, 12])
def test_it_costs_one_query_however_many_parts_there_are(client, series, number, django_assert_num_queries):
    alone, *_others, last = [make_post(title="Alone"), *make_parts(series, number)]
    client.get(alone.get_absolute_url())
    client.get(last.get_absolute_url())  # by now both queries are written
    with django_assert_num_queries(8):
        client.get(alone.get_absolute_url())
    with django_assert_num_queries(9):
        client.get(last.get_absolute_url())
    with django_assert_num_queries(7):
        client.get(series.get_absolute_url())


def test_a_series_and_its_parts_are_persian_on_a_persian_site(client, series):
    SiteSettings(language="fa").save()
    _first, second, _third = make_parts(series)
    make_post(title="Gezeiten", language="de", translation_of=second, published_at=MARCH)
    assert "بخش ۲ از ۳" in words(client, second)
    assert "به زبان‌های دیگر Deutsch" in words(client, second)
    assert "بخش پیشین Part 1 بخش بعدی Part 3" in words(client, second)
    assert "خوراک این مجموعه" in client.get(series.get_absolute_url()).content.decode()
