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
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import env
from config.database import database_or_stop

GRACE = 10  # seconds between asking the children to end and killing them
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Command(BaseCommand):
    help = "Serves the site: gunicorn and the background worker, until Ctrl-C or SIGTERM."
    requires_system_checks = ()  # gunicorn's processes and the worker start Django anew: this one only watches

    def add_arguments(self, parser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="default: HOST, or 127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: PORT, or 8000")

    def handle(self, *, host: str, port: int, **options) -> None:
        refuse_unusable_port(host, port)
        database_or_stop()
        address = env.site_url("SITE_URL", env.local_url(host, port))
        children = Children(host, port)
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
    """gunicorn and the worker, as one: when one ends, so does the other."""

    def __init__(self, host: str, port: int) -> None:
        self.environment = os.environ | {"HOST": host, "PORT": str(port)}
        self.processes: dict[str, subprocess.Popen] = {}
        self.signals: list[int] = []  # that this process got
        self.kill_at: float | None = None  # set once the children were asked to end
        self.announced = False
        self.exit_code = 0

    def start(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup, SIGHUP is ignored and stays so: the site outlives its terminal.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda number, _frame: self.signals.append(number))
        libc = ctypes.CDLL(None)
        commands = {"gunicorn": ["-m", "gunicorn", "-c", "config/gunicorn.py"], "worker": ["manage.py", "worker"]}
        for name, arguments in commands.items():
            self.processes[name] = subprocess.Popen(  # noqa: S603
                [sys.executable, *arguments],
                cwd=settings.BASE_DIR,
                env=self.environment,
                # Ctrl-C reaches the whole foreground group, and to both of them a second signal means “at once”.
                start_new_session=True,
                preexec_fn=lambda: end_with_parent(libc),
            )

    def are_running(self) -> bool:
        """Looks after them: passes signals on, ends both when one has ended, kills what does not end."""
        ended = {name: process.returncode for name, process in self.processes.items() if process.poll() is not None}
        if self.kill_at is None:
            if self.signals:
                if self.signals[0] != signal.SIGINT:  # whoever pressed Ctrl-C knows
                    # The terminal may be gone when SIGHUP says so.
                    with contextlib.suppress(OSError):
                        sys.stderr.write(f"Stopping: {signal.Signals(self.signals[0]).name}.\n")
                # Before it has started, gunicorn would answer SIGINT with a traceback.
                quick = self.announced and self.signals[0] == signal.SIGINT
                self._ask_to_end(signal.SIGINT if quick else signal.SIGTERM)
            elif ended:
                name, code = next(iter(ended.items()))
                sys.stderr.write(f"{name} ended by itself (code {code}); everything else is stopped.\n")
                self.exit_code = code if code >= 0 else 128 - code
                self._ask_to_end(signal.SIGTERM)
        elif len(self.signals) > 1 or time.monotonic() > self.kill_at or len(ended) == len(self.processes):
            # What a child has started, such as gunicorn's own workers, is in its group.
            for process in self.processes.values():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            return False
        return True

    def _ask_to_end(self, number: int) -> None:
        self.kill_at = time.monotonic() + GRACE
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(number)


def end_with_parent(libc: ctypes.CDLL) -> None:
    """In a child, before it starts: on Linux, SIGTERM comes when this process is killed and can pass nothing on."""
    if hasattr(libc, "prctl"):
        libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def refuse_unusable_port(host: str, port: int) -> None:
    """Raises CommandError, in one line, unless gunicorn will be able to listen there.

    gunicorn's own processes share the port (SO_REUSEPORT), so a second site would not be refused by the system.
    """
    if not 1 <= port <= 65535:
        raise CommandError(f"The port is {port}: use a whole number from 1 to 65535.")
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address)
    except socket.gaierror:
        raise CommandError(f"HOST is {host!r}: use an address of this machine, such as 127.0.0.1.") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {port} is taken on {host}. Try another: make run PORT={port + 1}") from None
        raise CommandError(f"Cannot listen on {host} port {port}: {error.strerror}.") from None


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
