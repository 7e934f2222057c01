"""What requirements.txt pins."""

import re
from dataclasses import dataclass
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements.txt"
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)

# As SPDX names them, where a package has other words for its licence, or says it in a list of trove classifiers alone.
SPDX = {
    "Apache 2": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "PSFL": "PSF-2.0",
}


@dataclass(frozen=True)
class Package:
    name: str
    version: str

    @property
    def licence(self) -> str:
        """An SPDX expression, from what is installed; empty if it says none."""
        about = metadata(self.name)
        classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if "License ::" in line]
        said = about.get("License-Expression") or about.get("License") or " ".join(classifiers)
        return SPDX.get(said, said)


def pinned() -> list[Package]:
    return [Package(name, version) for name, version in PIN.findall(REQUIREMENTS.read_text())]
