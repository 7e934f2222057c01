"""Change-then-read, on one node, on two, and through nginx (strict.py)."""

from collections.abc import Iterator

from tests.benchmarks import files
from tests.benchmarks.servers import LeftOut, Servers
from tests.benchmarks.strict import Found, rounds
from tests.benchmarks.table import COUNT, Line

TITLE = "Strictness"
SAYS = (
    "In each round another process publishes, edits, approves, rejects, withdraws or changes the settings, by the "
    "site's own code; once that is committed every process is asked for what shows it, as it was during the change. "
    "Stale is an answer as it was before; a leak is one with words of a draft, a waiting comment or a signed-in reader."
)
BEHIND_NGINX = 5  # times fewer rounds: in each, pages are given the time to become files
SETTLE = 0.03


def measure(bench) -> Iterator[Line | str]:
    for name, of_kind in {"4 processes, SQLite": one_node, "2 nodes, PostgreSQL": two_nodes, "nginx": nginx}.items():
        try:
            with Servers() as servers:
                yield from lines(name, of_kind(bench, servers))
        except LeftOut as reason:
            yield f"{name}: {reason}"


def lines(name: str, found: Found) -> Iterator[Line]:
    figures = f"of {found.reads:,} answers in {found.rounds:,} rounds"
    if found.from_files:
        figures += f", {found.from_files:,} of them from files"
    yield Line(f"{name}: stale", [found.stale], most=0, form=COUNT, figures="; ".join([figures, *found.examples]))
    figures = f"beside {found.private:,} answers that rightly had such words"
    yield Line(f"{name}: leaks", [found.leaks], most=0, form=COUNT, figures=figures)


def one_node(bench, servers: Servers) -> Found:
    environ = bench.sites.sqlite(servers, bare=True, WEB_CONCURRENCY="4")
    return rounds(bench.strict, {servers.gunicorn(environ)[0]: 4}, environ)


def two_nodes(bench, servers: Servers) -> Found:
    environ = bench.sites.postgres(servers, bare=True)
    nodes = {servers.gunicorn(environ)[0]: 2, servers.gunicorn(environ)[0]: 2}
    return rounds(bench.strict, nodes, environ)


def nginx(bench, servers: Servers) -> Found:
    site, environ = files.start(servers, bench.sites.sqlite(servers, bare=True), workers=2)
    return rounds(max(1, bench.strict // BEHIND_NGINX), {site: 1}, environ, settle=SETTLE)
