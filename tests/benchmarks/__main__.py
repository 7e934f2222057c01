"""`make bench`: everything that docs/benchmarks.md says, in one run, and that page.

    python -m tests.benchmarks                       all of it
    python -m tests.benchmarks --only cached strict  some groups; nothing is written
    python -m tests.benchmarks --sites SMALL LARGE   growth and search on sites that are there (manage.py
                                                     generate_content): folders, or postgres:// addresses

Ratios, never seconds: machines differ. Rounds are interleaved; medians count. Each group starts its own servers on
copies of throw-away sites, and ends them. Needs wrk; what else is missing is said, and its lines are left out.
"""

import argparse
import importlib
import signal
import subprocess
import sys
import time

import psycopg

from tests.benchmarks import table
from tests.benchmarks.posting import milliseconds_to_disk
from tests.benchmarks.servers import ROOT, LeftOut
from tests.benchmarks.sites import Sites

GROUPS = [
    "cached",
    "files",
    "uncached_pages",
    "growth",
    "moderating",
    "comments",
    "filter",
    "simulating",
    "idle",
    "busy",
    "strictness",
    "killed",
    "backups",
    "memory",
    "paint",
]
PAGE = ROOT / "docs" / "benchmarks.md"
INTRODUCTION = """\
# Benchmarks

Written by `make bench`{options}. Everything was measured in one run, in {rounds} interleaved rounds; servers, databases
and readers shared the machine. What counts are ratios within the run: seconds are this machine's.
"""


class Bench:
    """What the groups are given."""

    def __init__(self, asked: argparse.Namespace, sites: Sites) -> None:
        self.rounds, self.strict, self.sites = asked.rounds, asked.strict, sites


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", nargs="*", choices=GROUPS, help="groups; nothing is written then")
    parser.add_argument("--sites", nargs=2, metavar=("SMALL", "LARGE"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--strict", type=int, default=10_000, help="rounds of change-then-read")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    with Sites(asked.sites) as sites:
        bench, found = Bench(asked, sites), {}
        for name in asked.only or GROUPS:
            found[name] = run(name, bench)
        if not asked.only:
            options = f" SITES='{' '.join(asked.sites)}'" if asked.sites else ""
            write(found, INTRODUCTION.format(options=options, rounds=asked.rounds), milliseconds_to_disk(sites.folder))
    missed = [
        line.name for lines in found.values() for line in lines if isinstance(line, table.Line) and not line.is_met
    ]
    left_out = sum(isinstance(line, str) for lines in found.values() for line in lines)
    print(f"Not met: {'; '.join(missed)}" if missed else "Every target that was measured is met.")
    if left_out:
        print(f"Left out, as said above: {left_out}")


def run(name: str, bench: Bench) -> list[table.Line | str]:
    """The lines of a group; words say what was left out."""
    group, found, begun = importlib.import_module(f"tests.benchmarks.{name}"), [], time.monotonic()
    print(f"{group.TITLE} ({name})", flush=True)
    try:
        for line in group.measure(bench):
            found.append(line)
            print(f"  Left out: {line}" if isinstance(line, str) else table.plain(line), flush=True)
    except (LeftOut, subprocess.CalledProcessError, psycopg.Error) as reason:
        said = str(reason).strip().partition("\n")[0]
        found.append(said)
        print(f"  Left out: {said}", flush=True)
    print(f"  ({time.monotonic() - begun:.0f} s)", flush=True)
    return found


def write(found: dict[str, list], introduction: str, disk_ms: float) -> None:
    parts = [introduction, *table.machine(disk_ms)]
    for name, lines in found.items():
        group = importlib.import_module(f"tests.benchmarks.{name}")
        measured = [line for line in lines if isinstance(line, table.Line)]
        parts += ["", f"## {group.TITLE}", "", group.SAYS]
        parts += [f"\nLeft out: {line}" for line in lines if isinstance(line, str)]
        parts += ["", *table.markdown(measured)] if measured else []
    PAGE.write_text("\n".join(parts) + "\n")
    print(f"Written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
