"""Runs the product's own commands as processes, with its own settings rather than the tests'."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ("SECRET_KEY", "DATABASE_URL", "SITE_URL", "DEBUG", "ALLOWED_HOSTS", "HOST", "PORT", "TRUSTED_PROXIES")
SETTINGS += ("EMAIL_URL", "EMAIL_FROM", "READY_PAGES_DIR", "REDIS_URL")
SETTINGS += ("METRICS_TOKEN", "LOG_FORMAT", "SENTRY_DSN", "PROMETHEUS_MULTIPROC_DIR")
SETTINGS += ("BACKUP_DIR", "BACKUP_PASSPHRASE", "BACKUP_PASSPHRASE_FILE")
SETTINGS += ("CDN_MAX_AGE", "CDN_PURGE_URL", "CDN_PURGE_TOKEN")
OF_THE_TESTS = ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE")
# Every tenth port, from another one in each process of pytest-xdist: no two of them try the same.
PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = range(20_000 + PROCESS % 10, 32_000, 10)


def environment(folder: Path, **values: str) -> dict[str, str]:
    """What a person's shell would give, and `values`: nothing of the tests' own settings."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS + OF_THE_TESTS}
    return kept | {"DATA_DIR": str(folder)} | values


def manage(folder: Path, *arguments: str, **values: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(folder, **values),
        capture_output=True,
        text=True,
        timeout=240,
        stdin=subprocess.DEVNULL,
    )


def only_line(done: subprocess.CompletedProcess) -> str:
    """The one line with which a command refused."""
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def database_url() -> str:
    """The tests' own database, for another process."""
    from django.db import connection

    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    login = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    return f"postgres://{login}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def free_port() -> int:
    """One that nobody takes before a program of ours does: systems give ports above these to whoever asks for any."""
    for _ in range(100):
        with socket.socket() as sock, contextlib.suppress(OSError):
            port = PORTS[secrets.randbelow(len(PORTS))]
            sock.bind(("127.0.0.1", port))
            return port
    raise OSError(f"none of 100 ports in {PORTS} is free")
