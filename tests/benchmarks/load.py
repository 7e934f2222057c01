"""Readers: as many requests as go (wrk), so many a second (paced.py), or connections that are only held open."""

import contextlib
import json
import re
import select
import socket
import subprocess
import sys
from urllib.parse import urlsplit

from tests.benchmarks.servers import program, run

SECONDS = 2
WAYS = {"identity": {}, "gzip": {"Accept-Encoding": "gzip, deflate, br"}}


def rate(address: str, headers: dict[str, str] | None = None, seconds: int = SECONDS, connections: int = 16) -> float:
    """Requests a second over 16 connections. An answer that is an error ends the run."""
    asked = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command = [program("wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", *asked, address]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if errors := re.search(r"(Non-2xx|Socket errors).*", output):
        sys.exit(f"{address}: {errors[0]}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


class Paced:
    """Readers at a fixed pace, in a process of their own: result() waits until they are done."""

    def __init__(self, address: str, a_second: float, seconds: float, *options: str) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.paced", address, str(a_second), str(seconds), *options]
        self.process = run(command, stdout=subprocess.PIPE, text=True)

    def result(self) -> dict:
        """p50, p99 and most in milliseconds; how many answers; when those were sent that were not answered well."""
        output, _ = self.process.communicate()
        if self.process.returncode:
            sys.exit("The paced readers ended early.")
        return json.loads(output)


def paced(*given) -> dict:
    return Paced(*given).result()


class Held(contextlib.ExitStack):
    """Connections that say nothing, and others that stop in the middle of a request."""

    HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozil"

    def __init__(self, address: str, idle: int, half: int) -> None:
        super().__init__()
        place = (urlsplit(address).hostname, urlsplit(address).port)
        self.sockets = [self.enter_context(socket.create_connection(place, 20)) for _ in range(idle + half)]
        for sock in self.sockets[idle:]:
            sock.sendall(self.HALF)

    def still_open(self) -> int:
        return len(self.sockets) - len(select.select(self.sockets, [], [], 0)[0])
