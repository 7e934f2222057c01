"""What stands in deploy/, read as text: no container engine and no init are asked."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

from config import settings as product
from tests.config.nginx import MISSING, PROGRAM, make_certificate

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = ("marginalia-web.service", "marginalia-worker.service")
FOREIGN = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
FOREIGN |= {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}


def text(name: str) -> str:
    return (DEPLOY / name).read_text()


def known() -> set[str]:
    """The settings' names: those that config/settings.py reads from the environment."""
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', Path(product.__file__).read_text()))


@pytest.mark.parametrize("name", ["env.example", "Dockerfile", "compose.yaml", *UNITS])
def test_every_setting_is_one(name):
    patterns = {"compose.yaml": r"^ +([A-Z][A-Z_]+): ", "Dockerfile": r"^(?:ENV| {4}) ?([A-Z_]+)="}
    pattern = patterns.get(name, r"(?:^|[ =])([A-Z][A-Z_]+)=")
    lines = [line for line in text(name).splitlines() if not line.startswith("#")]
    if name in UNITS:
        lines = [line for line in lines if line.startswith("Environment=")]
    named = set(re.findall(pattern, "\n".join(lines), re.MULTILINE)) - FOREIGN
    assert named and named <= known(), named - known()


def test_the_image_is_pinned_small_and_nobodys():
    dockerfile = text("Dockerfile")
    images = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(images) == 2 and all(re.fullmatch(r"python:3\.\d+-slim-\w+", image) for image in images)
    assert "latest" not in dockerfile and "--require-hashes" in dockerfile
    last = dockerfile.rpartition("FROM ")[2]
    assert re.findall(r"^USER (\S+)", last, re.MULTILINE) == ["10001:10001"] and "pip" not in last
    assert "HEALTHCHECK" in last and "/healthz" in last


def test_what_goes_into_the_image_is_what_the_site_needs():
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    let_in = [line[1:] for line in lines if line.startswith("!")]
    assert {"blog", "comments", "config", "manage.py", "pyproject.toml", "requirements.txt"} <= set(let_in)
    assert all((ROOT / name).exists() for name in let_in)
    assert not {"tests", "var", ".git", ".venv", "deploy"} & set(let_in)


@pytest.fixture(scope="module")
def compose() -> dict:
    """As Compose reads it, what is merged merged."""
    return yaml.safe_load(text("compose.yaml"))


def test_compose_is_what_its_specification_says(compose):
    read = PyCompose.from_yaml(yaml.safe_dump(compose))
    assert set(read.service_names()) == {"prepare", "web", "worker", "postgres", "redis", "nginx"}
    with pytest.raises(ValueError, match="readonly"):
        PyCompose.from_yaml(yaml.safe_dump(compose).replace("read_only:", "readonly:"))


@pytest.mark.skipif(
    subprocess.run(["sh", "-c", "docker compose version"], capture_output=True).returncode != 0,
    reason="There is no Docker with Compose here.",
)
def test_compose_is_understood_by_compose(tmp_path):
    settings = tmp_path / ".env"
    settings.write_text("SITE_URL=https://blog.example.org\nPOSTGRES_PASSWORD=secret\n")
    command = ["docker", "compose", "--env-file", str(settings), "-f", str(DEPLOY / "compose.yaml"), "config", "-q"]
    done = subprocess.run([*command, "--no-env-resolution"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_compose_names_versions_and_checks_health(compose):
    services = compose["services"]
    images = {service["image"] for service in services.values()} - {"marginalia"}
    assert len(images) == 3 and all(re.fullmatch(r"\w+:[\d.]+-bookworm", image) for image in images)
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"web"}  # it is the image's
    for service in services.values():
        for needed, on in service.get("depends_on", {}).items():
            ends = "service_completed_successfully" if needed == "prepare" else "service_healthy"
            assert on["condition"] == ends


def test_compose_shuts_its_containers_in(compose):
    services = compose["services"]
    assert {name for name, service in services.items() if not service.get("read_only")} == {"postgres"}
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    for name, service in services.items():
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not {"privileged", "network_mode", "pid", "cap_add", "devices"} & set(service), name
        assert not any(volume.startswith(("/", "~")) for volume in service.get("volumes", [])), name
    assert all(services[name]["cap_drop"] == ["ALL"] for name in ("prepare", "web", "worker"))
    # What one container writes and another must find again has a place of its own.
    named = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert {name for name in named if not name.startswith(".")} == set(compose["volumes"])


@pytest.mark.skipif(not PROGRAM, reason=MISSING)
def test_composes_nginx_is_the_one_of_deploy(compose, tmp_path):
    """The command of its container, which makes its configuration of deploy/nginx.conf, is run as it stands there."""
    script = compose["services"]["nginx"]["command"][2].replace("$$", "$")
    changes = re.findall(r'-e "s\|([^|]+)\|([^|]+)\|', script)
    assert len(changes) == 5 and all(place in text("nginx.conf") for place, _value in changes)
    make_certificate(tmp_path)
    script = script.replace("/etc/marginalia/nginx.conf", str(DEPLOY / "nginx.conf"))
    script = script.replace(" /tmp/nginx.conf", f" {tmp_path}/nginx.conf").partition(" && exec ")[0]
    environment = {"SITE_URL": "https://a.example.net", "PATH": os.environ["PATH"]}
    subprocess.run(["sh", "-ec", script], env=environment, check=True)
    made = (tmp_path / "nginx.conf").read_text()
    assert "server web:8000;" in made and "blog.example.org" not in made and " a.example.net " in made
    # Names and folders of the containers, as far as nginx looks for them here.
    made = made.replace("server web:8000;", "server 127.0.0.1:8000;").replace("/etc/ssl/marginalia", str(tmp_path))
    made = made.replace("/tmp/nginx.pid", f"{tmp_path}/pid").replace("user www-data;", "")
    (tmp_path / "nginx.conf").write_text(made)
    done = subprocess.run([PROGRAM, "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_units_are_shut_in(name):
    unit = text(name)
    for line in ("User=marginalia", "ProtectSystem=strict", "NoNewPrivileges=yes", "PrivateTmp=yes", "Restart=always"):
        assert f"\n{line}\n" in unit
    assert (
        "\nRestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n" in unit
        and "\nSystemCallFilter=@system-service\n" in unit
    )
    backups = " -/srv/marginalia/backups" if "worker" in name else ""
    assert re.findall(r"^ReadWritePaths=(.*)$", unit, re.MULTILINE) == [f"/srv/marginalia/var{backups}"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_them(name, tmp_path):
    unit = tmp_path / name
    unit.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text(name), flags=re.MULTILINE))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=120)
    assert name not in done.stderr, done.stderr
