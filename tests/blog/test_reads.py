"""One read more for the post, the month and the site, and nothing of who read."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog import reads
from blog.models import MonthReads, PostReads, Referrer, SiteReads, SiteSettings
from config import tick
from tests.comments.racing import at_once
from tests.factories import make_page, make_post, make_user

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
DAY = date(2026, 3, 14)


def tell(post, sent: str = "", client: Client | None = None, **headers):
    headers = {"user-agent": FIREFOX} | {name.replace("_", "-"): value for name, value in headers.items()}
    address = reverse("read", args=[getattr(post, "pk", post)])
    return (client or Client()).post(address, sent, content_type="text/plain", headers=headers)


def told() -> int:
    """How many reads were counted; all sums agree."""
    sums = [sum(model.objects.values_list("count", flat=True)) for model in (PostReads, MonthReads, SiteReads)]
    assert len(set(sums)) == 1, sums
    return sums[0]


def hosts() -> dict[str, int]:
    return dict(Referrer.objects.values_list("host", "count"))


@pytest.fixture(autouse=True)
def _nobody_read_lately():
    reads.pace.lately.clear()


@pytest.fixture
def post(db):
    return make_post(title="Tides")


def test_a_read_is_counted_for_the_post_its_month_and_the_site(post, time_machine):
    time_machine.move_to("2026-12-14 12:00Z")
    for _ in range(3):
        response = tell(post)
    assert (response.status_code, response.content, response.cookies) == (204, b"", {})
    assert PostReads.objects.get().day == date(2026, 12, 14)
    assert MonthReads.objects.get().month == date(2026, 12, 1)
    assert (told(), hosts()) == (3, {})


def test_of_very_many_in_a_second_only_a_few_are_counted(post):
    reads.pace.lately.extend([time.monotonic() + 60] * (reads.pace.most - 1))  # as if the second took a minute
    assert {tell(post).status_code for _ in range(3)} == {204}
    assert told() == 1


def test_who_is_not_counted_takes_nobodys_turn(post):
    for _ in range(reads.pace.most):
        tell(post, user_agent="a bot")
    tell(post)
    assert told() == 1


def test_a_page_is_counted_too(db):
    tell(make_page(title="About"))
    assert told() == 1


def test_the_day_is_that_of_the_sites_zone(post, time_machine):
    SiteSettings(time_zone="Pacific/Auckland").save()
    time_machine.move_to(datetime(2026, 12, 31, 18, tzinfo=UTC))
    tell(post)
    assert (PostReads.objects.get().day, MonthReads.objects.get().month) == (date(2027, 1, 1), date(2027, 1, 1))


def test_it_takes_few_statements(post, django_assert_num_queries):
    # the site's settings; the post; its day, its month, hosts of the month, the host, the day of the site;
    # and a savepoint with its end, since the test has a transaction of its own
    with django_assert_num_queries(9):
        tell(post, "example.com")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_GPC": "1"},
        {"DNT": "1"},
        {"user_agent": ""},
        {"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user_agent": "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0"},
        {"user_agent": "curl/8.5.0"},
        {"user_agent": "python-requests/2.32"},
        {"Origin": "https://elsewhere.example"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
def test_who_minds_no_reader_and_another_site_are_not_counted(post, headers):
    assert tell(post, **headers).status_code == 204
    assert told() == 0


def test_who_says_0_does_not_mind(post):
    tell(post, Sec_GPC="0", DNT="0")
    assert told() == 1


def test_a_telephone_whose_maker_is_called_bot_is_counted(post):
    tell(post, user_agent="Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) AppleWebKit/537.36 Chrome/140.0 Mobile")
    assert told() == 1


def test_who_is_signed_in_is_not_counted(post, client):
    client.force_login(make_user("arno", "Author"))
    tell(post, client=client)
    assert told() == 0


def test_what_readers_cannot_see_is_not_counted(db):
    now = timezone.now()
    hidden = [
        make_post(status="draft"),
        make_post(published_at=now + timedelta(days=1)),
        make_post(expires_at=now - timedelta(minutes=1)),
    ]
    for post in (*hidden, 10**6, 10**30):
        assert tell(post).status_code == 204
    assert told() == 0


def test_it_rejects_get(post, client):
    assert client.get(reverse("read", args=[post.pk])).status_code == 405
    assert told() == 0


def test_the_site_that_a_reader_came_from_is_counted_by_its_name(post):
    for host in ("Example.com", "www.example.com", "example.com.", "news.example.com"):
        tell(post, host)
    assert hosts() == {"example.com": 3, "news.example.com": 1}


@pytest.mark.parametrize(
    "sent",
    [
        "testserver",
        "www.testserver",
        "localhost",
        "192.0.2.1",
        "https://example.com/a?b",
        "-a.example",
        "a..example",
        "exa mple.com",
        "a" * 98 + ".example",
        "<b>.example",
        "\x00.example",
        "müller.example",
    ],
)
def test_the_own_site_and_what_is_no_name_are_not(post, sent):
    tell(post, sent)
    assert (told(), hosts()) == (1, {})


def test_beyond_fifty_sites_a_month_the_others_are_one(post):
    for number in range(60):
        reads.count(post.pk, DAY, f"site{number}.example")
    reads.count(post.pk, DAY, "site3.example")
    found = hosts()
    assert (len(found), found[""], found["site3.example"], sum(found.values())) == (51, 10, 2, 61)


def test_a_post_page_has_the_script_and_a_preview_has_not(post, client):
    assert f'data-read="/read/{post.pk}/"' in client.get(post.get_absolute_url()).content.decode()
    client.force_login(make_user("edda", "Editor"))
    assert "data-read" not in client.get(reverse("preview_post", args=[post.pk])).content.decode()


def test_the_script_is_small():
    with open("static/js/read.js", "rb") as script:
        assert len(script.read()) < 1000


def test_a_post_that_goes_takes_its_reads_with_it(post):
    tell(post, "example.com")
    post.delete()
    assert not (PostReads.objects.exists() or MonthReads.objects.exists() or Referrer.objects.exists())
    assert SiteReads.objects.get().count == 1


def test_days_of_long_ago_are_forgotten_and_months_stay(post):
    now = timezone.now()
    for days in (900, 401, 399, 0):
        reads.count(post.pk, (now - timedelta(days=days)).date())
    tick.tick(now)
    assert [(now.date() - row.day).days for row in PostReads.objects.order_by("pk")] == [399, 0]
    assert sum(MonthReads.objects.values_list("count", flat=True)) == 4


def test_forgetting_goes_step_by_step(post, monkeypatch):
    monkeypatch.setattr(reads, "FORGOTTEN_AT_ONCE", 2)
    now = timezone.now()
    for days in range(905, 900, -1):
        reads.count(post.pk, (now - timedelta(days=days)).date())
    left = []
    for _ in range(4):
        reads.forget(now)
        left.append(PostReads.objects.count())
    assert left == [3, 1, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_of_readers_at_once_each_is_counted_once():
    first, second = make_post(title="Tides"), make_post(title="Moon")

    def some(number):
        # Of both posts, in either order, on the night between two months.
        for turn in range(10):
            post = (first, second)[(number + turn) % 2]
            reads.count(post.pk, DAY.replace(day=31) + timedelta(days=(number + turn // 2) % 2), f"{turn}.example.com")

    assert at_once(*[lambda number=number: some(number) for number in range(8)]) == [None] * 8
    assert told() == 80
    assert sum(Referrer.objects.values_list("count", flat=True)) == 80
    assert MonthReads.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_fifty_sites_are_fifty_also_when_they_come_at_once(monkeypatch):
    monkeypatch.setattr(reads, "MOST_HOSTS", 5)
    post = make_post()
    jobs = [lambda number=number: reads.count(post.pk, DAY, f"site{number}.example") for number in range(12)]
    assert at_once(*jobs) == [None] * 12
    assert (len(hosts()), hosts()[""]) == (6, 7)


@pytest.mark.django_db(transaction=True)
def test_a_post_that_goes_while_it_is_read_keeps_nobody_waiting():
    for _ in range(10):
        post = make_post()
        reads.count(post.pk, DAY, "example.com")
        jobs = [lambda post=post: reads.count(post.pk, DAY, "other.example")] * 4
        results = at_once(*jobs, lambda post=post: post.delete() and None)
        assert results == [None] * 5
    assert not PostReads.objects.exists()
