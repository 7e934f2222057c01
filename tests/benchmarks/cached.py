"""Ready pages, as fractions of a constant of as many bytes under the same gunicorn."""

import urllib.request
from collections.abc import Iterator

from tests.benchmarks.load import WAYS, rate
from tests.benchmarks.servers import LeftOut, Servers
from tests.benchmarks.table import Line, in_turns, per_second, ratios

TITLE = "Ready pages"
SAYS = (
    "A page that is ready, each time checked against the database, as a fraction of a bare WSGI function that answers "
    "as many bytes under the same gunicorn: 1.00 would say that the whole site costs nothing."
)
POST = "/2026/03/tides/"
OTHERS = {"home": "/", "label": "/label/sea/", "feed": "/feed.atom"}
LEAST = {"SQLite": 0.75, "PostgreSQL": 0.50, "PgBouncer": 0.35}


def measure(bench) -> Iterator[Line | str]:
    with Servers() as servers:
        sites = {"SQLite": servers.gunicorn(bench.sites.sqlite(servers))[0]}
        try:
            environ = bench.sites.postgres(servers)
            sites["PostgreSQL"] = servers.gunicorn(environ)[0]
            behind = servers.pgbouncer(environ["DATABASE_URL"])
            sites["PgBouncer"] = servers.gunicorn(environ | {"DATABASE_URL": behind})[0]
        except LeftOut as reason:
            yield str(reason)
        constant = servers.constant(bench.sites.sqlite(servers))
        asked: dict[str, tuple[str, dict]] = {}  # what is measured: its address and headers
        base: dict[str, str] = {}  # and the constant that it is a fraction of
        for way, headers in WAYS.items():
            size = len(get(sites["SQLite"] + POST, headers)[0])
            asked[f"constant of {size:,} bytes"] = f"{constant}/{size}", {}
            for kind, site in sites.items():
                asked[f"{kind}: post, {way}"] = site + POST, headers
                base[f"{kind}: post, {way}"] = f"constant of {size:,} bytes"
        asked["constant 304"] = f"{constant}/304", {}
        for kind, site in sites.items():
            known = get(site + POST, WAYS["gzip"])[1]["ETag"]
            asked[f"{kind}: post, 304"] = site + POST, WAYS["gzip"] | {"If-None-Match": known}
            base[f"{kind}: post, 304"] = "constant 304"
        for name, path in OTHERS.items():
            size = len(get(sites["SQLite"] + path, WAYS["gzip"])[0])
            asked[f"constant of {size:,} bytes"] = f"{constant}/{size}", {}
            asked[f"SQLite: {name}, gzip"] = sites["SQLite"] + path, WAYS["gzip"]
            base[f"SQLite: {name}, gzip"] = f"constant of {size:,} bytes"
        found = in_turns(bench.rounds, {name: lambda given=given: rate(*given) for name, given in asked.items()})
        for name, of in base.items():
            least = LEAST[name.partition(":")[0]] if "post" in name else None
            figures = f"{per_second(found[name])} of {per_second(found[of])} ({of})"
            yield Line(name, ratios(found[name], found[of]), least=least, figures=figures)


def get(address: str, headers: dict[str, str]) -> tuple[bytes, dict]:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20) as answer:
        return answer.read(), answer.headers
