"""/healthz and /readyz: what a probe is told, whatever else is down."""

import json
import subprocess
import sys
import time
import urllib.request

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from config import health, heartbeat, wsgi
from config.health import Health
from tests.config.command import ROOT, environment, free_port
from tests.config.test_redis import redis  # noqa: F401  a fixture


@pytest.fixture
def probe(monkeypatch):
    """Asks a Health that has nothing behind it: status, headers and what was said."""
    # They would end the test's own transaction.
    monkeypatch.setattr(health, "close_old_connections", lambda: None)

    def ask(path: str, method: str = "GET"):
        said = []
        body = b"".join(ask.health({"PATH_INFO": path, "REQUEST_METHOD": method}, lambda *args: said.extend(args)))
        return int(said[0][:3]), dict(said[1]), json.loads(body or "null")

    ask.health = Health(lambda environ, start_response: start_response("404 Not Found", []) or [])
    return ask


def test_alive_without_anything(probe):
    """This test may use no database: it would fail."""
    status, headers, said = probe("/healthz")
    assert (status, said) == (200, {"alive": True})
    assert headers["Cache-Control"] == "no-store" and headers["Content-Type"] == "application/json"
    assert "Set-Cookie" not in headers and headers["Content-Length"] == "15"


def test_it_is_before_all_others():
    assert isinstance(wsgi.application, Health)
    said = []
    environ = {"PATH_INFO": "/healthz", "REQUEST_METHOD": "GET", "HTTP_HOST": "10.0.0.5:8000"}  # a balancer's words
    assert wsgi.application(environ, lambda *args: said.extend(args)) == [b'{"alive": true}']
    assert said[0] == "200 OK"


def test_others_pass(probe):
    assert [probe(path)[0] for path in ("/", "/healthz/", "/readyz/more")] == [404, 404, 404]


def test_head_and_other_methods(probe):
    status, headers, said = probe("/healthz", "HEAD")
    assert (status, headers["Content-Length"], said) == (200, "15", None)
    status, headers, _said = probe("/healthz", "POST")
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.django_db
def test_ready(probe):
    heartbeat.beat(timezone.now())
    status, headers, said = probe("/readyz")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    seen = {"database": "ok", "migrations": "ok", "storage": "ok", "cache": "off", "worker": "ok"}
    assert said == {"ready": True} | seen


@pytest.mark.django_db
def test_a_late_worker_is_told_and_takes_nothing_out_of_service(probe):
    status, _headers, said = probe("/readyz")
    assert (status, said["ready"], said["worker"]) == (200, True, "late")


@pytest.mark.django_db
def test_without_migrations_it_is_not_ready(probe, monkeypatch):
    monkeypatch.setattr(health, "waiting_migrations", lambda: 2)
    status, _headers, said = probe("/readyz")
    assert (status, said["database"], said["migrations"]) == (503, "ok", "late")
    monkeypatch.setattr(health, "waiting_migrations", lambda: 0)
    probe.health.looked = float("-inf")
    assert probe("/readyz")[0] == 200


@pytest.mark.django_db
def test_a_database_that_goes_away_and_comes_back(probe, monkeypatch):
    assert probe("/readyz")[0] == 200

    def away():
        raise OperationalError("no route to very-secret")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        assert probe("/readyz")[0] == 200  # as it was less than a second ago
        probe.health.looked = float("-inf")
        status, _headers, said = probe("/readyz")
        assert (status, said["database"], said["worker"]) == (503, "away", "away")
        assert "very-secret" not in str(said) and probe("/healthz")[0] == 200
    probe.health.looked = float("-inf")
    assert probe("/readyz")[0] == 200


@pytest.mark.django_db
def test_a_full_disk_is_not_ready(probe, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1_000}))
    status, _headers, said = probe("/readyz")
    assert (status, said["storage"]) == (503, "away")


@pytest.mark.django_db
def test_redis(probe, redis):  # noqa: F811
    assert probe("/readyz")[2]["cache"] == "ok"


@pytest.mark.django_db
def test_a_redis_that_is_away_is_told_and_takes_nothing_out_of_service(probe, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    status, _headers, said = probe("/readyz")
    assert (status, said["cache"]) == (200, "away")


@pytest.mark.django_db(transaction=True)
def test_many_probes_ask_once_a_second(probe, django_assert_num_queries):
    probe("/readyz")
    with django_assert_num_queries(0):
        assert [probe("/readyz")[0] for _ in range(20)] == [200] * 20
    probe.health.looked = float("-inf")
    with django_assert_num_queries(2):  # the database answers; the worker's time
        probe("/readyz")


@pytest.mark.slow
def test_on_a_site_that_asks_for_https(demo_site):
    """gunicorn itself, by plain http and with another host, as a container's health check asks."""
    port = free_port()
    environ = environment(demo_site, SITE_URL="https://blog.example.org", TRUSTED_PROXIES="10.0.0.1", PORT=str(port))
    site = subprocess.Popen([sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"], cwd=ROOT, env=environ)
    try:
        for path in ("/healthz", "/readyz"):
            assert answered(f"http://127.0.0.1:{port}{path}") == 200
    finally:
        site.terminate()
        site.wait(20)


def answered(address: str) -> int:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")
