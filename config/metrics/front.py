"""Answers /metrics, in front of the page cache and of Django: whatever else is down, the numbers are there.

Not public: for this machine without a proxy between, or with METRICS_TOKEN. To everybody else it is an address that
leads nowhere.
"""

import hmac
import ipaddress
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from config.headers import before_django
from config.metrics import counters, figures

HERE = {"localhost", "127.0.0.1", "[::1]"}
BY_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")
BY_PROXY += ("HTTP_X_REAL_IP", "HTTP_VIA")

Application = Callable[[dict, Callable], Iterable[bytes]]


class Metrics:
    """A WSGI application before all others but that of health."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/metrics" or not may_see(environ):
            return self.application(environ, start_response)
        headers = [*before_django(environ).items(), ("Cache-Control", "no-store")]
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            start_response("405 Method Not Allowed", [*headers, ("Allow", "GET, HEAD"), ("Content-Length", "0")])
            return []
        body = text()
        length = ("Content-Length", str(len(body)))
        start_response("200 OK", [*headers, ("Content-Type", CONTENT_TYPE_LATEST), length])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def may_see(environ: dict) -> bool:
    token = environ.get("HTTP_AUTHORIZATION", "")
    if settings.METRICS_TOKEN and token:
        return hmac.compare_digest(token.encode("latin-1"), f"Bearer {settings.METRICS_TOKEN}".encode())
    if any(name in environ for name in BY_PROXY):
        return False
    # A proxy that says nothing of whom it asks for passes on the name of the site.
    host = environ.get("HTTP_HOST", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    try:
        return name in HERE and ipaddress.ip_address(environ.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def text() -> bytes:
    now_and_here = CollectorRegistry()
    now_and_here.register(Site())
    return generate_latest(counters.of_all_processes()) + generate_latest(now_and_here)


class Site(Collector):
    """What figures.py knows. Without a database the rest is there, and marginalia_database_up says 0."""

    def describe(self) -> list:
        return []  # or it would be collected once more, to learn its names

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from _of_disk()
        close_old_connections()  # Django does so for its own requests alone
        try:
            found = list(_of_database())
            yield _gauge("database_up", "Whether the database answers.", 1)
            yield from found
        except DatabaseError:
            yield _gauge("database_up", "Whether the database answers.", 0)
        finally:
            close_old_connections()


def _of_disk() -> Iterator[GaugeMetricFamily]:
    disk = figures.disk()
    yield _gauge("disk_free_bytes", "Free where DATA_DIR is.", disk.free)
    yield _gauge("disk_total_bytes", "Room where DATA_DIR is.", disk.total)
    yield _gauge("ready_pages_as_files", "Pages that nginx serves by itself.", figures.pages_as_files())


def _of_database() -> Iterator[GaugeMetricFamily]:
    now = timezone.now()
    yield _gauge("database_size_bytes", "What the database takes on its disk.", figures.database_size())
    yield _gauge("comments_waiting", "Comments that wait for a decision.", figures.queue())
    verdicts = _gauge(
        "comment_verdicts", "What became of comments in the last hour.", labels=["status", "by", "reason"]
    )
    for status, rule, reason, times in figures.verdicts(now):
        verdicts.add_metric([status, rule or "person", reason], times)
    yield verdicts
    mails = figures.mails()
    yield _gauge("mails_waiting", "Mails that are owed.", mails.waiting)
    yield _gauge("mails_failed", "Mails that could not be sent.", mails.failed)
    tasks = figures.tasks(now)
    yield _gauge("tasks_waiting", "Tasks that wait for the worker.", tasks.waiting)
    yield _gauge("oldest_task_age_seconds", "How long the oldest task has waited; 0 if none does.", tasks.oldest or 0)
    if (age := figures.tick_age(now)) is not None:
        yield _gauge("tick_age_seconds", "Since the worker ticked last: it should stay below 300.", age)
    if backup := figures.last_backup(now):
        yield _gauge("backup_age_seconds", "Since the newest backup in BACKUP_DIR.", backup.age)
        yield _gauge("backup_size_bytes", "Of the newest backup in BACKUP_DIR.", backup.size)


def _gauge(name: str, words: str, value: float | None = None, labels: list[str] | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"marginalia_{name}", words, value=value, labels=labels)
