"""How many queries each public page costs, and which they are: the same at any size of the site."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog import missing
from blog.models import Series
from comments.models import AddressKey
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db

# Every page: the site's settings and the pages in its menu. Feeds and maps have no menu.
FRAME = ["site settings", "menu"]
LIST = ["posts with their authors", "labels", "comment settings", "comment counts"]
THREAD = ["comment settings", "comment policies", "comments with their count"]
PAGES = {
    "/": [*FRAME, *LIST, "label counts", "months", "latest comments"],
    "/?before=9999999999999999-1": [*FRAME, *LIST],
    "/label/sea/": [*FRAME, "label", *LIST],
    "/author/author/": [*FRAME, "author", *LIST, "number of posts"],
    "/series/creek/": [*FRAME, "series", *LIST],
    "/2026/": [*FRAME, *LIST, "months"],
    "/2026/03/": [*FRAME, *LIST, "months"],
    "/archive/": [*FRAME, "months", "label counts"],
    "/label/": [*FRAME, "label counts"],
    "/label/?order=use": [*FRAME, "label counts"],
    "/2026/03/tides/": [*FRAME, "post with its author", "labels", "neighbours", *THREAD],
    "/2026/03/tides/?order=newest": [*FRAME, "post with its author", "labels", "neighbours", *THREAD],
    "/2026/03/part/": [*FRAME, "post with its author", "labels", "its place in the series", "neighbours", *THREAD],
    "/2026/03/gezeiten/": [*FRAME, "post with its author", "labels", "translations", "neighbours", *THREAD],
    "/2026/03/tides/comment/": [*FRAME, "post with its author", "comment settings", "comment policies"],
    "/p/about/": [*FRAME, "page with its author", "comment settings"],
    "/feed.atom": ["site settings", "posts with their authors", "labels"],
    "/feed.rss": ["site settings", "posts with their authors", "labels"],
    "/feed.json": ["site settings", "posts with their authors", "labels"],
    "/label/sea/feed.atom": ["site settings", "label", "posts with their authors", "labels"],
    "/series/creek/feed.atom": ["site settings", "series", "posts with their authors", "labels"],
    "/author/author/feed.rss": ["site settings", "author", "posts with their authors", "labels"],
    "/comments/feed.atom": ["site settings", "comment settings", "comments with their posts"],
    "/2026/03/tides/feed.atom": ["site settings", "comment settings", "post", "comments with their posts"],
    "/sitemap-posts-2026-03.xml": ["site settings", "posts", "their pictures", "their translations"],
    "/sitemap-pages.xml": ["site settings", "pages", "their pictures"],
    "/manifest.webmanifest": ["site settings"],
    "/opensearch.xml": ["site settings"],
    "/robots.txt": ["site settings"],
    "/nothing/": [
        *FRAME,
        "old address",
        "missing address",
        "room for it",
        "posts of this slug",
        "posts with its words",
    ],
}
HEAVY = ["/", "/2026/03/tides/", "/2026/03/tides/?order=newest", "/2026/03/part/", "/2026/03/gezeiten/"]


@pytest.fixture(params=[1, 12], ids=["small site", "larger site"])
def site(request, time_machine):
    time_machine.move_to("2026-03-20 12:00Z")
    author = make_user("author", "Author")
    now = timezone.now()
    for number in range(request.param):
        posted = now - timedelta(hours=number + 1)
        post = make_post(author, title=f"Post {number}", labels=("sea", f"label {number}"), published_at=posted)
        make_comment(post)
    tides = make_post(author, title="Tides", labels=("sea", "moon"), published_at=now - timedelta(days=2))
    root = make_comment(tides)
    for number in range(49 if request.param > 1 else 1):
        make_comment(tides, parent=root if number % 3 else None, user=author if number % 7 == 0 else None)
    series = Series.objects.create(title="Creek")
    for number in range(request.param):
        earlier = now - timedelta(days=4, hours=number)
        make_post(author, title=f"Earlier {number}", labels=("sea",), series=series, published_at=earlier)
    part = make_post(author, title="Part", labels=("sea",), series=series, published_at=now - timedelta(days=3))
    moon = make_post(author, title="Moon", labels=("sea",), published_at=now - timedelta(days=3))
    gezeiten = {"title": "Gezeiten", "language": "de", "translation_of": moon, "labels": ("sea",)}
    for post in (part, make_post(author, published_at=now - timedelta(days=3), **gezeiten)):
        make_comment(post)
    make_page(title="About", author=author)
    AddressKey.objects.create()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_these_queries(client, site, django_assert_num_queries, address):
    missing.pace.lately.clear()  # as if nobody had asked in vain a moment ago
    with django_assert_num_queries(len(PAGES[address])):
        response = client.get(address)
        b"".join(response) if response.streaming else response.content
    assert response.status_code == (404 if address == "/nothing/" else 200)


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "words"},
        {"q": "words", "order": "newest"},
        {"q": "words", "label": "sea", "year": "2026"},
        {"q": "words", "label": "sea", "order": "newest"},
        {"q": "zebra", "label": "sea", "year": "2026"},
        {"label": "sea"},
    ],
)
def test_search_costs_at_most_eight(client, site, django_assert_max_num_queries, asked):
    """The frame's two, labels and years to choose from, whether matches are many, the matches, their posts with authors
    (or the newest posts, where nothing is found); a label that is not among those to choose from."""
    with django_assert_max_num_queries(8):
        response = client.get("/search/", asked)
    assert bool(response.context["results"] and response.context["results"].hits) == (asked.get("q") == "words")


def test_no_page_breaks_its_budget():
    """The budgets of the design: home 9, a post with 50 comments 9, lists 8, feeds 5."""
    for address, queries in PAGES.items():
        assert len(queries) <= (9 if address in HEAVY else 5 if "feed" in address else 8), address
