"""Reading one post at half of what the site can do, while comments come and are approved under others."""

from collections.abc import Iterator

from tests.benchmarks.cached import POST
from tests.benchmarks.load import WAYS, Paced, paced, rate
from tests.benchmarks.servers import Servers
from tests.benchmarks.table import COUNT, MS, Line, per_second
from tests.benchmarks.talk import Talk

TITLE = "Reading while others write"
SAYS = (
    "A ready page is asked for at half the pace that the site can answer at, each request at its own moment, first "
    "while nothing else happens and then while 20 comments a second are posted and approved under other posts."
)
COMMENTS, SECONDS = 20, 4
MOST_MORE = 20  # milliseconds


def measure(bench) -> Iterator[Line]:
    with Servers() as servers:
        environ = bench.sites.sqlite(servers, TRUSTED_PROXIES="127.0.0.1")
        site, _ = servers.gunicorn(environ)
        most, quiet, busy, said = [], [], [], []
        for _ in range(bench.rounds):
            most.append(rate(site + POST, WAYS["gzip"]))
            talk = Talk(site, environ, COMMENTS, SECONDS)
            quiet.append(paced(site + POST, most[-1] / 2, SECONDS, "--gzip"))
            reading = Paced(site + POST, most[-1] / 2, SECONDS, "--gzip")
            talk.begin()
            said.append(talk.result())
            busy.append(reading.result())
        figures = f"half of {per_second(most)}"
        yield Line("p99 of a ready page, nothing else", [one["p99"] for one in quiet], form=MS, figures=figures)
        posted, took = sum(one["approved"] for one in said), sum(one["seconds"] for one in said)
        figures = f"{posted / took:.0f} comments/s posted and approved"
        yield Line("p99 of a ready page, comments come", [one["p99"] for one in busy], form=MS, figures=figures)
        more = [one["p99"] - other["p99"] for one, other in zip(busy, quiet, strict=True)]
        yield Line("p99: how much more that is", more, most=MOST_MORE, form=MS)
        failed = sum(len(one["failed"]) for one in [*busy, *quiet]) + sum(len(one["failed"]) for one in said)
        yield Line("readers and comments that failed", [failed], most=0, form=COUNT)
