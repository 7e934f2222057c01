"""kill -9 while people read and write: of one of gunicorn's processes, and of Redis."""

import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from tests.benchmarks.cached import POST
from tests.benchmarks.load import Paced
from tests.benchmarks.servers import LeftOut, Servers, workers
from tests.benchmarks.strict import rounds
from tests.benchmarks.table import COUNT, Line
from tests.benchmarks.talk import Talk

TITLE = "Killed"
SAYS = (
    "One of gunicorn's two processes, and then Redis (which counts limits, where it is used), is ended "
    "with kill -9 while 300 pages a second are read and 20 comments a second posted and approved. Requests that were "
    "under way in the killed process cannot be answered; all later ones have to be."
)
A_SECOND, COMMENTS, SECONDS = 300, 20, 4
KILL_AFTER = 1.5  # seconds
AT_THAT_MOMENT = 0.05  # seconds that count as the moment of the kill
ROUNDS_AFTER = 100  # of change-then-read


def measure(bench) -> Iterator[Line | str]:
    with Servers() as servers:
        environ = bench.sites.sqlite(servers, TRUSTED_PROXIES="127.0.0.1")
        site, master = servers.gunicorn(environ)
        kill = lambda: os.kill(secrets.choice(workers(master)), signal.SIGKILL)  # noqa: E731
        found = [load(site, environ, kill) for _ in range(bench.rounds)]
        yield from lines("a process", found, site, environ)
    try:
        with Servers() as servers:
            address, redis = servers.redis()
            environ = bench.sites.sqlite(servers, TRUSTED_PROXIES="127.0.0.1", REDIS_URL=address)
            site, _ = servers.gunicorn(environ)
            found = [load(site, environ, lambda: kill_redis(address, redis))]
            yield from lines("Redis", found, site, environ)
    except LeftOut as reason:
        yield str(reason)


def load(site: str, environ: dict, kill: Callable[[], None]) -> dict:
    talk = Talk(site, environ, COMMENTS, SECONDS)
    reading = Paced(site + POST, A_SECOND, SECONDS, "--gzip")
    talk.begin()
    time.sleep(KILL_AFTER)
    kill()
    at, read, said = time.time() + AT_THAT_MOMENT, reading.result(), talk.result()
    later = {
        who: sum(sent > at for sent in failed)
        for who, failed in (("readers", read["failed"]), ("writers", said["failed"]))
    }
    then = len(read["failed"]) + len(said["failed"]) - sum(later.values())
    return later | {"then": then, "answered": read["answered"], "posted": said["posted"]}


def kill_redis(address: str, redis) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(address).port)) as asking:
        asking.sendall(b"INFO commandstats\r\n")
        if asking.recv(1 << 16).count(b"cmdstat_") < 2:
            raise LeftOut("Redis: the site does not use it.")
    redis.kill()


def lines(what: str, found: list[dict], site: str, environ: dict) -> Iterator[Line]:
    total = {name: sum(one[name] for one in found) for name in found[0]}
    figures = f"of {total['answered']:,} pages; {total['then']} requests were under way in what was killed"
    failed = [total["readers"] + (0 if what == "a process" else total["then"])]
    yield Line(f"kill -9 of {what}: readers that failed later", failed, most=0, form=COUNT, figures=figures)
    figures = f"of {total['posted']:,}"
    yield Line(
        f"kill -9 of {what}: comments that failed later", [total["writers"]], most=0, form=COUNT, figures=figures
    )
    after = rounds(ROUNDS_AFTER, {site: 2}, environ)
    figures = "; ".join([f"of {after.reads:,} answers", *after.examples])
    wrong = [after.stale + after.leaks]
    yield Line(f"kill -9 of {what}: stale or leaked afterwards", wrong, most=0, form=COUNT, figures=figures)
