import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from django.utils import timezone

from blog import renditions, views
from blog.models import Image, SiteSettings, User
from tests.blog.pictures import photo, written
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
MARCH = datetime(2026, 3, 14, 21, 10, tzinfo=ZoneInfo("UTC"))


def titles(response) -> list[str]:
    return [post.title for post in response.context["listed"].posts]


def test_a_label_shows_its_posts(client):
    make_post(title="Tides", labels=("Sea",))
    make_post(title="Hills", labels=("Land",))
    make_post(title="Draft", labels=("Sea",), status="draft")
    make_post(title="Later", labels=("Sea",), published_at=timezone.now() + timedelta(days=1))
    assert titles(client.get("/label/sea/")) == ["Tides"]


def test_a_label_follows_its_posts_status(client):
    post = make_post(title="Tides", labels=("Sea",))
    post.status = "draft"
    post.save()
    assert client.get("/label/sea/").status_code == client.get("/label/sea/feed.atom").status_code == 404
    post.status = "published"
    post.save()
    assert titles(client.get("/label/sea/")) == ["Tides"]


def test_a_label_pages_through_all_its_posts(client):
    for number in range(13):
        make_post(title=f"Post {number}", labels=("Sea",), published_at=MARCH)
    first = client.get("/label/sea/")
    second = client.get("/label/sea/", {"before": str(first.context["listed"].older)})
    assert len(set(titles(first) + titles(second))) == 13


@pytest.mark.parametrize(
    "name, slug", [("C++", "c-plus-plus"), ("C#", "c-sharp"), ("...", "label"), ("جزر و مد", "جزر-و-مد")]
)
def test_every_label_has_a_page(client, name, slug):
    make_post(title="Here", labels=(name,))
    assert titles(client.get(f"/label/{slug}/")) == ["Here"]


def test_an_unknown_label_answers_404(client):
    assert client.get("/label/none/").status_code == 404


def test_an_author_shows_own_posts(client):
    make_post(make_user("alice", "Author"), title="Mine")
    make_post(make_user("bob", "Author"), title="Yours")
    assert titles(client.get("/author/alice/")) == ["Mine"]


def test_an_account_that_published_nothing_is_not_shown(client):
    make_user("carol", "Moderator")
    assert client.get("/author/carol/").status_code == 404


@pytest.mark.parametrize("address", ["/author/carol/", "/author/carol/feed.atom", "/author/carol/feed.rss"])
def test_no_address_tells_the_name_of_an_account_that_published_nothing(client, address):
    make_post(make_user("carol", "Owner"), status="draft")
    assert client.get(address).status_code == 404


def test_the_end_of_a_list_is_no_missing_page(client):
    make_post(make_user("alice", "Author"), labels=("Sea",))
    for address in ("/author/alice/", "/label/sea/"):
        assert client.get(address, {"before": "1-1"}).status_code == 200


def test_year_and_month_show_their_posts(client):
    make_post(title="March", published_at=MARCH)
    make_post(title="April", published_at=MARCH + timedelta(days=30))
    make_post(title="Before", published_at=MARCH - timedelta(days=400))
    assert titles(client.get("/2026/")) == ["April", "March"]
    assert titles(client.get("/2026/03/")) == ["March"]


@pytest.mark.parametrize("address", ["/1999/", "/2026/13/", "/2026/00/", "/0000/", "/0000/01/", "/20261/"])
def test_a_date_without_posts_answers_404(client, address):
    make_post(published_at=MARCH)
    assert client.get(address).status_code == 404


def test_the_archive_counts_posts_by_month(client):
    make_post(published_at=MARCH)
    make_post(title="Two", published_at=MARCH)
    make_post(title="Draft", status="draft")
    make_page(title="About")
    (year,) = client.get("/archive/").context["archive"]
    assert (year["year"], year["posts"], [(m["month"], m["posts"]) for m in year["months"]]) == (2026, 2, [(3, 2)])


def test_an_empty_archive_says_so(client):
    assert "Nothing is published yet" in client.get("/archive/").content.decode()


# What a list shows of each post, and where it leads.


def test_a_list_is_read_by_machines_too(client):
    make_post(title="Tides", labels=("Sea",), published_at=MARCH, excerpt="Of the sea.")
    (feed,) = lxml.html.fromstring(client.get("/label/sea/").content.decode()).find_class("h-feed")
    (entry,) = feed.find_class("h-entry")
    said = {name: entry.find_class(name)[0] for name in ("p-name", "u-url", "dt-published", "p-category", "p-summary")}
    assert said["u-url"].get("href") == "/2026/03/tides/" and said["p-name"].text == "Tides"
    assert said["dt-published"].get("datetime") == "2026-03-14T21:10:00+00:00"
    assert said["p-category"].text_content() == "Sea" and said["p-summary"].text == "Of the sea."
    assert feed.find_class("p-name")[0].tag == "h1"


def test_numbers_and_dates_are_in_the_language_s_own_digits(client):
    make_post(title="Tides", labels=("Sea",), published_at=MARCH)
    make_post(title="Before", published_at=MARCH - timedelta(days=400))
    SiteSettings(language="fa").save()
    for address in ("/", "/label/sea/", "/author/author/", "/2026/", "/2026/03/", "/archive/", "/label/"):
        page = lxml.html.fromstring(client.get(address).content.decode())
        assert not re.search("[0-9]", page.find(".//main").text_content()), address


def test_a_month_leads_to_its_neighbours_that_have_posts(client):
    for months in (0, 4, 15):
        make_post(published_at=MARCH - timedelta(days=30 * months))
    shown = {"/2026/03/": ["/2025/11/"], "/2025/11/": ["/2024/12/", "/2026/03/"], "/2024/12/": ["/2025/11/"]}
    shown |= {"/2026/": ["/2025/"], "/2025/": ["/2024/", "/2026/"], "/2024/": ["/2025/"]}
    for address, expected in shown.items():
        page = lxml.html.fromstring(client.get(address).content.decode())
        assert [link.get("href") for nav in page.find_class("beside") for link in nav.iterfind("a")] == expected


def test_a_year_says_how_many_posts_it_has_and_in_which_months(client):
    for days in (0, 1, 60):
        make_post(published_at=MARCH - timedelta(days=days))
    page = lxml.html.fromstring(client.get("/2026/").content.decode())
    (head,) = page.find_class("list-head")
    assert "3 posts" in head.text_content()
    assert [link.get("href") for link in head.findall(".//li/a")] == ["/2026/01/", "/2026/03/"]


def test_an_author_says_how_many_posts(client, monkeypatch):
    for _number in range(3):
        make_post(make_user("alice", "Author") if not _number else User.objects.get(username="alice"))
    make_post(User.objects.get(username="alice"), status="draft")
    assert "3 posts" in client.get("/author/alice/").content.decode()
    monkeypatch.setattr(views, "COUNTED", 2)
    assert "More than 2 posts" in client.get("/author/alice/").content.decode()


def test_a_cover_stands_beside_its_post_small_and_cropped_where_it_matters(client):
    image, _made = Image.objects.from_upload(
        written(photo((1300, 900)), "JPEG", quality=90), alt='A "pier"', focal_x=0.9, focal_y=0.1
    )
    renditions.make(image.pk)
    for number in (1, 2):
        make_post(title=f"Pier {number}", labels=("Sea",), cover=image, published_at=MARCH - timedelta(days=number))
    make_post(title="Plain", labels=("Sea",), published_at=MARCH)
    page = lxml.html.fromstring(client.get("/label/sea/").content.decode())
    links = page.find_class("thumb")
    assert [link.get("href") for link in links] == ["/2026/03/pier-1/", "/2026/03/pier-2/"]
    (img,) = links[0].iter("img")
    assert (img.get("alt"), img.get("width"), img.get("height"), img.get("loading")) == ("", "1300", "900", "lazy")
    assert (img.get("data-across"), img.get("data-down")) == ("100", "0")
    assert img.get("fetchpriority") is None and img.get("sizes") == "9rem" and "480w" in img.get("srcset")
    assert links[0].get("aria-hidden") == "true" and links[0].get("tabindex") == "-1"


def test_the_first_picture_of_a_list_is_not_put_off(client):
    image, _made = Image.objects.from_upload(written(photo((600, 400)), "JPEG", quality=90))
    renditions.make(image.pk)
    make_post(labels=("Sea",), cover=image)
    page = lxml.html.fromstring(client.get("/label/sea/").content.decode())
    (img,) = page.find_class("thumb")[0].iter("img")
    assert img.get("loading") is None
