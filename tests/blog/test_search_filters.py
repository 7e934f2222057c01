"""Searching within a label or a year, and all that there is, the newest first."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from blog import search
from blog.models import Label, Post
from blog.search import find
from tests.blog.searching import make_many
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 14, 21, 10, tzinfo=ZoneInfo("UTC"))


@pytest.fixture(params=[find.FEW, 2], ids=["few matches", "many matches"])
def either_way(request, monkeypatch):
    """Of few matches each is looked up, of many the posts are read from the newest on: the same is found."""
    monkeypatch.setattr(find, "FEW", request.param)


def titles(found) -> list[str]:
    return [hit.post.title for hit in found.hits]


def within(label: str = "", year: int | None = None) -> search.Within:
    return search.Within(Label.objects.get(name=label) if label else None, year)


@pytest.fixture
def posts():
    make_post(title="Tide", labels=("sea",), published_at=MARCH)
    make_post(title="Tide again", labels=("sea", "moon"), published_at=MARCH.replace(year=2025))
    make_post(title="Tide of people", labels=("town",), published_at=MARCH.replace(day=1))
    make_post(title="Moon", labels=("sea",), published_at=MARCH)
    make_post(title="Tide to come", labels=("sea",), published_at=timezone.now() + timedelta(days=1))
    make_post(title="Tide over", labels=("sea",), published_at=MARCH, expires_at=timezone.now() - timedelta(days=1))
    make_post(title="Tide draft", labels=("sea",), status="draft")
    make_page(title="About the tide", published_at=MARCH)


@pytest.mark.parametrize(
    ("label", "year", "expected"),
    [
        ("", None, {"Tide", "Tide again", "Tide of people", "About the tide"}),
        ("sea", None, {"Tide", "Tide again"}),
        ("", 2026, {"Tide", "Tide of people"}),
        ("sea", 2026, {"Tide"}),
        ("town", 2025, set()),
    ],
)
def test_it_finds_within(either_way, posts, label, year, expected):
    narrowed = within(label, year)
    assert set(titles(search.search("tide", within=narrowed))) == expected
    assert set(titles(search.newest_first("tide", within=narrowed))) == expected


def test_the_best_match_stays_first_within_a_label(either_way):
    for number in range(3):
        make_post(title=f"Post {number}", body="<p>the tide</p>", labels=("sea",), published_at=MARCH)
    make_post(title="Tide", body="<p>tide, tide</p>", labels=("sea",), published_at=MARCH.replace(year=2020))
    assert titles(search.search("tide", within=within("sea")))[0] == "Tide"
    assert titles(search.newest_first("tide", within=within("sea")))[-1] == "Tide"


@pytest.mark.parametrize("narrowed", [{}, {"label": "sea"}, {"year": 2026}, {"label": "sea", "year": 2026}])
def test_the_newest_first_reach_the_very_last(either_way, narrowed):
    for number in range(12):
        make_post(title=f"Tide {number}", labels=("sea",), published_at=MARCH - timedelta(hours=number // 2))
    found, before = [], None
    for _page in range(20):
        page = search.newest_first("tide", before, 5, within=within(**narrowed))
        found += page.hits
        before = page.older
        if before is None:
            break
    newest = list(Post.objects.published())
    assert [hit.post for hit in found] == newest


def test_more_than_are_ranked_are_all_there_newest_first():
    make_many(find.RANKED + 12)
    first = search.newest_first("lighthouse", size=find.RANKED)
    rest = search.newest_first("lighthouse", first.older, size=50)
    assert titles(rest) == [f"Post {n}" for n in range(find.RANKED, find.RANKED + 12)]
    assert rest.older is None


def test_no_words_find_nothing_newest_first(posts):
    found = search.newest_first("?!")
    assert (found.asked, found.hits, found.older) == (False, [], None)


def test_newest_first_costs_as_many_queries_for_any_page(django_assert_num_queries):
    make_many(30)
    # whether the matches are many, their ids, their posts with authors
    with django_assert_num_queries(3):
        page = search.newest_first("lighthouse", size=10, language="en")
    with django_assert_num_queries(3):
        search.newest_first("lighthouse", page.older, 10, "en")


def test_some_of_many_are_no_more_than_were_wanted():
    make_many(8)
    assert Post.objects.filter(pk__in=search.some("lighthouse", "en", 5)).count() == 5
    assert search.some("?!", "en", 5) is None


# By the post's own language, whatever the site's.


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("de", "Die Boote liegen am Ufer", "Boot"),
        ("de", "Ein Haus am Ufer", "Häuser"),
        ("fr", "Les marées montaient", "monter"),
        ("fa", "کتاب‌هایی دربارهٔ دریا", "کتاب"),
        ("fa", "مي‌خواهم به ساحل بروم", "می‌خواهم"),
        ("fa", "می‌خواهم به ساحل بروم", "ميخواهم"),
        ("fa", "دریاچه‌ی کوچک", "دریاچهٔ كوچك"),
        ("ar", "مدرسة", "مدرسه"),
        ("ja", "東京都の海の話", "海の話"),
        ("ja", "東京都の海の話", "京"),
        ("en", "서울의 바다", "바다"),
        ("en", "北京的海边", "海边"),
    ],
)
def test_a_post_of_any_language_is_found_on_an_english_site(language, text, query):
    make_post(title="There", body=f"<p>{text}</p>", language=language)
    make_post(title="Not there", body="<p>Nothing of it.</p>")
    found = search.search(query, language="en")
    assert titles(found) == ["There"]
    assert "<mark>" in found.hits[0].snippet
