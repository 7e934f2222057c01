"""nginx serving ready pages as files, beside nginx serving a plain file, and the constant under gunicorn."""

import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.cached import POST, get
from tests.benchmarks.load import WAYS, rate
from tests.benchmarks.servers import LeftOut, Servers, free_port, manage, program
from tests.benchmarks.table import Line, in_turns, per_second, ratios
from tests.config.nginx import Nginx

TITLE = "Ready pages as files, behind nginx"
SAYS = (
    "The same page where nginx (deploy/nginx.conf, one worker) serves it by itself: beside a plain file of as many "
    "bytes in the same nginx, and beside the constant under gunicorn with two workers. Every change removes the file "
    "before it commits; “Strictness” counts what nginx answered after changes."
)
OF_FILE = re.compile(r'"[0-9a-f]{1,8}-[0-9a-f]+"')  # the ETag of a page that nginx has as a file


def start(servers: Servers, environ: dict[str, str], extra: str = "", workers: int = 1) -> tuple[str, dict]:
    """nginx before the site of this environment, with ready pages: its address, and the site's whole environment."""
    program("nginx", "nginx-light")
    pages = Path(servers.enter_context(tempfile.TemporaryDirectory(prefix="marginalia-pages-", dir="/dev/shm")))
    pages.chmod(0o755)
    site_port, port = free_port(), free_port()
    environ |= {"SITE_URL": f"http://127.0.0.1:{port}", "TRUSTED_PROXIES": "127.0.0.1"}
    environ |= {"READY_PAGES_DIR": str(pages), "WEB_CONCURRENCY": str(workers)}
    servers.gunicorn(environ, port=site_port)
    manage(environ, "tick")  # without it no page is a file
    data = Path(environ["DATA_DIR"])
    made = servers.nginx(lambda folder: Nginx(folder, site_port, data, pages, port=port, extra=extra))
    return made, environ


def measure(bench) -> Iterator[Line]:
    with Servers() as servers:
        plain = Path(servers.enter_context(tempfile.TemporaryDirectory(prefix="marginalia-plain-", dir="/dev/shm")))
        plain.chmod(0o755)
        extra = f'location /plain/ {{ alias {plain}/; default_type "text/html; charset=utf-8"; }}'
        site, _ = start(servers, bench.sites.sqlite(servers), extra, workers=2)
        constant = servers.constant(bench.sites.sqlite(servers))
        asked = {}
        for way, headers in WAYS.items():
            body = wait_for_file(site + POST, headers)
            (plain / way).write_bytes(body)
            asked[f"page, {way}"] = site + POST, headers
            asked[f"plain file, {way}"] = f"{site}/plain/{way}", {}
            asked[f"constant, {way}"] = f"{constant}/{len(body)}", {}
        found = in_turns(bench.rounds, {name: lambda given=given: rate(*given) for name, given in asked.items()})
        for way in WAYS:
            for other, least in (("plain file", 0.75), ("constant", 3.0)):
                page, base = found[f"page, {way}"], found[f"{other}, {way}"]
                figures = f"{per_second(page)} of {per_second(base)}"
                yield Line(f"post, {way}, of the {other}", ratios(page, base), least=least, figures=figures)


def wait_for_file(address: str, headers: dict[str, str]) -> bytes:
    for _ in range(200):
        body, answered = get(address, headers)
        if OF_FILE.fullmatch(answered["ETag"] or ""):
            return body
        time.sleep(0.05)
    raise LeftOut("The page does not become a file.")
