"""A large site into a file, and back on either kind of database: how long, and the most memory meanwhile."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.servers import ROOT, Servers
from tests.benchmarks.sites import COPY, drop, of_folder, of_site, recreate, url_of
from tests.benchmarks.table import MIB, Line

TITLE = "Backups"
SAYS = (
    "`manage.py backup` of the large site, and `manage.py restore` of it into an empty folder and an empty database, "
    "whole commands: seconds, since nothing else is like them. The targets are for 1,000,000 comments (`SITES`)."
)
SECONDS, MOST_SECONDS, MOST_MIB = "{:.0f} s", 300, 500


def measure(bench) -> Iterator[Line]:
    large = bench.sites.pair[1]
    with Servers() as servers:
        file = servers.folder / "site.backup"
        kind = "PostgreSQL" if "://" in large else "SQLite"
        yield from lines(f"backup from {kind}", of_site(large), "backup", file)
        yield from lines("restore into SQLite", of_folder(servers.folder / "restored"), "restore", file)
        recreate(COPY)
        servers.callback(drop, COPY)
        given = of_folder(servers.folder / "restored-postgres", DATABASE_URL=url_of(COPY))
        yield from lines("restore into PostgreSQL", given, "restore", file)
        yield from lines("backup from what was restored", given, "backup", servers.folder / "again.backup")


def lines(name: str, environ: dict[str, str], command: str, file: Path) -> Iterator[Line]:
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", command, str(file)], cwd=ROOT, env=environ, stdout=subprocess.PIPE
    )
    said = process.stdout.read().decode()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode, took = os.waitstatus_to_exitcode(status), time.monotonic() - begun
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    figures = f"{used.ru_utime + used.ru_stime:.0f} s of its processor; {said.partition(chr(10))[0].rpartition('/')[2]}"
    yield Line(name, [took], most=MOST_SECONDS, form=SECONDS, figures=figures)
    yield Line(f"{name}, memory", [used.ru_maxrss / 1024], most=MOST_MIB, form=MIB)
