"""The moderator's desk on the small and the large site (desk.py)."""

from collections.abc import Iterator
from statistics import median

from tests.benchmarks.growth import both
from tests.benchmarks.table import Line, ratios

TITLE = "The moderator's desk"
SAYS = "The same for what moderators see and do: the queue and its filters, the search in it, the log, decisions."
MOST = 1.5


def measure(bench) -> Iterator[Line]:
    small, large = both(bench, "-m", "tests.benchmarks.desk", "--measure")
    sizes = [f"{one.pop('comments')[0]:,}" for one in (small, large)]
    for name in small:
        if name in large:
            first, second = ([seconds * 1000 for seconds, _ in one[name]] for one in (small, large))
            figures = f"{median(first):.1f} → {median(second):.1f} ms"
            yield Line(f"{name}, {sizes[1]} comments to {sizes[0]}", ratios(second, first), most=MOST, figures=figures)
