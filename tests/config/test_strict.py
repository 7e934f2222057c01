"""The page cache under gunicorn: what another process has changed, every process shows at once, and nothing private.

`make bench ONLY=strictness` does the same thousands of times, on two nodes, and through nginx.
"""

import os

import pytest
from django.apps import apps

from config.roles import make_roles
from tests.benchmarks.servers import Servers
from tests.benchmarks.strict import rounds
from tests.config.command import database_url, environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def environ(static_only):
    make_roles(apps)
    values = {"DATABASE_URL": database_url(), "SECRET_KEY": os.environ["SECRET_KEY"], "WEB_CONCURRENCY": "2"}
    return environment(static_only, DJANGO_SETTINGS_MODULE="config.settings", **values)


def test_no_process_is_ever_late_or_tells_what_is_private(environ):
    with Servers() as servers:
        nodes = {servers.gunicorn(environ)[0]: 2 for _ in range(2)}
        found = rounds(200, nodes, environ)
    assert (found.stale, found.leaks) == (0, 0), found.examples
    assert found.rounds == 200 and found.private > 50 and len(found.verbs) == 9


def test_a_careless_cache_is_found_out(environ):
    with Servers() as servers:
        site, _ = servers.gunicorn(environ, "tests.benchmarks.careless:application")
        found = rounds(30, {site: 2}, environ)
    assert found.stale
