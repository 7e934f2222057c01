"""A PostgreSQL server of a test's own, to be stopped, killed, filled up and started again."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.config.command import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
MISSING = "There is no PostgreSQL server here: apt-get install postgresql"


def is_here() -> bool:
    return bool(PROGRAMS)


class Postgres:
    """In a folder of its own below `place`; `url` is the address of its database."""

    def __init__(self, place: Path | None = None) -> None:
        # Not in a test's own folder, which only the tests' user may enter.
        folder = Path(tempfile.mkdtemp(prefix="marginalia-postgres-", dir=place))
        self.folder, self.port = folder, free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self.other_user = {}
        if os.geteuid() == 0:  # as root it refuses to run
            user = pwd.getpwnam("postgres")
            self.other_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(folder, user.pw_uid, user.pw_gid)
        given = ["-D", str(folder), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        subprocess.run([PROGRAMS[-1] / "initdb", *given], check=True, capture_output=True, cwd="/", **self.other_user)
        with (folder / "postgresql.conf").open("a") as file:
            file.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
                "max_wal_size = 64MB\nmin_wal_size = 32MB\nshared_buffers = 32MB\nrestart_after_crash = on\n"
            )

    def start(self) -> None:
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [PROGRAMS[-1] / "postgres", "-D", str(self.folder)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd="/",
                **self.other_user,
            )
        for _ in range(600):
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())

    def do(self, *statements: str) -> list:
        with psycopg.connect(self.url, autocommit=True) as connection:
            found = [connection.execute(statement) for statement in statements]
            return found[-1].fetchall() if found[-1].description else []

    def family(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def signal_all(self, number: int) -> None:
        for pid in self.family():
            os.kill(pid, number)

    def kill(self) -> None:
        """kill -9 of all of it."""
        if self.process.poll() is None:
            self.signal_all(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """At once: who is connected is thrown out."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def remove(self) -> None:
        try:
            self.stop()  # it gives its shared memory back
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
