"""Pages that have to be made: in one process beside a constant view (uncached.py), then under gunicorn."""

import json
import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.cached import OTHERS, POST, get
from tests.benchmarks.load import rate
from tests.benchmarks.servers import ROOT, Servers
from tests.benchmarks.sites import of_folder
from tests.benchmarks.table import Line, in_turns, per_second, ratios

TITLE = "Pages that are not ready"
SAYS = (
    "What it costs to make a page. First inside one process, as a fraction of a Django view that answers the same "
    "bytes from a constant through the same middleware (“first” forgets what the process has kept of earlier pages); "
    "then under gunicorn, as a reader with a session gets them, as a fraction of the bare constant."
)
LEAST = 1 / 8
SESSION = {"Cookie": "sessionid=none"}  # whoever has one goes past the page cache


def measure(bench) -> Iterator[Line]:
    with Servers() as servers:
        command = [sys.executable, "-c", f"from tests.benchmarks.uncached_pages import say; say({bench.rounds})"]
        done = subprocess.run(
            command, cwd=ROOT, env=of_folder(servers.folder / "inside"), check=True, stdout=subprocess.PIPE, text=True
        )
        for name, page in json.loads(done.stdout.splitlines()[-1]).items():
            seconds = page["seconds"]
            for way in ("again", "first"):
                target = LEAST if (name, way) == ("post with 50 comments", "again") else None
                figures = f"{min(seconds[way]) * 1000:.2f} ms of {min(seconds['constant']) * 1000:.2f} ms at best"
                title = f"{name} ({page['bytes']:,} bytes)" if way == "again" else f"{name}, first"
                yield Line(title, ratios(seconds["constant"], seconds[way]), target, form="{:.3f}", figures=figures)
        site, _ = servers.gunicorn(bench.sites.sqlite(servers))
        constant = servers.constant(bench.sites.sqlite(servers))
        pages = {"post with 50 comments": POST} | OTHERS | {"search": "/search/?q=harbour"}
        asked = {}
        for name, path in pages.items():
            size = len(get(site + path, SESSION)[0])
            asked[name] = site + path, SESSION
            asked[f"constant: {name}"] = f"{constant}/{size}", {}
        found = in_turns(bench.rounds, {name: lambda given=given: rate(*given) for name, given in asked.items()})
        for name in pages:
            base = found[f"constant: {name}"]
            figures = f"{per_second(found[name])} of {per_second(base)}"
            yield Line(f"{name}, under gunicorn", ratios(found[name], base), form="{:.3f}", figures=figures)


def say(rounds: int) -> None:
    from tests.benchmarks import uncached

    print(json.dumps(uncached.measure(rounds * 3)))
