from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

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
