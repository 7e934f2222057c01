"""/metrics: who may see the figures, and what they say."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from blog.models import Mail
from comments import moderation
from comments.models import Comment
from config import heartbeat, wsgi
from config.backup import schedule
from config.metrics import counters, figures, front
from config.metrics.front import Metrics, may_see
from tests.config.reader import ask
from tests.config.test_tick import make_result
from tests.factories import make_comment, make_post, make_user

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}
AFAR = {"REMOTE_ADDR": "203.0.113.9", "HTTP_HOST": "blog.example.org"}
TOKEN = "a-token-of-the-owner"


def elsewhere(environ, start_response):
    start_response("404 Not Found", [])
    return [b"nothing here"]


@pytest.fixture
def metrics(monkeypatch):
    # They would end the test's own transaction.
    monkeypatch.setattr(front, "close_old_connections", lambda: None)
    return lambda method="GET", **environ: ask(Metrics(elsewhere), "/metrics", method, "127.0.0.1", HERE | environ)


def values(text: str) -> dict[str, float]:
    """By name and labels, as they stand in the text."""
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.django_db
def test_it_works(metrics):
    answer = metrics()
    assert answer.status == 200 and answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/plain") and "set-cookie" not in answer.headers
    found = values(answer.text)
    assert found["marginalia_database_up"] == 1 and found["marginalia_database_size_bytes"] > 10_000
    assert 0 < found["marginalia_disk_free_bytes"] < found["marginalia_disk_total_bytes"]


def test_it_is_before_all_but_health():
    assert isinstance(wsgi.application.application, Metrics)


@pytest.mark.parametrize(
    ("environ", "may"),
    [
        (HERE, True),
        (HERE | {"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"}, True),
        (HERE | {"HTTP_HOST": "localhost"}, True),
        (AFAR, False),
        (AFAR | {"HTTP_HOST": "127.0.0.1"}, False),
        (HERE | {"HTTP_HOST": "blog.example.org"}, False),  # a proxy on this machine that says nothing else
        (HERE | {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        (HERE | {"HTTP_FORWARDED": "for=127.0.0.1"}, False),
        (HERE | {"HTTP_X_REAL_IP": "127.0.0.1"}, False),
        (HERE | {"REMOTE_ADDR": ""}, False),
        (AFAR | {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, True),
        (HERE | {"HTTP_X_FORWARDED_FOR": "203.0.113.9", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, True),
        (AFAR | {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}x"}, False),
        (AFAR | {"HTTP_AUTHORIZATION": "Bearer é"}, False),
        (AFAR | {"HTTP_AUTHORIZATION": TOKEN}, False),
    ],
)
def test_who_may_see(settings, environ, may):
    settings.METRICS_TOKEN = TOKEN
    assert may_see(environ) is may


def test_without_a_token_no_word_opens_it(settings):
    settings.METRICS_TOKEN = ""
    for said in ("Bearer ", "Bearer", "Bearer None"):
        assert not may_see(AFAR | {"HTTP_AUTHORIZATION": said})


def test_to_others_it_leads_nowhere(metrics):
    answer = metrics(**AFAR)
    assert (answer.status, answer.body) == (404, b"nothing here")


@pytest.mark.django_db
def test_head_and_other_methods(metrics):
    assert (metrics("HEAD").status, metrics("HEAD").body) == (200, b"")
    answer = metrics("POST")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.django_db
def test_it_says_how_the_site_is(metrics):
    now = timezone.now()
    comment = make_comment(make_post(), status=Comment.Status.PENDING)
    make_comment(comment.post, status=Comment.Status.PENDING)
    moderation.decide([comment], "spam", actor=make_user("ada", "Moderator"))
    Mail.objects.create(kind="held", key="1")
    Mail.objects.create(kind="held", key="2", status=Mail.Status.DEAD)
    make_result("READY")
    type(make_result("READY")).objects.update(enqueued_at=now - timedelta(minutes=10))
    heartbeat.beat(now - timedelta(minutes=2))
    found = values(metrics().text)
    assert found["marginalia_comments_waiting"] == 1
    assert found["marginalia_comment_verdicts by=person reason=by_moderator status=spam"] == 1
    assert (found["marginalia_mails_waiting"], found["marginalia_mails_failed"]) == (1, 1)
    assert found["marginalia_tasks_waiting"] == 2
    assert 600 <= found["marginalia_oldest_task_age_seconds"] < 660
    assert 120 <= found["marginalia_tick_age_seconds"] < 180


@pytest.mark.django_db
def test_verdicts_of_long_ago_are_no_news(time_machine):
    comment = make_comment(make_post(), status=Comment.Status.PENDING)
    moderation.decide([comment], "spam", actor=make_user("ada", "Moderator"))
    assert len(figures.verdicts(timezone.now())) == 1
    assert figures.verdicts(timezone.now() + timedelta(hours=1, minutes=1)) == []


@pytest.mark.django_db
def test_a_look_takes_few_queries(metrics, django_assert_max_num_queries):
    make_comment(make_post(), status=Comment.Status.PENDING)
    with django_assert_max_num_queries(6):  # size on PostgreSQL, queue, verdicts, mails, tasks, tick
        metrics()


@pytest.mark.django_db
def test_a_database_that_is_away_is_told_beside_the_rest(metrics, monkeypatch):
    def away():
        raise OperationalError("no route to host")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        answer = metrics()
    found = values(answer.text)
    assert answer.status == 200 and found["marginalia_database_up"] == 0
    assert "marginalia_disk_free_bytes" in found and "marginalia_mails_waiting" not in found


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_not_by_address(client, metrics):
    def counted() -> dict[str, float]:
        return {name: value for name, value in values(metrics().text).items() if "request_seconds_count" in name}

    before = counted()
    client.get("/archive/")
    client.get("/nobody@example.org/")
    client.generic("BREW", "/archive/")
    name = "marginalia_request_seconds_count"
    after = {name: value - before.get(name, 0) for name, value in counted().items()}
    assert after[f"{name} method=GET status=200 view=archive"] == 1
    assert after[f"{name} method=GET status=404 view=none"] == 1
    assert sum(value for label, value in after.items() if "method=other" in label) == 1
    assert "nobody" not in metrics().text and "BREW" not in metrics().text


@pytest.mark.django_db(transaction=True)
def test_the_page_cache_is_counted(reader):
    def counted() -> dict[str, float]:
        return {name: getattr(counters, name)._value.get() for name in ("hit", "made", "passed")}

    def difference(*addresses: str) -> dict[str, float]:
        before = counted()
        for address in addresses:
            reader.get(address)
        return {name: value - before[name] for name, value in counted().items()}

    make_post()
    assert difference("/") == {"hit": 0, "made": 1, "passed": 0}
    assert difference("/", "/") == {"hit": 2, "made": 0, "passed": 0}
    assert difference("/admin/login/", "/nothing/") == {"hit": 0, "made": 0, "passed": 2}
    assert counters.pages._value.get() >= 1


@pytest.mark.django_db
def test_backups(settings, tmp_path):
    now = timezone.now()
    settings.BACKUP_DIR = tmp_path
    assert figures.last_backup(now) is None
    made = tmp_path / "one.backup"
    made.write_bytes(b"x" * 10)
    schedule.record_made(now - timedelta(hours=2), made)
    assert figures.last_backup(now) == (7200, 10)
    settings.BACKUP_DIR = None
    assert figures.last_backup(now) is None
