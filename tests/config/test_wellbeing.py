"""“How is the site?”: what an owner is told, and that nobody else is."""

import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from blog.models import Mail
from comments.models import Comment
from config import heartbeat
from config.metrics import counters
from config.tasks import look_at_everything
from config.wellbeing import pictures
from tests.config.test_tick import make_result
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
PAGE, LOOK = "/admin/how-is-the-site/", "/admin/how-is-the-site/look/"
TASK = "config.tasks.look_at_everything"


@pytest.fixture
def owner(client):
    client.force_login(make_user("olga", "Owner"))
    return client


@pytest.fixture
def queue(settings):
    """The product's own queue, which keeps what is enqueued."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def html(client) -> str:
    response = client.get(PAGE)
    assert response.status_code == 200
    return response.content.decode().replace("&#x27;", "'")


def looked(*findings: tuple[str, str, str, str], at=None) -> DBTaskResult:
    names = ("check", "level", "words", "todo")
    found = [dict(zip(names, finding, strict=True)) for finding in findings]
    return make_result("SUCCESSFUL", task_path=TASK, return_value=found, finished_at=at or timezone.now())


def test_a_site_that_is_well(owner):
    if connection.vendor == "sqlite":
        os.chmod(connection.settings_dict["NAME"], 0o640)  # else the doctor has something to say
    heartbeat.beat(timezone.now())
    text = html(owner)
    assert "All is well: there is nothing for you to do." in text and "seconds ago" in text
    assert "never" not in text and 'class="problem"' not in text


def test_how_long_the_oldest_task_has_waited(owner):
    assert "the oldest came" not in html(owner)
    task = make_result("READY")
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=timezone.now() - timedelta(minutes=7))
    assert "the oldest came 7 minutes ago" in html(owner)


def test_a_site_that_is_not(owner):
    Mail.objects.create(kind="held", key="1", status=Mail.Status.DEAD)
    text = html(owner)
    assert "1 thing does not work." in text
    assert "No worker has ever run here" in text and "Start it: manage.py serve does" in text
    assert "1 mail could not be sent." in text
    # What does not work comes before what should be seen to.
    assert text.index('class="problem"') < text.index('class="warning"')


def test_the_charts_show_days_and_what_became_of_comments(owner):
    heartbeat.beat(timezone.now())
    post = make_post()
    for status in (Comment.Status.APPROVED, Comment.Status.APPROVED, Comment.Status.SPAM, Comment.Status.PENDING):
        make_comment(post, status=status)
    make_comment(post, created_at=timezone.now() - timedelta(days=40))
    text = html(owner)
    assert '<h3>Approved <span class="faded">2</span></h3>' in text and "Together: 2." in text
    assert '<h3>Rejected or removed <span class="faded">0</span></h3>' in text
    assert text.count('<svg viewBox="0 0 360 100"') == 3
    assert "style=" not in text.partition('class="desk wellbeing"')[2]


def test_days_are_those_of_the_sites_zone():
    now = datetime(2026, 3, 14, 12, tzinfo=UTC)
    make_comment(make_post(), created_at=datetime(2026, 3, 13, 22, tzinfo=UTC), status=Comment.Status.APPROVED)
    charts = pictures.comments(now, ZoneInfo("Asia/Tehran"))
    assert [number for _day, number in charts[0]["rows"]][:2] == [1, 0]
    charts = pictures.comments(now, ZoneInfo("UTC"))
    assert [number for _day, number in charts[0]["rows"]][:2] == [0, 1]


def test_answers_are_counted(owner):
    before = pictures.Answers.counted()
    counters.hit.inc()
    counters.answered("home", "GET", 500, 0.03)
    counters.answered("home", "GET", 200, 99)
    after = pictures.Answers.counted()
    assert (after.hit - before.hit, after.failed - before.failed, after.total - before.total) == (1, 1, 1)
    was = dict(before.within)
    assert {how: times - was.get(how, 0) for how, times in after.within if times - was.get(how, 0)} == {
        "up to 50 ms": 1,
        "longer than 10 s": 1,
    }
    text = html(owner)
    assert "requests were answered from memory" in text and "How long answers took to make" in text


def test_the_doctor_is_asked_by_a_button(owner, queue):
    assert owner.post(LOOK).status_code == 302
    assert owner.post(LOOK).status_code == 302  # once more: the worker has it to do already
    assert [result.task_path for result in DBTaskResult.objects.all()] == [TASK]
    text = html(owner)
    assert "The worker is looking. Open this page again" in text and '<button type="submit" disabled>' in text


def test_the_task_says_what_the_doctor_does():
    found = look_at_everything.call()
    assert {each["check"] for each in found} >= {"settings", "database", "mail", "worker"}
    assert {each["level"] for each in found} <= {"ok", "warning", "problem"}


def test_what_the_doctor_found_is_shown_with_what_to_do(owner):
    heartbeat.beat(timezone.now())
    looked(("mail", "problem", "Old words.", "Old."), at=timezone.now() - timedelta(days=1))
    looked(
        ("mail", "problem", "The mail server refuses.", "Mend <EMAIL_URL>."),
        ("cache", "ok", "Redis counts.", ""),
        ("worker", "problem", "No tick then.", "Start it."),  # what is looked at now is not shown as it was then
    )
    text = html(owner)
    assert "The mail server refuses." in text and "Mend &lt;EMAIL_URL&gt;." in text
    for unseen in ("Redis counts.", "No tick then.", "Old words."):
        assert unseen not in text
    assert "Everything was looked at on" in text


@pytest.mark.parametrize("role", ["Editor", "Moderator", "Author", "Contributor"])
def test_it_is_for_owners(client, role):
    client.force_login(make_user("edda", role))
    assert (client.get(PAGE).status_code, client.post(LOOK).status_code) == (403, 403)
    assert "How is the site?" not in client.get("/admin/").content.decode()


def test_strangers_are_sent_to_the_door(client):
    assert client.get(PAGE).headers["Location"].startswith("/admin/login/")


def test_the_button_is_no_link(owner):
    assert (owner.get(LOOK).status_code, owner.post(PAGE).status_code) == (405, 405)


def test_the_desk_leads_there(owner):
    assert f'<a href="{PAGE}">How is the site?</a>' in owner.get("/admin/").content.decode()


def test_it_takes_few_queries(owner):
    post = make_post()
    for number in range(5):
        make_comment(post)
        make_result("FAILED", finished_at=timezone.now(), task_path=f"some.task{number}")
    owner.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        owner.get(PAGE)
    # Session, user and site; worker; tasks (2); mails owed (2); the last look, and whether one is underway; the queue;
    # mails; tasks; tick; on PostgreSQL the database's size; comments.
    assert len(queries) <= 18, [query["sql"] for query in queries]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "never"), (1, "1 second ago"), (119, "119 seconds ago"), (120, "2 minutes ago")]
    + [(7_199, "119 minutes ago"), (7_200, "2 hours ago"), (200_000, "2 days ago")],
)
def test_ago(seconds, said):
    assert pictures.ago(seconds) == said
