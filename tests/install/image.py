"""deploy/Dockerfile, followed without a container engine: its lines run in a Debian in a folder, which stands for the
image they are built on, and the site then runs from it as compose.yaml has it run: as nobody, with nothing to write to
but its volumes, and no capability."""

import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

import yaml

from tests.install import machine
from tests.install.documented import ROOT
from tests.test_dockerfile import DOCKERFILE, instructions

# The official image of Python is this Debian with a Python of its own, called python.
PYTHON = ["python3-venv", "python3-pip"]
VOLUMES = ("/srv/marginalia/var", "/srv/marginalia/backups", "/run/marginalia/pages")


class Image:
    """Both stages are built in the one folder, so that what the second copies from the first is there."""

    def __init__(self, root: Path, wheels: Path, folder: Path) -> None:
        self.root, self.wheels, self.at = folder / "image", wheels, "/"
        self.environment: dict[str, str] = {}
        machine.call("cp", "-a", "--reflink=auto", str(root), str(self.root))
        self.inside("apt-get", "-qq", "install", "-y", *PYTHON)
        self.inside("ln", "-s", "python3", "/usr/bin/python")
        self.values: dict[str, str] = {}

    def build(self) -> None:
        for name, rest in instructions(DOCKERFILE.read_text()):
            if name == "FROM":
                assert re.match(rf"python:3\.11-slim-{machine.SUITE}( |$)", rest), rest
            elif name == "WORKDIR":
                self.at = rest
                (self.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            elif name == "COPY":
                self.copy(*rest.split())
            elif name == "RUN":
                self.inside("sh", "-ec", rest)
            elif name == "ENV":
                values = dict(part.split("=", 1) for part in shlex.split(rest))
                self.environment |= {key: value.replace("$PATH", "/usr/bin:/bin") for key, value in values.items()}
            else:
                self.values[name] = rest

    def copy(self, *words: str) -> None:
        if words[0].startswith("--from="):
            return
        what, to = words
        names = [what]
        if what == ".":  # what .dockerignore lets in
            names = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
        archive = subprocess.run(["git", "archive", "HEAD", *names], cwd=ROOT, capture_output=True, check=True).stdout
        target = self.root / self.at.lstrip("/") / to
        subprocess.run(["tar", "-xf", "-", "-C", str(target), "--no-same-owner"], input=archive, check=True)

    def inside(self, *command: str) -> None:
        """As root and without a network, as the image is built."""
        machine.call(
            *("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--pipe"),
            *(f"--directory={self.root}", f"--bind-ro={self.wheels}:/srv/wheels", f"--chdir={self.at}"),
            *("--setenv=PIP_NO_INDEX=1", "--setenv=PIP_FIND_LINKS=/srv/wheels", "--machine=install-check-image"),
            *("--setenv=DEBIAN_FRONTEND=noninteractive", *command),
        )

    def run(self, *command: str, **environment: str) -> subprocess.Popen:
        """As compose.yaml runs the site."""
        compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]["web"]
        assert compose["read_only"] and compose["cap_drop"] == ["ALL"] and compose["tmpfs"] == "/tmp"
        assert compose["security_opt"] == ["no-new-privileges:true"]
        given = self.environment | {"READY_PAGES_DIR": compose["environment"]["READY_PAGES_DIR"]} | environment
        binds = []
        for volume in VOLUMES:
            assert any(place.endswith(f":{volume}") for place in compose["volumes"])
            kept = self.root.parent / "volumes" / volume.replace("/", "_")
            kept.mkdir(parents=True, exist_ok=True)
            os.chown(kept, *map(int, self.values["USER"].split(":")))
            binds.append(f"--bind={kept}:{volume}")
        user, group = self.values["USER"].split(":")
        nobody = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs"]
        return subprocess.Popen(
            [
                *("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--pipe"),
                *("--read-only", "--tmpfs=/tmp:mode=1777", f"--directory={self.root}", f"--chdir={self.at}", *binds),
                *("--machine=install-check-image", *(f"--setenv={key}={value}" for key, value in given.items())),
                *(*nobody, "--inh-caps=-all", "--bounding-set=-all", "env", *command),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def work(self) -> None:
        """Raises AssertionError unless the site comes up, is healthy by the image's own word, and ends when asked."""
        site = {"SITE_URL": "https://blog.example.org", "SECRET_KEY": "s" * 20 + "ecret-key-of-the-image"}
        for command in (
            ["prepare", "--no-demo"],
            ["backup", "/srv/marginalia/backups/all.backup"],
            ["check", "--deploy"],
        ):
            done = self.run("python", "manage.py", *command, **site)
            said = done.communicate(timeout=300)[0]
            assert done.returncode == 0, said
        serving = self.run(*json.loads(self.values["CMD"]), **site)
        try:
            gunicorn = self.when_healthy(serving)
            status = Path(f"/proc/{gunicorn}/status").read_text()
            for line in (r"Uid:\t10001\t10001\t", r"CapBnd:\t0+$", r"NoNewPrivs:\t1$"):
                assert re.search(f"^{line}", status, re.MULTILINE), status
            os.kill(gunicorn, signal.SIGTERM)
            said = serving.communicate(timeout=30)[0]
        finally:
            serving.kill()
            serving.wait()
        assert serving.returncode == 0 and "Traceback" not in said, said

    def when_healthy(self, serving: subprocess.Popen) -> int:
        """The number of gunicorn's first process."""
        check = json.loads(self.values["HEALTHCHECK"].partition("CMD ")[2])
        for _ in range(60):
            time.sleep(1)
            if serving.poll() is not None:
                break
            found = [pid for pid in inside_of(serving.pid) if Path(f"/proc/{pid}/comm").read_text() == "gunicorn\n"]
            if found:
                enter = ["nsenter", "--target", str(found[0]), "--mount", "--net", "--pid", "--root"]
                healthy = [*enter, "env", f"PATH={self.environment['PATH']}", *check]
                if subprocess.run(healthy, capture_output=True).returncode == 0:
                    return found[0]
        serving.kill()
        raise AssertionError(f"The image's site is not healthy: {serving.communicate()[0]}")


def inside_of(pid: int) -> list[int]:
    """The numbers of all its children, theirs too."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *inside_of(int(child))]
    return found
