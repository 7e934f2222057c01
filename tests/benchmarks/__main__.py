"""`make bench`: pages per second as fractions of a constant, all under the same gunicorn, in one run.

Ratios, never seconds: machines differ. Rounds are interleaved, and the median of each is kept.
Needs wrk. Uses a throw-away folder and database.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS, SECONDS = 3, 4


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def start(port: int, environ: dict, *app: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "config/gunicorn.py"), *app]
    return subprocess.Popen(command, cwd=ROOT, env=environ | {"PORT": str(port)})


def wait_for(address: str) -> bytes:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{address} does not answer.")


def rate(address: str) -> float:
    output = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "--timeout", "20s", address], capture_output=True, text=True, check=True
    ).stdout
    if errors := re.search(r"(Non-2xx|Socket errors).*", output):
        sys.exit(f"{address}: {errors[0]}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("make bench needs wrk: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"DATA_DIR": folder, "WEB_CONCURRENCY": "2", "DJANGO_SETTINGS_MODULE": "config.settings"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environ, check=True)
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "-v0", "--noinput"], cwd=ROOT, env=environ, check=True
        )
        script = "from tests.benchmarks.content import make; make()"
        subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", script], cwd=ROOT, env=environ, check=True)
        measure(environ)


def measure(environ: dict) -> None:
    site_port, constant_port = free_port(), free_port()
    site, constant = f"http://127.0.0.1:{site_port}", f"http://127.0.0.1:{constant_port}/"
    servers = [start(site_port, environ)]
    try:
        pages = {
            "post with 50 comments": "/2026/03/tides/",
            "home": "/",
            "label": "/label/sea/",
            "search": "/search/?q=harbour",
            "feed": "/feed.atom",
        }
        size = len(wait_for(site + pages["post with 50 comments"]))
        environ = environ | {"CONSTANT_BYTES": str(size)}
        servers.append(start(constant_port, environ, "tests.benchmarks.constant:application"))
        wait_for(constant)
        targets = {"constant": constant} | {name: site + path for name, path in pages.items()}
        found: dict[str, list[float]] = {name: [] for name in targets}
        for _ in range(ROUNDS):
            for name, address in targets.items():
                found[name].append(rate(address))
        base = statistics.median(found["constant"])
        print(f"The post's page has {size:,} bytes; gunicorn with 2 workers, wrk -c16, medians of {ROUNDS} rounds.")
        for name, rates in found.items():
            median = statistics.median(rates)
            print(f"{name:24} {median:9,.0f}/s   {median / base:.3f} of the constant")
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(15)


if __name__ == "__main__":
    main()
