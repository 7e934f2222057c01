"""An empty Debian, booted with its own systemd and without any network, in a folder that goes afterwards."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUITE = "bookworm"
# What a rented server has and the smallest Debian lacks.
HAS_ALREADY = "systemd-sysv,dbus,ca-certificates,procps"
KEPT = Path(os.environ.get("INSTALL_CHECK_CACHE", "/var/cache/marginalia-install-check"))
NEEDED = {"debootstrap": "debootstrap", "systemd-nspawn": "systemd-container", "nsenter": "util-linux"}
WITHOUT_STARTING = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def lacking() -> str:
    """Why it cannot be run here; empty if it can."""
    if os.geteuid() != 0:
        return "Only root can boot a Debian in a folder: sudo make install-check"
    packages = [package for program, package in NEEDED.items() if not shutil.which(program)]
    return f"apt-get install {' '.join(packages)}" if packages else ""


def base(packages: list[str]) -> Path:
    """A folder with an empty Debian that has fetched these packages and not installed them; kept for the next time."""
    root, whole = KEPT / SUITE, KEPT / f"{SUITE}.whole"
    if not whole.exists() or whole.read_text() != HAS_ALREADY:
        whole.unlink(missing_ok=True)
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        call("debootstrap", "--variant=minbase", f"--include={HAS_ALREADY}", SUITE, str(root))
        # With updates and security, if this machine is the same Debian.
        sources = Path("/etc/apt/sources.list.d/debian.sources")
        if sources.exists() and SUITE in sources.read_text():
            (root / "etc/apt/sources.list").unlink()
            shutil.copy(sources, root / "etc/apt/sources.list.d/")
        whole.write_text(HAS_ALREADY)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    # What is fetched stays, and nothing here must outlive a power cut.
    (root / "etc/apt/apt.conf.d/90check").write_text('APT::Keep-Downloaded-Packages "true"; Acquire::Retries "0";\n')
    (root / "etc/dpkg/dpkg.cfg.d/check").write_text("force-unsafe-io\n")
    call("chroot", str(root), "apt-get", "-qq", "update")
    call("chroot", str(root), "apt-get", "-qq", "install", "-y", "--download-only", *packages)
    return root


def wheels(requirements: Path) -> Path:
    """A folder with the libraries, fetched for that Debian's Python."""
    folder = KEPT / "wheels"
    call(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes"),
        *("--only-binary", ":all:", "--python-version", "3.11", "-r", str(requirements), "-d", str(folder)),
    )
    return folder


@contextmanager
def folder() -> Iterator[Path]:
    """Beside what is kept, since it takes too much for memory; gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="install-check-", dir=KEPT))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def call(*command: str) -> None:
    environment = os.environ | WITHOUT_STARTING
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    if done.returncode:
        raise SystemExit(f"{done.stdout[-3000:]}\n{' '.join(command[:4])} … ended with {done.returncode}")


class Machine:
    """`root` is copied first, so that it stays empty."""

    def __init__(self, root: Path, wheels: Path, folder: Path) -> None:
        self.folder, self.root, self.wheels = folder, folder / "root", wheels
        call("cp", "-a", "--reflink=auto", str(root), str(self.root))

    def __enter__(self) -> "Machine":
        self.log = (self.folder / "console").open("w")
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--boot"]
            + ["--machine=install-check", "--console=pipe", f"--directory={self.root}"]
            + [f"--bind-ro={self.wheels}:/srv/wheels"],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        try:
            self.init = self._init()
            for _ in range(100):
                state = self.run("systemctl is-system-running", check=False).stdout.strip()
                if state in ("running", "degraded"):  # what needs a real machine does not start
                    return self
                time.sleep(0.3)
            raise SystemExit(f"The Debian does not boot: {state}")
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *exception) -> None:
        self.nspawn.terminate()  # it shuts the machine down
        try:
            self.nspawn.wait(60)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()
            self.nspawn.wait()
        self.log.close()

    def _init(self) -> str:
        """The number of the machine's first process."""
        for _ in range(100):
            children = Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
            for child in children:
                if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                    return child
            time.sleep(0.1)
        raise SystemExit(f"The Debian does not start: {(self.folder / 'console').read_text()}")

    def command(self, *command: str) -> list[str]:
        """That runs inside."""
        inside = ["nsenter", "--target", self.init, "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"]
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return [*inside, "env", "-i", f"PATH={path}", "HOME=/root", "LC_ALL=C.UTF-8", *command]

    def run(self, script: str, check: bool = True, timeout: int = 900) -> subprocess.CompletedProcess:
        """As root."""
        done = subprocess.run(
            self.command("DEBIAN_FRONTEND=noninteractive", "bash", "-eo", "pipefail", "-c", script),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
        )
        if check and done.returncode:
            raise SystemExit(f"{script}\n{done.stdout[-6000:]}\nended with {done.returncode}")
        return done

    def type(self, script: str) -> str:
        """Line after line, until one fails; what is shown names each and the second in which it began."""
        return self.run(f"PS4='+ $SECONDS s: '; set -x\n{script}").stdout

    def put(self, path: str, text: str, mode: int = 0o644) -> None:
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)
