"""Addresses that lead nowhere: what they may mean, search, and no more than two queries for it."""

import lxml.html
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import missing
from blog.models import OldPath, SiteSettings
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_asked_lately():
    missing.pace.lately.clear()


def look(client, address, status=404):
    response = client.get(address)
    assert response.status_code == status
    return lxml.html.fromstring(response.content.decode())


def meant(page) -> list[str]:
    return [" ".join(link.text_content().split()) for link in page.xpath('//main//ul[@class="links"]//a')]


@pytest.mark.parametrize(
    "address",
    [
        "/2016/05/what-the-tide-table-leaves-out.html",
        "/2016/05/what-the-tide-table-leaves-out/",
        "/2016/05/What-The-Tide-Table-Leaves-Out/",
        "/blog/the-tide-table-leaves/",
        "/index.html/tide-table-leaves-out.htm",
    ],
)
def test_it_names_the_post_that_was_meant(client, address):
    make_post(title="What the tide table leaves out")
    make_post(title="A table of stones")
    assert meant(look(client, address)) == ["What the tide table leaves out"]


def test_a_page_may_be_meant_too(client):
    make_page(title="About this journal")
    assert meant(look(client, "/about-this-journal/")) == ["About this journal"]


def test_words_of_other_scripts_are_read(client):
    make_post(title="جزر و مد")
    assert meant(look(client, "/جزر-و-مد/")) == ["جزر و مد"]


def test_posts_of_one_slug_are_all_named_the_newest_first(client):
    now = timezone.now()
    for years in (0, 1):
        make_post(title=f"Tides, {years} ago", slug="tides", published_at=now.replace(year=now.year - years, day=1))
    assert meant(look(client, "/tides/")) == ["Tides, 0 ago", "Tides, 1 ago"]


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"published_at": timezone.now() + timezone.timedelta(days=9)}])
def test_what_readers_may_not_see_is_not_named(client, fields):
    make_post(title="Secret tides", **fields)
    assert meant(look(client, "/secret-tides/")) == []


def test_likeness_of_one_word_among_many_is_none(client):
    make_post(title="What the tide table leaves out")
    assert meant(look(client, "/a-table-of-figs-and-other-fruit/")) == []


def test_every_such_page_offers_search_and_ways_on(client):
    OldPath.objects.create(path="/gone/")
    for address, status in (("/nothing/", 404), ("/gone/", 410)):
        page = look(client, address, status)
        (form,) = [form for form in page.forms if form.get("role") == "search"]
        assert (form.method, form.action, list(form.fields)) == ("GET", "/search/", ["q"])
        assert {"/", "/archive/", "/label/"} <= set(page.xpath("//main//a/@href"))


def test_gone_says_that_it_was_taken_away(client):
    OldPath.objects.create(path="/gone/")
    assert "taken away for good" in look(client, "/gone/", 410).text_content()


def test_they_are_in_the_site_s_language_and_direction(client):
    make_post(title="Tides")
    OldPath.objects.create(path="/gone/")
    SiteSettings(language="fa").save()
    for address, status in (("/tides/", 404), ("/nothing/", 404), ("/gone/", 410)):
        page = look(client, address, status)
        assert (page.get("lang"), page.get("dir")) == ("fa", "rtl")


def asked_of_posts(client, path: str, method: str = "get") -> int:
    with CaptureQueriesContext(connection) as queries:
        assert getattr(client, method)(path).status_code == 404
    return sum('FROM "blog_post"' in query["sql"] and "blog_menuitem" not in query["sql"] for query in queries)


def test_it_costs_two_queries_at_most(client):
    make_post(title="Tide tables")
    assert asked_of_posts(client, "/tide-tables/") == 1
    assert asked_of_posts(client, "/tide-table/") == 2
    assert asked_of_posts(client, "/2016/05/nothing-like-it.html") == 2


@pytest.mark.parametrize(
    "path",
    [
        "/wp-login.php",
        "/tide-tables.php",
        "/app.js.map",
        "/tides.jpg",
        "/.env",
        "/tides/feed.xml",
        "/media/tide-tables/",
    ],
)
def test_nothing_is_asked_for_what_no_reader_asks_for(client, path):
    make_post(title="Tide tables")
    assert asked_of_posts(client, path) == 0


def test_nothing_is_asked_by_head(client):
    make_post(title="Tide tables")
    assert asked_of_posts(client, "/tide-tables/", "head") == 0


@pytest.mark.parametrize(
    "path", ["/-/", "/%ff/", "/'\"/", "/%20/", "/" + "x" * 290 + "/", "/" + "a-" * 140 + "/", "/🙂/"]
)
def test_odd_addresses_are_answered(client, path):
    make_post(title="Tide tables")
    look(client, path)
