"""The calendar of posts: a month, as the site's zone has it."""

from datetime import UTC, datetime, timedelta

import pytest

from blog.models import SiteSettings
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db
CALENDAR = "/admin/blog/post/calendar/"
NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)


@pytest.fixture
def author(client, time_machine):
    time_machine.move_to(NOON, tick=False)
    user = make_user("arno", "Author")
    client.force_login(user)
    return user


def days(response) -> dict[str, list[str]]:
    """The titles of each day that has some."""
    every = [day for week in response.context["weeks"] for day in week]
    return {f"{day.date:%m-%d}": [post.title for post in day.posts] for day in every if day.posts}


def test_it_shows_what_is_out_and_what_is_scheduled(client, author):
    make_post(author, title="Out", published_at=NOON - timedelta(days=2))
    make_post(author, title="Soon", published_at=NOON + timedelta(days=2))
    make_post(author, title="November", published_at=NOON - timedelta(days=20))
    make_post(author, title="Draft", status="draft")
    make_post(make_user("other"), title="Other's", published_at=NOON)
    make_page(title="Page", published_at=NOON)
    response = client.get(CALENDAR)
    assert days(response) == {"12-08": ["Out"], "12-12": ["Soon"]}
    html = response.content.decode()
    assert "scheduled, 12:00" in html and "<caption>" in html and html.count('scope="col"') == 7
    assert html.index("Your drafts") < html.index("Draft</bdi>")
    assert "?month=2026-11" in html and "?month=2027-01" in html
    assert days(client.get(CALENDAR, {"month": "2026-11"})) == {"11-20": ["November"]}


def test_a_day_is_the_sites_and_a_week_begins_as_its_language_has_it(client, author):
    SiteSettings.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Tehran", "language": "fa"})
    make_post(author, title="Late", published_at=datetime(2026, 12, 9, 21, tzinfo=UTC))
    response = client.get(CALENDAR)
    assert days(response) == {"12-10": ["Late"]}
    assert f"{response.context['weekdays'][0]:%A}" == "Saturday"
    SiteSettings.objects.update(language="de")
    assert f"{client.get(CALENDAR).context['weekdays'][0]:%A}" == "Monday"


def test_a_full_day_says_how_many_more_there_are(client, author, django_assert_max_num_queries):
    for number in range(8):
        make_post(author, title=f"No. {number}", published_at=NOON + timedelta(minutes=number))
    with django_assert_max_num_queries(10):
        response = client.get(CALENDAR)
    assert days(response) == {"12-10": [f"No. {number}" for number in range(5)]}
    html = response.content.decode()
    assert "and 3 more" in html and "/admin/blog/post/?month=2026-12-10" in html
    assert len(client.get("/admin/blog/post/?month=2026-12-10").context["cl"].result_list) == 8


def test_a_post_is_begun_for_a_day_to_come(client, author):
    html = client.get(CALENDAR).content.decode()
    assert "published_at=2026-12-24T09%3A00" in html and "published_at=2026-12-09" not in html
    form = client.get("/admin/blog/post/add/?published_at=2026-12-24T09:00").content.decode()
    assert 'value="2026-12-24T09:00"' in form


def test_what_is_written_today_is_not_dated_before_it_was_written(client, author, time_machine):
    html = client.get(CALENDAR).content.decode()
    assert "published_at=2026-12-10" not in html and "for 10 December" in html
    time_machine.move_to(NOON.replace(hour=7), tick=False)
    assert "published_at=2026-12-10T09%3A00" in client.get(CALENDAR).content.decode()


@pytest.mark.parametrize(
    ("zone", "month", "first", "last"),
    [
        ("America/New_York", "2026-11", "2026-11-01T04:00Z", "2026-12-01T04:59Z"),  # summer time ends on the first
        ("America/Asuncion", "2023-10", "2023-10-01T04:00Z", "2023-11-01T02:59Z"),  # the first has no midnight
        ("Pacific/Kiritimati", "2026-01", "2025-12-31T10:00Z", "2026-01-31T09:59Z"),
    ],
)
def test_a_month_ends_where_its_zone_has_it(client, author, zone, month, first, last):
    SiteSettings.objects.update_or_create(pk=1, defaults={"time_zone": zone})
    first, last = datetime.fromisoformat(first), datetime.fromisoformat(last)
    for title, moment in {"Before": first - timedelta(minutes=1), "First": first, "Last": last}.items():
        make_post(author, title=title, published_at=moment)
    make_post(author, title="After", published_at=last + timedelta(minutes=1))
    shown = days(client.get(CALENDAR, {"month": month}))
    assert [titles for _day, titles in sorted(shown.items())] == [["First"], ["Last"]]
    assert min(shown).endswith("-01")


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12", "2026-12-24", "\0"])
def test_a_wrong_month_is_no_broken_page(client, author, month):
    assert client.get(CALENDAR, {"month": month}).status_code == 200


def test_only_who_writes_sees_it(client):
    assert client.get(CALENDAR).status_code == 302
    for role, code in {"Moderator": 403, "Contributor": 200, "Editor": 200}.items():
        client.force_login(make_user(role.lower(), role))
        assert client.get(CALENDAR).status_code == code
    assert client.post(CALENDAR).status_code == 405
