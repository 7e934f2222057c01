import re
import subprocess

import pytest

from tests.config.command import ROOT, manage

SHOW = "from django.conf import settings as s; print(s.SITE_URL, s.ALLOWED_HOSTS[0], s.SESSION_COOKIE_SECURE)"


def shown(folder, **values) -> str:
    done = manage(folder, "shell", "--no-imports", "-c", SHOW, **values)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_sites_address_follows_the_port(tmp_path):
    assert shown(tmp_path, PORT="8765") == "http://127.0.0.1:8765 127.0.0.1 False"


def test_an_address_that_is_given_stays(tmp_path):
    url = "https://blog.example.org"
    assert shown(tmp_path, PORT="8765", SITE_URL=url) == f"{url} blog.example.org True"


def test_production_settings_pass_djangos_own_checks(tmp_path):
    given = {"SITE_URL": "https://blog.example.org", "EMAIL_URL": "smtp+starttls://me:secret@mail.example.org"}
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **given)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_a_site_without_a_mail_server_is_told_so_and_passes(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", SITE_URL="https://blog.example.org")
    assert done.returncode == 0, done.stderr
    assert "marginalia.I001" in done.stderr and "1 issue" in done.stderr


@pytest.mark.parametrize(
    ("values", "id"),
    [({}, "marginalia.W001"), ({"ALLOWED_HOSTS": "*"}, "marginalia.E001"), ({"DEBUG": "true"}, "security.W018")],
)
def test_unsafe_settings_do_not_pass(tmp_path, values, id):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **values)
    assert done.returncode == 1
    assert id in done.stderr


def tracked_files() -> list:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_package_registry():
    # The brackets keep the expression from finding itself.
    pattern = re.compile(
        rb"(--|_|\b)(extra-)?index[-]url\b(?!=|`)|https?://(\w+\.)?(pyp[i]|pythonhoste[d]|npmj[s])\.", re.I
    )
    assert [path for path in tracked_files() if pattern.search(path.read_bytes())] == []


def test_both_lists_of_libraries_lock_the_same_versions():
    def pins(name):
        return set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.txt") < pins("requirements-dev.txt")


def test_every_locked_library_has_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        blocks = re.split(r"^(?=\S+==)", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]
        assert len(blocks) > 20
        assert all("--hash=sha256:" in block for block in blocks)
