import contextlib
import ctypes
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import env
from config.database import database_or_stop

GRACE = 10  # seconds between asking the children to end and killing them
WAITING_MOST = 2048  # connections that the kernel holds until gunicorn takes them
STARTS_WITHIN = 60  # seconds: of a new gunicorn, beside the old one
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Command(BaseCommand):
    help = "Serves the site: gunicorn and the background worker, until Ctrl-C or SIGTERM. SIGHUP: by the new program."
    requires_system_checks = ()  # gunicorn's processes and the worker start Django anew: this one only watches

    def add_arguments(self, parser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="default: HOST, or 127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: PORT, or 8000")
        parser.add_argument("--without-worker", action="store_true", help="manage.py worker runs by itself")

    def handle(self, *, host: str, port: int, without_worker: bool, **options) -> None:
        socket = listening(host, port)
        database_or_stop()
        address = env.site_url("SITE_URL", env.local_url(host, port))
        children = Children(host, port, socket, ["gunicorn"] if without_worker else ["gunicorn", "worker"])
        children.start()
        while children.are_running():
            if not children.announced and answers(host, port, urlsplit(address).netloc):
                children.announced = True
                self.stdout.write(f"Marginalia is at {address} — Ctrl-C stops it.")
                self.stdout.flush()
            time.sleep(0.1)
        if children.exit_code:
            sys.exit(children.exit_code)


class Children:
    """gunicorn and the worker, as one: when one ends, so does the other.

    The socket on which gunicorn listens is this process's and never closed: on SIGHUP a second gunicorn starts beside
    the first, with the program and the libraries as they are on the disk by then, and takes over once it can serve.
    Whoever asks meanwhile stands in one line before both. (gunicorn's own reload keeps what its master has imported.)
    """

    def __init__(self, host: str, port: int, socket: socket.socket, names: list[str]) -> None:
        self.environment = os.environ | {"HOST": host, "PORT": str(port)}
        self.socket = socket
        self.names = names
        self.processes: dict[str, subprocess.Popen] = {}
        self.next: Starting | None = None  # the gunicorn that is to take over
        self.leaving: list[subprocess.Popen] = []  # those that were taken over from
        self.signals: list[int] = []  # that this process got
        self.kill_at: float | None = None  # set once the children were asked to end
        self.announced = False
        self.exit_code = 0

    def start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup, SIGHUP is ignored and stays so: the site outlives its terminal.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda number, _frame: self.signals.append(number))
        for name in self.names:
            self.processes[name] = self._started(name)

    def _started(self, name: str, ready: int | None = None) -> subprocess.Popen:
        command = {"gunicorn": ["-m", "gunicorn", "-c", "config/gunicorn.py"], "worker": ["manage.py", "worker"]}[name]
        environment, files = dict(self.environment), []
        if name == "gunicorn":
            files = [self.socket.fileno()]
            environment["SERVE_SOCKET"] = str(self.socket.fileno())
            if ready is not None:
                files.append(ready)
                environment["SERVE_READY"] = str(ready)
        libc = ctypes.CDLL(None)
        return subprocess.Popen(  # noqa: S603
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=environment,
            pass_fds=files,
            # Ctrl-C reaches the whole foreground group, and to both of them a second signal means “at once”.
            start_new_session=True,
            preexec_fn=lambda: end_with_parent(libc),
        )

    def are_running(self) -> bool:
        """Looks after them: passes signals on, ends both when one has ended, kills what does not end."""
        self.leaving = [process for process in self.leaving if process.poll() is None]
        ended = {name: process.returncode for name, process in self.processes.items() if process.poll() is not None}
        if self.kill_at is None:
            if self.signals and self.signals[0] == signal.SIGHUP and not has_terminal():
                self.signals.pop(0)
                self._begin_taking_over()
            elif self.signals:
                if self.signals[0] != signal.SIGINT:  # whoever pressed Ctrl-C knows
                    say(f"Stopping: {signal.Signals(self.signals[0]).name}.")
                # Before it has started, gunicorn would answer SIGINT with a traceback.
                quick = self.announced and self.signals[0] == signal.SIGINT
                self._ask_to_end(signal.SIGINT if quick else signal.SIGTERM)
            elif ended:
                name, code = next(iter(ended.items()))
                say(f"{name} ended by itself (code {code}); everything else is stopped.")
                self.exit_code = code if code >= 0 else 128 - code
                self._ask_to_end(signal.SIGTERM)
            elif self.next:
                self._take_over_if_ready()
        elif len(self.signals) > 1 or time.monotonic() > self.kill_at or self._have_ended():
            # What a child has started, such as gunicorn's own workers, is in its group.
            for process in self._all():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            return False
        return True

    def _begin_taking_over(self) -> None:
        if self.next is None:
            say("Starting anew, beside what serves.")
            self.next = Starting(self._started)

    def _take_over_if_ready(self) -> None:
        if self.next.is_ready():
            say("The new gunicorn serves.")
            self._leave("gunicorn", self.next.process)
            if "worker" in self.processes:
                # Two may work at once; the old one ends when it has done what it is at.
                self._leave("worker", self._started("worker"))
            self.next = None
        elif self.next.has_failed():
            say("The new gunicorn does not start (see above); the old one goes on serving.")
            self.next = None

    def _leave(self, name: str, successor: subprocess.Popen) -> None:
        old, self.processes[name] = self.processes[name], successor
        old.send_signal(signal.SIGTERM)
        self.leaving.append(old)

    def _all(self) -> list[subprocess.Popen]:
        return [*self.processes.values(), *self.leaving, *([self.next.process] if self.next else [])]

    def _have_ended(self) -> bool:
        return all(process.poll() is not None for process in self._all())

    def _ask_to_end(self, number: int) -> None:
        self.kill_at = time.monotonic() + GRACE
        for process in self._all():
            if process.poll() is None:
                process.send_signal(number)


class Starting:
    """A gunicorn that is on its way up: it says so on a pipe when it can serve."""

    def __init__(self, start: Callable) -> None:
        self.reading, writing = os.pipe()
        os.set_blocking(self.reading, False)
        self.process = start("gunicorn", writing)
        os.close(writing)
        self.until = time.monotonic() + STARTS_WITHIN

    def is_ready(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            if os.read(self.reading, 1):
                os.close(self.reading)
                return True
        return False

    def has_failed(self) -> bool:
        if self.process.poll() is None and time.monotonic() < self.until:
            return False
        os.close(self.reading)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return True


def say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone when SIGHUP says so
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def has_terminal() -> bool:
    """Then SIGHUP says that it was closed; of a service it asks for the new program."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY))
    except OSError:
        return False
    return True


def end_with_parent(libc: ctypes.CDLL) -> None:
    """In a child, before it starts: on Linux, SIGTERM comes when this process is killed and can pass nothing on."""
    if hasattr(libc, "prctl"):
        libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def listening(host: str, port: int) -> socket.socket:
    """Raises CommandError, in one line, if one cannot listen there."""
    if not 1 <= port <= 65535:
        raise CommandError(f"The port is {port}: use a whole number from 1 to 65535.")
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address)
            sock.listen(WAITING_MOST)
        except OSError:
            sock.close()
            raise
    except socket.gaierror:
        raise CommandError(f"HOST is {host!r}: use an address of this machine, such as 127.0.0.1.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {port} is taken on {host}. Try another: make run PORT={port + 1}") from None
        raise CommandError(f"Cannot listen on {host} port {port}: {error.strerror}.") from None
    return sock


def answers(host: str, port: int, site: str) -> bool:
    """Whether a whole request is answered: before that, the port may be open and nobody behind it."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=5)
    try:
        connection.request("HEAD", "/", headers={"Host": site})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()
