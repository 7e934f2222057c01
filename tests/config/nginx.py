"""A real nginx with deploy/nginx.conf, as an ordinary process, on given ports and folders."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.config.command import ROOT, free_port

CONF = ROOT / "deploy" / "nginx.conf"
PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
MISSING = "There is no nginx here: apt-get install nginx-light"


class Nginx:
    """`folder` is its own; the site listens at `site_port` and has these DATA_DIR and READY_PAGES_DIR.

    `extra` goes into the server. Without TLS, what the configuration says of it is left out.
    """

    def __init__(
        self,
        folder: Path,
        site_port: int,
        data: Path,
        ready: Path,
        port: int = 0,
        tls: bool = False,
        extra: str = "",
        workers: int = 1,
    ) -> None:
        self.folder, self.port = folder, port or free_port()
        self.host = f"127.0.0.1:{self.port}"
        folder.mkdir(exist_ok=True)
        text = CONF.read_text()
        if not tls:
            text = re.sub(r"^ *ssl_.*\n", "", text, flags=re.MULTILINE)
        me = pwd.getpwuid(os.geteuid()).pw_name
        for place, value in {
            "user www-data;": f"user {me};" if os.geteuid() == 0 else "",
            "worker_processes auto;": f"worker_processes {workers};",
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen 443 ssl http2;": f"listen {self.host}{' ssl http2' if tls else ''};\n{extra}",
            "https://blog.example.org": f"https://{self.host}",
            "server_name blog.example.org;": "server_name 127.0.0.1;",
            " blog.example.org ": f" {self.host} ",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{site_port};",
            "/srv/marginalia/var": str(data),
            "/run/marginalia/pages": str(ready),
            "/etc/ssl/marginalia": str(folder),
            "/run/nginx.pid": str(folder / "pid"),
            "/var/log/nginx": str(folder),
        }.items():
            assert place in text or place == "/etc/ssl/marginalia", place
            text = text.replace(place, value)
        # Where nginx puts large bodies: the system's own folder is not everybody's.
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        text = text.replace("http {", "http {\n" + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds), 1)
        (folder / "nginx.conf").write_text(text)
        if tls:
            make_certificate(folder)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [PROGRAM, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None, self.errors()
                time.sleep(0.05)
        raise AssertionError(self.errors())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(15)

    def errors(self) -> str:
        log = self.folder / "error.log"
        return log.read_text() if log.exists() else ""

    def accesses(self) -> str:
        return (self.folder / "access.log").read_text()


def make_certificate(folder: Path) -> None:
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    keys = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "privkey.pem")]
    command = ["openssl", "req", "-x509", *keys, "-out", str(folder / "fullchain.pem"), "-days", "2", *names]
    subprocess.run(command, check=True, capture_output=True)
