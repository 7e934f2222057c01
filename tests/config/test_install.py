"""config/install.py, in a folder of its own: what a bare machine meets first."""

import shutil
import subprocess
import sys

import pytest

from tests.config.command import ROOT


@pytest.fixture
def install(tmp_path):
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "install.py", tmp_path / "config")
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text("# nothing\n")

    def run(change: str = "pass") -> subprocess.CompletedProcess:
        code = (
            f"import runpy, sys; {change}; sys.argv = ['config/install.py', 'requirements.txt']; "
            "runpy.run_path(sys.argv[0], run_name='__main__')"
        )
        return subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)

    return run


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("sys.version_info = (3, 9, 2)", "needs Python 3.11 or newer, and python3 is 3.9"),
        ("sys.modules['ensurepip'] = None", "apt install python3-venv"),
    ],
    ids=["an old Python", "no venv"],
)
def test_what_the_machine_lacks_is_said_in_one_line(install, tmp_path, change, words):
    done = install(change)
    assert done.returncode == 1
    assert words in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / ".venv").exists()


@pytest.mark.slow
def test_it_installs_once_and_again_when_the_list_changes(install, tmp_path):
    assert "Making .venv" in install().stdout
    assert install().stdout == ""
    (tmp_path / "requirements.txt").write_text("# nothing else\n")
    assert install().stdout == "Installing the libraries of requirements.txt into .venv ...\n"
    assert install().stdout == ""
    (tmp_path / ".venv" / "bin" / "python").unlink()
    assert "Making .venv" in install().stdout


@pytest.mark.slow
def test_a_list_that_cannot_be_installed_is_no_success(install, tmp_path):
    (tmp_path / "requirements.txt").write_text("./nothing-there\n")
    done = install()
    assert done.returncode == 1
    assert "could not be installed" in done.stderr.splitlines()[-1]
    assert install().returncode == 1
