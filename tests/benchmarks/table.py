"""What was found: lines, each with its target and whether it was met, and the page that holds them."""

import os
import platform
import re
import statistics
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.servers import PATH, ROOT

RATIO, COUNT, MS, MIB = "{:.2f}", "{:,.0f}", "{:.1f} ms", "{:.0f} MiB"


@dataclass
class Line:
    """`values` are those of the rounds; `figures` say in plain units what they were made of."""

    name: str
    values: list[float]
    least: float | None = None
    most: float | None = None
    form: str = RATIO
    figures: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool:
        return not (self.least is not None and self.median < self.least) and not (
            self.most is not None and self.median > self.most
        )

    @property
    def cells(self) -> list[str]:
        low, high = (self.form.format(value) for value in (min(self.values), max(self.values)))
        target = met = ""
        if self.least is not None or self.most is not None:
            mark, value = ("≥", self.least) if self.least is not None else ("≤", self.most)
            target, met = f"{mark} {self._short(value)}", "yes" if self.is_met else "**no**"
        spread = f"{low}–{high}" if len(self.values) > 1 and low != high else ""
        return [self.name, self.form.format(self.median), spread, self.figures, target, met]

    def _short(self, value: float) -> str:
        """Of a target the digits that were given."""
        unit = self.form.partition("}")[2]
        return f"{value:,g}{unit}"


HEAD = ["", "median", "spread", "figures", "target", "met"]


def in_turns(rounds: int, measures: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """What each gives, round by round, so that whatever else the machine does meets all alike."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            found[name].append(measure())
    return found


def ratios(values: list[float], of: list[float]) -> list[float]:
    """Round by round."""
    return [value / base for value, base in zip(values, of, strict=True)]


def per_second(values: list[float]) -> str:
    return f"{statistics.median(values):,.0f}/s"


def markdown(lines: Iterable[Line]) -> Iterator[str]:
    yield "| " + " | ".join(HEAD) + " |"
    yield "|---|---:|---:|---|---:|---|"
    for line in lines:
        yield "| " + " | ".join(line.cells) + " |"


def plain(line: Line) -> str:
    name, median, spread, figures, target, met = line.cells
    mark = {"": "", "yes": "ok"}.get(met, "MISSED")
    return f"  {name:58} {median:>10} {spread:>17}  {target:>10} {mark:6} {figures}"


def machine(disk_ms: float) -> Iterator[str]:
    """What was measured on, and with what."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 1024**2
    yield f"- {datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} × {model[1] if model else platform.machine()}"
    yield f"- {memory:.0f} GiB of memory; Linux {platform.release()}; fdatasync of 4 kB takes {disk_ms:.2f} ms"
    packages = [f"{name} {version(name)}" for name in ("Django", "gunicorn", "psycopg")]
    tools = {"nginx": "-v", "pgbouncer": "-V", "redis-server": "-v", "psql": "-V", "wrk": "-v"}
    found = [f"{name} {number}" for name, option in tools.items() if (number := version_of(name, option))]
    yield f"- Python {platform.python_version()}, {', '.join(packages)}; {', '.join(found)}"
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    if commit.returncode == 0:
        yield f"- Marginalia at {commit.stdout.strip()}"


def version_of(name: str, option: str) -> str:
    try:
        said = subprocess.run([name, option], capture_output=True, text=True, env=os.environ | {"PATH": PATH})
    except OSError:
        return ""
    number = re.search(r"\d+\.\d+[.\d]*", said.stdout + said.stderr)
    return number[0] if number else ""
