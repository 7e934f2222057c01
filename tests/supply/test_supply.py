import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.supply import licences, sbom
from tests.supply.packages import REQUIREMENTS, ROOT, pinned

PIN = "sqlparse==0.5.0 --hash=sha256:" + "0" * 64
WEAK = {
    "vulns": [
        {
            "id": "TEST-1",
            "aliases": ["CVE-0000-1"],
            "modified": "2026-01-01T00:00:00Z",
            "affected": [
                {
                    "package": {"ecosystem": "PyPI", "name": "sqlparse"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "0.5.4"}]}],
                }
            ],
        }
    ]
}


def test_every_package_is_pinned_with_its_sums():
    locked = REQUIREMENTS.read_text()
    assert len(pinned()) == len(re.findall(r"^[^\s#]", locked, re.MULTILINE)) > 20
    assert all(
        re.search(rf"^{package.name}\S*=={re.escape(package.version)}.*\\$", locked, re.M) for package in pinned()
    )
    assert "://" not in locked + (ROOT / "requirements-dev.txt").read_text()


@pytest.mark.parametrize("package", pinned(), ids=lambda package: package.name)
def test_licence_is_free(package):
    assert package.licence in licences.FREE


def test_list_of_licences_is_current():
    assert licences.PAGE.read_text() == licences.page(), "make licences"


def test_bill_of_materials():
    text = sbom.bill()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    assert {part["name"] for part in bill["components"]} == {package.name for package in pinned()}
    wanted = {part["ref"]: part.get("dependsOn", []) for part in bill["dependencies"]}
    (django,) = (part["bom-ref"] for part in bill["components"] if part["name"] == "django")
    assert django in wanted["marginalia"] and any("/sqlparse@" in ref for ref in wanted[django])


@pytest.fixture
def index():
    """One that tells of weaknesses as osv.dev does; `.answer` is what it says of every package."""

    class Index(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(server.answer).encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    server.answer = {}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def audit(tmp_path, address: str) -> subprocess.CompletedProcess:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(PIN)
    service = ["--vulnerability-service", "osv", "--osv-url", address, "--cache-dir", str(tmp_path / "cache")]
    command = [sys.executable, "-m", "tests.supply.audit", "-r", str(requirements), *service]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_audit_of_what_is_sound(tmp_path, index):
    done = audit(tmp_path, f"http://127.0.0.1:{index.server_port}")
    assert (done.returncode, done.stdout) == (0, "1 packages have no known weakness.\n"), done.stderr


def test_audit_names_what_is_weak_and_where_it_is_mended(tmp_path, index):
    index.answer = WEAK
    done = audit(tmp_path, f"http://127.0.0.1:{index.server_port}")
    assert done.returncode == 1, done.stderr
    assert done.stdout == "sqlparse 0.5.0: CVE-0000-1, TEST-1. Mended in: 0.5.4.\n"


def test_audit_without_a_network_says_so(tmp_path):
    done = audit(tmp_path, "http://127.0.0.1:9")
    assert done.returncode == 2
    assert done.stdout.startswith("Not audited") and done.stdout.count("\n") == 1 and not done.stderr
