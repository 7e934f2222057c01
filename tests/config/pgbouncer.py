"""A real PgBouncer in transaction mode before a PostgreSQL, as an ordinary process."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.config.command import free_port

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
MISSING = "There is no PgBouncer here: apt-get install pgbouncer"
NOBODY = 65534


class PgBouncer:
    """Before the database of this address, with so many connections to it; `url` is the address behind it."""

    def __init__(self, database_url: str, pool: int = 3) -> None:
        self.given, self.pool, self.port = urlsplit(database_url), pool, free_port()
        self.name = self.given.path.removeprefix("/")
        self.url = f"postgres://{self.given.username}@127.0.0.1:{self.port}/{self.name}"

    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="marginalia-pgbouncer-"))
        self.log = self.folder / "log"
        (self.folder / "pgbouncer.ini").write_text(self._configuration())
        other_user = {}
        if os.geteuid() == 0:  # as root it refuses to run
            other_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            for path in (self.folder, self.folder / "pgbouncer.ini"):
                os.chown(path, NOBODY, NOBODY)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [PROGRAM, str(self.folder / "pgbouncer.ini")], stdout=log, stderr=log, **other_user
            )
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(15)
        shutil.rmtree(self.folder)

    def _configuration(self) -> str:
        given = self.given
        login = f"user={given.username}" + (f" password={given.password}" if given.password else "")
        return f"""
            [databases]
            {self.name} = host={given.hostname} port={given.port or 5432} dbname={self.name} {login}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {self.port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = {self.pool}
            max_client_conn = 500
            query_wait_timeout = 20
        """.replace(" " * 12, "")
