"""Taking comments: the whole policy with 20,000 block rules (posting.py)."""

from collections.abc import Iterator
from statistics import median

from tests.benchmarks import posting
from tests.benchmarks.servers import program
from tests.benchmarks.table import COUNT, MS, Line

TITLE = "Posting comments"
SAYS = (
    "Comments a second over eight connections, as a fraction of pages of the constant, on SQLite: each has passed the "
    "whole policy with 20,000 block rules and is safe on the disk before it is answered. Lost are those that were "
    "answered and are not stored exactly once."
)


def measure(bench) -> Iterator[Line]:
    program("wrk")
    found = posting.measure(bench.rounds)
    figures = f"{median(found['comments/s']):.0f} comments/s, p50 {median(found['p50 ms']):.1f} ms"
    yield Line("comments, of the constant", found["of the constant"], 0.03, form="{:.3f}", figures=figures)
    disk = f"fdatasync of 4 kB takes {median(found['disk ms']):.2f} ms"
    yield Line("p99 of an answer", found["p99 ms"], most=60, form=MS, figures=disk)
    yield Line("comments lost", [found["lost"]], most=0, form=COUNT, figures=f"of {found['taken']:,}")
