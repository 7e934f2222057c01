"""How far a backup and a restore are: a bar on a terminal, and nothing of it elsewhere."""

import os
import pty
import subprocess
import sys

from tests.config.command import ROOT, environment, manage


def on_a_terminal(folder, *arguments: str) -> str:
    """What somebody sees who types it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    try:
        while more := os.read(ours, 65536):
            seen += more
    except OSError:  # so a terminal ends
        pass
    os.close(ours)
    assert process.wait(60) == 0, seen
    return seen.decode()


def test_a_bar_moves_on_a_terminal(demo_site, tmp_path):
    file, other = tmp_path / "a.backup", tmp_path / "other"
    for seen in (on_a_terminal(demo_site, "backup", str(file)), on_a_terminal(other, "restore", str(file))):
        assert "\r" in seen and "[" in seen and "%" in seen, seen
        assert seen.endswith("\r\x1b[K"), seen  # and leaves the line


def test_a_log_has_no_bar(demo_site, tmp_path):
    done = manage(demo_site, "backup", str(tmp_path / "a.backup"))
    assert done.returncode == 0 and "[" not in done.stderr and "\r" not in done.stderr
