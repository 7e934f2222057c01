"""Readers while others hold connections open and say nothing, or half of what they have to say."""

from collections.abc import Iterator

from tests.benchmarks.cached import POST
from tests.benchmarks.load import Held, paced
from tests.benchmarks.servers import Servers
from tests.benchmarks.table import COUNT, MS, Line

TITLE = "Idle connections"
SAYS = (
    "200 connections are opened and stay silent, 200 more stop in the middle of a request; meanwhile readers come at a "
    "fixed pace, each over a new connection, straight to gunicorn with two workers of four threads."
)
IDLE, HALF, A_SECOND, SECONDS = 200, 200, 100, 3


def measure(bench) -> Iterator[Line]:
    with Servers() as servers:
        site, _ = servers.gunicorn(bench.sites.sqlite(servers))
        quiet, busy, still = [], [], []
        for _ in range(bench.rounds):
            quiet.append(paced(site + POST, A_SECOND, SECONDS, "--fresh", "--gzip"))
            with Held(site, IDLE, HALF) as held:
                busy.append(paced(site + POST, A_SECOND, SECONDS, "--fresh", "--gzip"))
                still.append(held.still_open())
        yield Line("p99 of a page, nobody else there", [one["p99"] for one in quiet], form=MS)
        figures = f"{min(still)} of {IDLE + HALF} connections were still held at the end"
        yield Line(
            "p99 of a page, 400 connections held", [one["p99"] for one in busy], most=50, form=MS, figures=figures
        )
        figures = f"of {sum(one['answered'] for one in busy):,}"
        yield Line(
            "readers that failed", [sum(len(one["failed"]) for one in busy)], most=0, form=COUNT, figures=figures
        )
