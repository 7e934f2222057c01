"""Starts the servers that are measured. Each ends with this process, however that ends (PgBouncer: unless by KILL)."""

import contextlib
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from tests.config.pgbouncer import PgBouncer

ROOT = Path(__file__).resolve().parent.parent.parent
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
SECRET = "only-for-benchmarks-" + "x" * 30
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class LeftOut(Exception):
    """What cannot be measured here, and why, in one line."""


def program(name: str, package: str = "") -> str:
    found = shutil.which(name, path=PATH)
    if not found:
        raise LeftOut(f"{name} is not here: apt-get install {package or name}")
    return found


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def run(command: list[str], environ: dict | None = None, **kwargs) -> subprocess.Popen:
    """A process that gets TERM when this one ends, even by KILL."""
    end_with_parent = lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # noqa: E731
    return subprocess.Popen(command, cwd=ROOT, env=environ, preexec_fn=end_with_parent, **kwargs)


def stop(process: subprocess.Popen, patience: float = 15) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def manage(environ: dict, *command: str, **kwargs) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *command, "-v0"], cwd=ROOT, env=environ, check=True, text=True, **kwargs
    )


def workers(master: subprocess.Popen) -> list[int]:
    """The processes that this one has started."""
    return [int(pid) for pid in Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()]


class Servers(contextlib.ExitStack):
    """All that one group needs; leaving the block ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(self.enter_context(tempfile.TemporaryDirectory(prefix="marginalia-bench-")))

    def gunicorn(self, environ: dict, app: str = "", port: int = 0) -> tuple[str, subprocess.Popen]:
        """Its address and its master process."""
        port, log = port or free_port(), self.folder / f"gunicorn-{len(list(self.folder.iterdir()))}.log"
        command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "config/gunicorn.py"), *([app] if app else [])]
        with log.open("w") as file:
            process = run(command, environ | {"PORT": str(port)}, stdout=file, stderr=file)
        self.callback(stop, process)
        address = f"http://127.0.0.1:{port}"
        self._wait_for(f"{address}/robots.txt", urlsplit(environ.get("SITE_URL") or address).netloc, process, log)
        return address, process

    def _wait_for(self, address: str, host: str, process: subprocess.Popen, log: Path) -> None:
        request = urllib.request.Request(address, headers={"Host": host})
        for _ in range(300):
            try:
                urllib.request.urlopen(request, timeout=5).close()
                return
            except urllib.error.HTTPError:
                break
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.1)
        raise LeftOut(f"The site does not start: {reason_in(log.read_text())}")

    def constant(self, environ: dict) -> str:
        """The yardstick, tests/benchmarks/constant.py, under the same gunicorn."""
        return self.gunicorn(environ, "tests.benchmarks.constant:application")[0]

    def pgbouncer(self, database_url: str) -> str:
        """One of its own before this database, in transaction mode: the address of the database behind it."""
        program("pgbouncer")
        bouncer = PgBouncer(database_url, pool=20)
        bouncer.start()
        self.callback(bouncer.stop)
        return bouncer.url

    def redis(self) -> tuple[str, subprocess.Popen]:
        command, port = program("redis-server"), free_port()
        process = run(
            [command, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        self.callback(stop, process)
        wait_until_open(port, process, "redis-server")
        return f"redis://127.0.0.1:{port}/0", process

    def nginx(self, make: Callable) -> str:
        """deploy/nginx.conf in a process of its own: make(folder) gives what tests/config/nginx.py prepares."""
        command = program("nginx", "nginx-light")
        prepared = make(self.folder / "nginx")
        conf = str(prepared.folder / "nginx.conf")
        process = run(
            [command, "-p", str(prepared.folder), "-c", conf, "-g", "daemon off;"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.callback(stop, process)
        wait_until_open(prepared.port, process, "nginx")
        return f"http://{prepared.host}"


def reason_in(log: str) -> str:
    """Of what a server has said, the line that says most."""
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["it does not answer"]
    said = [line for line in lines if re.match(r"(marginalia: |[\w.]+(Error|Exception|ImproperlyConfigured): )", line)]
    return (said or lines)[-1]


def wait_until_open(port: int, process: subprocess.Popen, name: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise LeftOut(f"{name} does not start.")
