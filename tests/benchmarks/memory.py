"""What one of gunicorn's processes takes: its proportional set size, of shared memory its share."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.cached import POST
from tests.benchmarks.servers import Servers, workers
from tests.benchmarks.strict import wires_to
from tests.benchmarks.table import MIB, Line

TITLE = "Memory"
SAYS = (
    "Of each of gunicorn's two processes, as Linux counts it (PSS): after its first page, and the most it takes while "
    "its store of ready pages, which has a limit, is filled beyond that."
)
PAGES = 1_500  # of 70 kB, to each process: beyond what it keeps
LOOK_EVERY = 50


def measure(bench) -> Iterator[Line]:
    with Servers() as servers:
        site, master = servers.gunicorn(bench.sites.sqlite(servers))
        wires = wires_to(site, 2, servers)[::2]
        ask(wires, urlsplit(site).netloc)
        cold = [pss(pid) for pid in workers(master)]
        yield Line("a process after its first page", cold, form=MIB)
        most = cold
        for number in range(PAGES):
            ask(wires, f"127.0.0.1:{1 + number}")  # kept by host: the same page counts as another
            if number % LOOK_EVERY == 0:
                most = [max(pair) for pair in zip(most, map(pss, workers(master)), strict=True)]
        yield Line("a process with all the ready pages it keeps", most, form=MIB)
        yield Line("gunicorn itself, without them", [pss(master.pid)], form=MIB)
    with Servers() as servers:
        process = servers.gunicorn(bench.sites.sqlite(servers), "tests.benchmarks.constant:application")[1]
        yield Line("a process of the constant", [pss(pid) for pid in workers(process)], form=MIB)


def ask(wires: list, host: str) -> None:
    for wire in wires:
        wire.request("GET", POST, headers={"Host": host})
    for wire in wires:
        answer = wire.getresponse()
        answer.read()
        assert answer.status == 200, answer.status


def pss(pid: int) -> float:
    """In MiB."""
    return int(re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1]) / 1024
