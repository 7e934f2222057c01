import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from blog import sitemaps
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db
JUNE = datetime(2017, 6, 5, 12, tzinfo=ZoneInfo("UTC"))


def locations(client, address: str) -> list[str]:
    return re.findall(r"<loc>http://testserver(.*?)</loc>", client.get(address).content.decode())


def test_the_index_names_files_that_name_all_that_is_public(client):
    tides = make_post(title="Tides", labels=("sea",), published_at=JUNE)
    moon = make_post(title="Moon", published_at=JUNE - timedelta(days=40))
    make_post(title="Draft", status="draft", labels=("hidden",))
    make_page(title="About")
    named = locations(client, "/sitemap.xml")
    assert named == [
        "/sitemap-lists.xml",
        "/sitemap-pages.xml",
        "/sitemap-labels.xml",
        "/sitemap-posts-2017-06.xml",
        "/sitemap-posts-2017-04.xml",
    ]
    assert sum((locations(client, address) for address in named), []) == [
        "/",
        "/archive/",
        "/p/about/",
        "/label/sea/",
        tides.get_absolute_url(),
        moon.get_absolute_url(),
    ]


def test_a_month_says_when_its_posts_changed(client, time_machine):
    time_machine.move_to("2018-01-02 12:00Z", tick=False)
    make_post(published_at=JUNE)
    assert "<lastmod>2018-01-02</lastmod>" in client.get("/sitemap-posts-2017-06.xml").content.decode()


def test_what_is_still_to_come_is_not_named(client):
    make_post(title="Now", labels=("sea",), published_at=JUNE)
    later = make_post(title="Later", labels=("later",), published_at=timezone.now() + timedelta(days=40))
    month = f"/sitemap-posts-{later.year}-{later.month:02d}.xml"
    assert month not in locations(client, "/sitemap.xml")
    assert client.get(month).status_code == 404
    assert locations(client, "/sitemap-labels.xml") == ["/label/sea/"]


def test_more_than_fit_into_one_file_stand_in_several(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "SIZE", 2)
    posts = [
        make_post(title=f"Post {n}", labels=(f"label {n}",), published_at=JUNE + timedelta(hours=n // 2))
        for n in range(5)
    ]
    named = locations(client, "/sitemap.xml")
    assert named[1:] == [
        *("/sitemap-labels.xml", "/sitemap-labels-2.xml", "/sitemap-labels-3.xml"),
        *("/sitemap-posts-2017-06.xml", "/sitemap-posts-2017-06-2.xml", "/sitemap-posts-2017-06-3.xml"),
    ]
    found = [locations(client, address) for address in named[1:]]
    assert [len(part) for part in found] == [2, 2, 1, 2, 2, 1]
    assert sum(found[3:], []) == [post.get_absolute_url() for post in posts]


@pytest.mark.parametrize(
    "name", ["x", "posts", "posts-2017-05", "posts-2017-13", "posts-2017-06-1", "posts-2017-06-2", "posts-2017-06-0"]
)
def test_a_file_that_is_not_there_answers_404(client, name):
    make_post(published_at=JUNE)
    assert client.get(f"/sitemap-{name}.xml").status_code == 404
    assert client.get("/sitemap-labels.xml").status_code == client.get("/sitemap-pages-99999.xml").status_code == 404


def test_the_index_reads_no_post(client, django_assert_num_queries):
    for number in range(3):
        make_post(title=f"Post {number}", published_at=JUNE)
    with django_assert_num_queries(5) as queries:  # the site, and four counts
        client.get("/sitemap.xml")
    assert not [query["sql"] for query in queries if '"blog_post"."title"' in query["sql"]]
