"""A reader's browser tells once that a post was read, and nothing if it was asked not to; and the desk shows it."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from blog.models import MonthReads, PostReads, Referrer, ReviewNote
from tests.e2e.desk import sign_in
from tests.factories import make_post, make_user

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
# Playwright's browser says that a machine drives it, and a machine is not counted.
NOT_DRIVEN = "Object.defineProperty(Navigator.prototype, 'webdriver', {get: () => false})"
MINDS = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
LATER = 1_000  # milliseconds in which a beacon would have come


@pytest.fixture
def reader(person):
    """Makes a browser whose clock one turns on (it runs by itself too), in which these scripts run before any other."""

    def open_browser(*scripts: str):
        page = person(user_agent=FIREFOX)
        for script in scripts:
            page.add_init_script(script)
        page.clock.install()
        return page

    return open_browser


def told(page) -> list:
    """What the page sends to be counted, from now on."""
    sent = []
    page.on("request", lambda request: "/read/" in request.url and sent.append(request.post_data or ""))
    return sent


def counted() -> int:
    return sum(MonthReads.objects.values_list("count", flat=True))


def test_five_seconds_are_one_read(reader, post):
    page = reader(NOT_DRIVEN)
    sent = told(page)
    page.goto(post.get_absolute_url())
    page.clock.run_for(2_500)
    assert sent == []
    with page.expect_response("**/read/*/") as answer:
        page.clock.run_for(2_600)
    assert answer.value.status == 204
    page.clock.run_for(60_000)
    page.wait_for_timeout(LATER)
    assert (len(sent), counted()) == (1, 1)
    assert page.context.cookies() == []
    # Which comments were there is what thread.js remembers, for the reader alone.
    assert page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]") == ["marginalia-seen"]


def test_a_second_look_is_a_second_read(reader, post):
    page = reader(NOT_DRIVEN)
    for _ in range(2):
        page.goto(post.get_absolute_url())
        with page.expect_response("**/read/*/"):
            page.clock.run_for(5_100)
    assert counted() == 2


def test_while_it_is_hidden_it_is_not_read(reader, post):
    page = reader(NOT_DRIVEN)
    sent = told(page)
    hide = """hidden => {
      Object.defineProperty(document, 'visibilityState', {value: hidden ? 'hidden' : 'visible', configurable: true})
      document.dispatchEvent(new Event('visibilitychange'))
    }"""
    page.goto(post.get_absolute_url())
    page.clock.run_for(3_000)
    page.evaluate(hide, True)
    page.clock.run_for(60_000)
    page.evaluate(hide, False)
    page.clock.run_for(2_500)
    page.wait_for_timeout(LATER)
    assert sent == []
    with page.expect_response("**/read/*/"):
        page.clock.run_for(2_600)


@pytest.mark.parametrize("scripts", [[], [NOT_DRIVEN, MINDS]], ids=["driven", "minds"])
def test_a_machine_and_who_minds_tell_nothing(reader, post, scripts):
    page = reader(*scripts)
    sent = told(page)
    page.goto(post.get_absolute_url())
    page.clock.run_for(60_000)
    page.wait_for_timeout(LATER)
    assert (sent, counted()) == ([], 0)


def test_it_says_which_other_site_a_reader_came_from_and_no_more(reader, post):
    page = reader(NOT_DRIVEN)
    page.goto(post.get_absolute_url(), referer="https://www.example.com/secret?word")
    with page.expect_response("**/read/*/") as answer:
        page.clock.run_for(5_100)
    assert answer.value.request.post_data == "www.example.com"
    assert Referrer.objects.get().host == "example.com"
    page.goto(post.get_absolute_url(), referer=page.url)
    with page.expect_response("**/read/*/"):
        page.clock.run_for(5_100)
    assert (counted(), Referrer.objects.get().count) == (2, 1)


def make_reads(posts: list, today: date) -> None:
    days = [today - timedelta(days=day) for day in range(60)]
    numbers = [(post, day, (place * 7 + day.day * 5) % 11) for place, post in enumerate(posts) for day in days]
    PostReads.objects.bulk_create(PostReads(post=post, day=day, count=count) for post, day, count in numbers)
    month = {"month": today.replace(day=1)}
    MonthReads.objects.bulk_create(MonthReads(post=post, count=90 - place, **month) for place, post in enumerate(posts))
    hosts = {"example.com": 40, "a-very-long-name-of-a-site." * 3 + "example.org": 2, "": 1}
    Referrer.objects.bulk_create(
        Referrer(post=post, host=host, count=count, **month) for post in posts for host, count in hosts.items()
    )


@pytest.fixture
def full_desk(site):
    """An author with a year of posts in every standing, and reads of them."""
    arno, edda = make_user("arno", "Author"), make_user("edda", "Editor", display_name="Edda")
    now = timezone.now()
    posts = [
        make_post(arno, title=f"Low water, day {number}", published_at=now - timedelta(days=number * number % 360))
        for number in range(1, 40)
    ]
    make_post(arno, title="A draft of a long word: " + "tide" * 40, status="draft")
    make_post(arno, title="In spring", published_at=now + timedelta(days=9))
    make_reads(posts[:12], now.date())
    ReviewNote.objects.create(post=posts[0], author=edda, text="Is the second paragraph from last year?")
    return posts


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_and_a_posts_reads_pass_axe(chromium, site, full_desk, scheme, width):
    # Not `person`: axe sets styles of its own, and Chromium logs that the policy forbids it.
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": 900}, color_scheme=scheme)
    sign_in(page, "arno", "/admin/")
    passes_axe(page, width)
    for summary in page.get_by_text("As a table").all():
        summary.click()
    passes_axe(page, width)
    expect(page.get_by_role("img", name="Posts of a year, day by day")).to_be_visible()
    page.get_by_role("region", name="Most read this month").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Reads", level=1)).to_be_visible()
    expect(page.get_by_role("img", name="Reads on each of the last 90 days")).to_be_visible()
    passes_axe(page, width)
    page.close()


def test_the_days_below_a_chart_stand_where_it_draws_them(person, full_desk, settings):
    page = person()
    sign_in(page, "arno", "/admin/")
    settings.LANGUAGE_CODE = "fa"
    page.goto("/admin/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    chart = page.locator(".chart.bars")
    first, last = (chart.locator(".marks bdi").nth(place).bounding_box()["x"] for place in (0, 1))
    bars = [bar.bounding_box()["x"] for bar in (chart.locator("rect").first, chart.locator("rect").last)]
    assert first < last and bars[0] < bars[1]


def passes_axe(page, width: int) -> None:
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
