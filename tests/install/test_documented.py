"""The commands of docs/operating.md, as far as they can be looked at without a machine to run them on."""

import os
import re
import subprocess

import pytest

from tests.install.documented import COMPOSE, DEBIAN, NEW_VERSION, ROOT, blocks

PAGES = (DEBIAN, NEW_VERSION, COMPOSE)


@pytest.mark.parametrize("heading", PAGES)
def test_a_shell_understands_them(heading):
    assert blocks(heading)
    for block in blocks(heading):
        done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
        assert done.returncode == 0, (block, done.stderr)


@pytest.mark.parametrize("heading", PAGES)
def test_files_and_commands_are_there(heading):
    code = "\n".join(blocks(heading))
    for path in re.findall(r"(?<![/\w])((?:deploy|config)/[\w*./-]+)", code):
        assert list(ROOT.glob(path)) or path.rstrip("/") in ("deploy/.env", "deploy/tls"), path
    known = {file.stem for file in ROOT.glob("*/management/commands/*.py")}
    for command in re.findall(r"(?:^|\$\()(?:marginalia|.*python manage\.py) (\w+)", code, re.MULTILINE):
        assert command in known, command


def test_containers_settings_are_made_as_documented(tmp_path):
    """The first step with Compose, in a folder that has the program already: git and the editor do nothing."""
    tools, program = tmp_path / "tools", tmp_path / "marginalia"
    tools.mkdir()
    for name in ("git", "editor"):
        (tools / name).write_text("#!/bin/sh\n")
        (tools / name).chmod(0o755)
    (program / "deploy").mkdir(parents=True)
    (program / "deploy/env.example").write_bytes((ROOT / "deploy/env.example").read_bytes())
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"}
    step = blocks(COMPOSE)[0].replace("SITE=blog.example.org", "SITE=a.example.net")
    subprocess.run(["bash", "-e"], input=step, cwd=tmp_path, env=environment, text=True, check=True)

    made = program / "deploy/.env"
    values = dict(re.findall(r"^(\w+)=(.*)$", made.read_text(), re.MULTILINE))
    assert values["SITE_URL"] == "https://a.example.net" and values["EMAIL_FROM"] == "noreply@a.example.net"
    assert all(re.fullmatch(r"[\w-]{64}", values[name]) for name in ("SECRET_KEY", "POSTGRES_PASSWORD"))
    assert values["SECRET_KEY"] != values["POSTGRES_PASSWORD"]
    assert "DATABASE_URL" not in values  # compose.yaml says it
    assert made.stat().st_mode & 0o777 == 0o600
