"""deploy/Dockerfile, by the rules of hadolint that its lines could break; the numbers are hadolint's."""

import re
from pathlib import Path

import pytest

DOCKERFILE = Path(__file__).resolve().parents[1] / "deploy" / "Dockerfile"


def instructions(text: str) -> list[tuple[str, str]]:
    lines = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    return [(line.split(maxsplit=1)[0], " ".join(line.split()[1:])) for line in lines if line.strip()]


def faults(text: str) -> set[str]:
    found, rules = instructions(text), set()
    last = found[max(number for number, (name, _rest) in enumerate(found) if name == "FROM") :]
    values = dict(last)
    runs = [rest for name, rest in found if name == "RUN"]
    images = [rest.split()[0] for name, rest in found if name == "FROM"]
    stages = {rest.split()[2] for name, rest in found if name == "FROM" and " AS " in rest}
    if any(":" not in image for image in images if image not in stages):
        rules.add("DL3006 an image without a version")
    if any(image.endswith(":latest") for image in images):
        rules.add("DL3007 an image that is the latest")
    if not re.fullmatch(r"[1-9]\d*(:\d+)?", values.get("USER", "root")):
        rules.add("DL3002 it runs as root, or as a name that Kubernetes cannot tell from root's")
    if "HEALTHCHECK" not in values:
        rules.add("DL3057 no HEALTHCHECK")
    if any(name in ("CMD", "ENTRYPOINT") and not rest.startswith("[") for name, rest in found):
        rules.add("DL3025 a command without its words in a list: signals would reach a shell")
    if any(name == "ADD" for name, _rest in found):
        rules.add("DL3020 ADD instead of COPY")
    if any(name == "WORKDIR" and not rest.startswith("/") for name, rest in found):
        rules.add("DL3000 a WORKDIR that is not absolute")
    for run in runs:
        words = set(re.findall(r"[\w.-]+", run))
        if {"apt", "sudo", "ssh", "vim"} & words:
            rules.add("DL3004 a program that has no place here")
        if "apt-get install" in run and not ("--no-install-recommends" in run and "rm -rf /var/lib/apt/lists" in run):
            rules.add("DL3009 lists of packages stay, or what is only recommended comes")
        if "pip" in words and "install" in words and "--no-cache-dir" not in run:
            rules.add("DL3042 pip's cache stays")
        if "pip" in words and "--require-hashes" not in run:
            rules.add("DL3013 packages without a version")
        if re.search(r"(^|&& *)cd ", run):
            rules.add("DL3003 cd instead of WORKDIR")
        if " | " in run and "pipefail" not in text:
            rules.add("DL4006 a pipe whose first half may fail")
        if {"curl", "wget"} & words:
            rules.add("DL3047 something fetched without a sum")
    if any(one[0] == other[0] == "RUN" for one, other in zip(found, found[1:], strict=False)):
        rules.add("DL3059 two RUNs in a row")
    copies = [(number, rest) for number, (name, rest) in enumerate(found) if name == "COPY"]
    installs = [number for number, (name, rest) in enumerate(found) if name == "RUN" and "requirements.txt" in rest]
    everything = min(number for number, rest in copies if rest.startswith(". "))
    listed = min(number for number, rest in copies if rest.startswith("requirements.txt "))
    if not installs or not listed < installs[0] < everything:
        rules.add("the libraries are installed anew for each change of the program")
    if re.search(r"(?i)^(ENV|ARG) .*(SECRET|PASSWORD|TOKEN)", text, re.MULTILINE):
        rules.add("a secret stays in the image")
    return rules


def test_nothing_is_found():
    assert faults(DOCKERFILE.read_text()) == set()


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("python:3.11-slim-bookworm\n", "python:latest\n", "DL3007"),
        ("python:3.11-slim-bookworm\n", "python\n", "DL3006"),
        ("USER 10001:10001\n", "", "DL3002"),
        ("USER 10001:10001\n", "USER 0:0\n", "DL3002"),
        ("HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \\\n    CMD", "# CMD", "DL3057"),
        ('CMD ["gunicorn", "-c", "config/gunicorn.py"]', "CMD gunicorn", "DL3025"),
        ("COPY . .", "COPY . .\nADD x y", "DL3020"),
        ("WORKDIR /srv/marginalia/app\n", "WORKDIR app\n", "DL3000"),
        ("--no-cache-dir ", "", "DL3042"),
        ("--require-hashes ", "", "DL3013"),
        ("COPY requirements.txt .", "COPY . .", "the libraries"),
        ("RUN groupadd", "RUN apt-get install -y curl\nRUN groupadd", "DL3009"),
        ("RUN groupadd", "RUN curl x\nRUN groupadd", "DL3059"),
        ("RUN groupadd", "RUN cd / && groupadd", "DL3003"),
        ("RUN groupadd", "RUN echo | groupadd", "DL4006"),
        ("ENV PATH", "ENV SECRET_KEY=x\nENV PATH", "a secret"),
    ],
)
def test_each_fault_is_found(right, wrong, rule):
    text = DOCKERFILE.read_text()
    assert right in text
    if rule == "the libraries":
        text = text.replace(right, wrong + "\nCOPY requirements.txt .")
    else:
        text = text.replace(right, wrong)
    assert any(found.startswith(rule) for found in faults(text))
