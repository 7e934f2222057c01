"""Pages that no page cache holds, as fractions of a Django view that answers the same bytes from a constant.

    python -m tests.benchmarks.uncached
    DATABASE_URL=postgres://… python -m tests.benchmarks.uncached     in a database of its own beside that one

In one process and without a server: Django's WSGI handler, with the settings of production, so that both pass the same
middleware. Ratios, never seconds: of processor time, the quickest of each round, the median of interleaved rounds. What
a database server does meanwhile is not in it. “First” is a page of which nothing was shown lately: its parts are
forgotten before.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from io import BytesIO

ROUNDS, TIMES = 15, 12
PAGES = {
    "post with 50 comments": "/2026/03/tides/",
    "home": "/",
    "label": "/label/sea/",
    "search": "/search/?q=harbour",
    "feed": "/feed.atom",
}


def main() -> None:
    for name, found in measure().items():
        took = {way: statistics.median(rounds) for way, rounds in found["seconds"].items()}
        again, first = (took["constant"] / took[way] for way in ("again", "first"))
        print(f"{name:24} {found['bytes']:8,} bytes   {again:.3f} of the constant   first {first:.3f}")


def measure(rounds: int = ROUNDS) -> dict[str, dict]:
    """Of each page its bytes, and the seconds of each round. Once in a process: Django is set up here."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.setdefault("SECRET_KEY", "only-for-benchmarks-" + "x" * 30)
        import django

        django.setup()
        with site():
            from django.core.wsgi import get_wsgi_application

            return in_turns(get_wsgi_application(), rounds)


@contextmanager
def site():
    """What is measured, in a database that is gone afterwards."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from tests.benchmarks import content

    settings.ROOT_URLCONF = "tests.benchmarks.beside"
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "bench.sqlite3")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("collectstatic", verbosity=0, interactive=False)
        content.make()
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def in_turns(application: Callable, rounds: int) -> dict[str, dict]:
    from tests.benchmarks.beside import ANSWERS

    for name, address in PAGES.items():
        content_type, body = get(application, address)
        ANSWERS[name] = body, content_type
    found: dict[str, dict[str, list[float]]] = {name: {"constant": [], "again": [], "first": []} for name in PAGES}
    for _ in range(rounds):
        for name, address in PAGES.items():
            found[name]["constant"].append(seconds(lambda name=name: get(application, f"/constant/{name}")))
            found[name]["again"].append(seconds(lambda address=address: get(application, address)))
            found[name]["first"].append(seconds(lambda address=address: get(application, address), forget))
    return {name: {"bytes": len(ANSWERS[name][0]), "seconds": ways} for name, ways in found.items()}


def get(application: Callable, address: str) -> tuple[str, bytes]:
    """The type and the body of the answer, read and closed as a server does."""
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    answered = []
    response = application(environ, lambda status, headers: answered.append((status, dict(headers))))
    body = b"".join(response)
    response.close()
    status, headers = answered[0]
    if status != "200 OK":
        raise SystemExit(f"{address}: {status}")
    return headers["Content-Type"], body


def seconds(ask: Callable, before: Callable = lambda: None) -> float:
    """The quickest of some, which other work on the machine disturbs least."""
    ask()
    took = []
    for _ in range(TIMES):
        before()
        begun = time.process_time()
        ask()
        took.append(time.process_time() - begun)
    return min(took)


def forget() -> None:
    from blog.addresses import address
    from blog.templatetags.pieces import _rendered
    from comments.articles import _moment
    from comments.faces import face
    from comments.tokens import _of_page

    for remembered in (address, _rendered, _moment, _of_page, face):
        remembered.cache_clear()


if __name__ == "__main__":
    main()
