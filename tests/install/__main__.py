"""`make install-check`: docs/operating.md, typed line by line in an empty Debian, ends in a working site.

Its services listen in a network of their own, so none of this machine's is disturbed. What the internet would give is
given in another way: packages and libraries are fetched before, the program comes from this checkout's last commit, the
certificate from openssl under certbot's name, and the owner's `editor` fills in a mail server. deploy/Dockerfile is
followed too (image.py).
"""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager

from tests.install import documented, image, machine

SITE = "blog.example.org"
CERTIFICATE = f"/etc/letsencrypt/live/{SITE}"
NEXT = "/srv/source.git"
CERTBOT = f"""#!/bin/sh
set -e
mkdir -p {CERTIFICATE}
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={SITE} -addext subjectAltName=DNS:{SITE} \\
    -keyout {CERTIFICATE}/privkey.pem -out {CERTIFICATE}/fullchain.pem 2>/dev/null
"""
EDITOR = """#!/bin/sh
sed -i 's|^EMAIL_URL=.*|EMAIL_URL=smtp://127.0.0.1:25|' "$1"
"""
MAIL_SERVER = """[Service]
ExecStart=/usr/bin/python3 -m aiosmtpd -n -c aiosmtpd.handlers.Mailbox -l 127.0.0.1:25 /var/mail/all
StandardOutput=null
"""


def main() -> None:
    if why := machine.lacking():
        raise SystemExit(f"install-check: {why}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends, and folders go
    started = time.monotonic()
    install = "\n".join(documented.blocks(documented.DEBIAN))
    packages = re.search(r"apt-get install -y (.+)", install)[1].split()
    with said("fetching an empty Debian, its packages and the libraries"):
        root = machine.base([*packages, "python3-aiosmtpd", *image.PYTHON])
        wheels = machine.wheels(documented.ROOT / "requirements.txt")
    with said("following the Dockerfile"), machine.folder() as folder:
        built = image.Image(root, wheels, folder)
        built.build()
        built.work()
    with machine.folder() as folder, machine.Machine(root, wheels, folder) as debian:
        Play(debian).play(install, *documented.blocks(documented.NEW_VERSION))
    print(f"install-check: the documented commands end in a working site ({time.monotonic() - started:.0f} s)")


@contextmanager
def said(what: str):
    started = time.monotonic()
    print(f"{what} … ", end="", flush=True)
    yield
    print(f"{time.monotonic() - started:.0f} s", flush=True)


class Play:
    def __init__(self, debian: machine.Machine) -> None:
        self.debian = debian

    def play(self, install: str, new_version: str, back: str) -> None:
        self.bring_what_the_internet_has()
        install = re.sub(r"^SOURCE=.*$", f"SOURCE={NEXT}", install, flags=re.MULTILINE)
        with said("installing, as documented"):
            shown = self.debian.type(install)
        self.password = re.search(r"Password: +(\S+)", shown)[1]
        self.look("the site")
        self.look_at_mail()
        self.look_at_ready_pages()
        self.look_at_sandbox()

        self.debian.run("marginalia demo")
        written = self.number_of_posts()
        assert written > 0
        self.release_a_version()
        assert not self.is_new_version()
        with said("a new version, as documented"), self.somebody_reading():
            self.debian.type(new_version)
            self.until(self.is_new_version, 120, lambda: "the old version still answers")
        self.look("the site by its new version")

        self.debian.run("marginalia shell -c 'from blog.models import Post; Post.objects.update(title=str())'")
        with said("going back, as documented"):
            self.debian.type(back)
        assert self.number_of_posts() == written
        self.look("the site by its old version")
        assert not self.is_new_version()

    def bring_what_the_internet_has(self) -> None:
        put = self.debian.put
        put("/etc/pip.conf", "[global]\nno_index = true\nfind_links = /srv/wheels\n")
        put("/usr/local/bin/certbot", CERTBOT, 0o755)
        put("/usr/local/bin/editor", EDITOR, 0o755)
        put("/etc/systemd/system/mail.service", MAIL_SERVER)
        source = self.debian.root / NEXT.lstrip("/")
        machine.call("git", "clone", "--quiet", "--bare", str(documented.ROOT), str(source))
        for command in (["branch", "--force", "released"], ["symbolic-ref", "HEAD", "refs/heads/released"]):
            machine.call("git", "-C", str(source), *command)
        self.debian.run("apt-get -qq install -y python3-aiosmtpd && systemctl start mail")

    def reader(self, *what: str) -> list[str]:
        certificate = f"{self.debian.root}{CERTIFICATE}/fullchain.pem"
        network = ["nsenter", "--target", self.debian.init, "--net"]
        return [*network, sys.executable, "-m", "tests.install.reader", SITE, certificate, *what]

    def look(self, what: str) -> None:
        looked: list[subprocess.CompletedProcess] = []

        def is_whole() -> bool:
            looked.append(subprocess.run(self.reader("look", self.password), capture_output=True, text=True))
            return looked[-1].returncode == 0

        with said(f"looking at {what}"):
            self.until(is_whole, 60, lambda: looked[-1].stderr)

    def until(self, happens: Callable[[], bool], patience: int, why: Callable[[], str]) -> None:
        end = time.monotonic() + patience
        while not happens():
            if time.monotonic() > end:
                logs = self.debian.run("journalctl --no-pager -n 40 -u 'marginalia*'; tail -n 20 /var/log/nginx/*.log")
                raise SystemExit(f"Not within {patience} seconds: {why()}\n{logs.stdout}")
            time.sleep(1)

    def look_at_mail(self) -> None:
        self.debian.run("marginalia doctor --mail-to you@example.org")
        arrived = list((self.debian.root / "var/mail/all/new").iterdir())
        assert any("you@example.org" in mail.read_text() for mail in arrived), arrived

    def look_at_ready_pages(self) -> None:
        """After the worker's first tick, what is asked for becomes a file, with which nginx answers by itself."""

        def is_a_file() -> bool:
            subprocess.run(self.reader("look", self.password), capture_output=True)
            return self.debian.run("find /run/marginalia/pages -name index.html | grep .", check=False).returncode == 0

        with said("waiting for a page that nginx has by itself"):
            self.until(is_a_file, 150, lambda: "no page in /run/marginalia/pages")

    def look_at_sandbox(self) -> None:
        for unit in ("marginalia-web", "marginalia-worker"):
            exposed = self.debian.run(f"systemd-analyze security --no-pager {unit} | tail -1").stdout
            assert float(re.search(r": ([\d.]+) ", exposed)[1]) <= 2, exposed
            print(exposed.strip().removeprefix("→ "))

    def number_of_posts(self) -> int:
        question = "select count(*) from blog_post where title <> ''"
        return int(self.debian.run(f'su postgres -c "psql -qAt -d marginalia -c \\"{question}\\""').stdout)

    def release_a_version(self) -> None:
        """One that knows another host, which a process tells by its settings, read once at its start."""
        self.debian.run(f"""
            git clone --quiet {NEXT} /srv/next && cd /srv/next
            echo 'ALLOWED_HOSTS = [*ALLOWED_HOSTS, "new.example.org"]' >> config/settings.py
            git config user.name install-check && git config user.email you@example.org
            git commit --quiet --all --message 'Know another host'
            git push --quiet
        """)

    def is_new_version(self) -> bool:
        ask = "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000); "
        ask += "c.request('GET', '/', headers={'Host': 'new.example.org'}); print(c.getresponse().status)"
        status = int(self.debian.run(f'python3 -c "{ask}"').stdout)
        assert status in (301, 400), status
        return status != 400

    @contextmanager
    def somebody_reading(self):
        reading = subprocess.Popen(
            self.reader("keep-reading"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield
            read = reading.communicate("stop\n", timeout=60)[0]
        finally:
            reading.kill()
            reading.wait()
        print(read.strip(), end=" … ")
        assert reading.returncode == 0, "The site did not answer all the while."


if __name__ == "__main__":
    main()
