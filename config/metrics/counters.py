"""What each process counts of the requests that it answers."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from config.metrics import folder

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NO_VIEW = "none"  # an address that leads nowhere, or a static file
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

registry = CollectorRegistry()
requests = Histogram(
    "marginalia_request_seconds",
    "Requests that Django has answered, by the name of the view.",
    ["view", "method", "status"],
    buckets=SECONDS,
    registry=registry,
)
cache = Counter(
    "marginalia_page_cache",
    "Requests that reached the page cache: answered from it (hit), by a new page (made), or not at all (passed).",
    ["result"],
    registry=registry,
)
pages = Gauge(
    "marginalia_ready_pages_in_memory",
    "Pages that are ready in the memory of all processes together.",
    multiprocess_mode="livesum",
    registry=registry,
)
# Looked up once, since a ready page is answered in less time than a look takes.
hit, made, passed = (cache.labels(result) for result in ("hit", "made", "passed"))


def answered(view: str, method: str, status: int, seconds: float) -> None:
    """`view` is the name of a route: never what somebody typed, of which there is no end."""
    known = method if method in METHODS else "other"
    requests.labels(view or NO_VIEW, known, str(status)).observe(seconds)


def of_all_processes() -> CollectorRegistry:
    """To be collected once."""
    if folder.NAME not in os.environ:
        return registry
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together
