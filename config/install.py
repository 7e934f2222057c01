"""Makes .venv and installs locked libraries into it: `python3 config/install.py requirements.txt`; again: nothing.

Run by the system's own python3 before anything is installed, so it uses the standard library alone, and even an old
Python must be able to read it as far as the line that refuses it.
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
EVERYTHING = "requirements-dev.txt"


def main(requirements):
    if sys.version_info < (3, 11):  # noqa: UP036
        version = "%d.%d" % sys.version_info[:2]  # noqa: UP031
        stop("needs Python 3.11 or newer, and python3 is " + version + ". With another: make run PYTHON=python3.12")
    if is_installed(requirements):
        return
    if venv_version() != sys.version:
        make_venv()
    say("Installing the libraries of " + requirements + " into .venv ...")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if subprocess.call([*pip, "--require-hashes", "-r", os.path.join(ROOT, requirements)]):  # noqa: S603
        stop("the libraries could not be installed: the lines above say why. Run make again when that is mended.")
    for name in os.listdir(VENV):  # what an older list installed may be other versions now
        if name.endswith(".installed"):
            os.remove(os.path.join(VENV, name))
    with open(stamp(requirements), "w") as file:
        file.write(digest(requirements))


def is_installed(requirements):
    if venv_version() != sys.version:
        return False
    if read(stamp(requirements)) == digest(requirements):
        return True
    return pins(requirements) <= pins(EVERYTHING) and read(stamp(EVERYTHING)) == digest(EVERYTHING)


def venv_version():
    """What the Python in .venv says it is; empty without one that works."""
    try:
        command = [PYTHON, "-c", "import sys; print(end=sys.version)"]
        return subprocess.check_output(command, universal_newlines=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return ""


def make_venv():
    try:
        import ensurepip  # noqa: F401  Debian packs it apart
        import venv
    except ImportError:
        stop("python3 lacks venv. On Debian and Ubuntu: apt install python3-venv")
    say("Making .venv ...")
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        stop("cannot make .venv: " + str(error))


def pins(requirements):
    text = read(os.path.join(ROOT, requirements))
    return {line.split(" ")[0] for line in text.splitlines() if "==" in line}


def digest(requirements):
    return hashlib.sha256(read(os.path.join(ROOT, requirements)).encode()).hexdigest()


def stamp(requirements):
    return os.path.join(VENV, requirements + ".installed")


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def stop(message):
    sys.exit("marginalia: " + message)


if __name__ == "__main__":
    main(sys.argv[1])
