"""Runs the product's own commands as processes, with its own settings rather than the tests'."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ("SECRET_KEY", "DATABASE_URL", "SITE_URL", "DEBUG", "ALLOWED_HOSTS", "HOST", "PORT", "TRUSTED_PROXIES")
SETTINGS += ("EMAIL_URL", "EMAIL_FROM")
OF_THE_TESTS = ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE")


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
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def only_line(done: subprocess.CompletedProcess) -> str:
    """The one line with which a command refused."""
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
