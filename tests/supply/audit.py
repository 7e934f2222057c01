"""`make audit` asks whether what is pinned has known weaknesses. It ends with 1 if so, with 2 if it cannot be told."""

import json
import subprocess
import sys
from collections.abc import Sequence

from tests.supply.packages import REQUIREMENTS

COMMAND = (sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off")


def audit(arguments: Sequence[str]) -> int:
    """`arguments` are pip-audit's own, instead of the file that the site is installed from."""
    command = [*COMMAND, "--format", "json", *(arguments or ("-r", str(REQUIREMENTS)))]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:  # it does not come to a list of them when nobody answers
        reason = (done.stderr.strip().splitlines() or ["pip-audit says nothing"])[-1].partition("(")[0]
        print(f"Not audited: the index of known weaknesses is not reached from here ({reason}). Try again online.")
        return 2
    weak = [package for package in packages if package.get("vulns")]
    for package in weak:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "none yet"
            names = ", ".join([found["id"], *found["aliases"]])
            print(f"{package['name']} {package['version']}: {names}. Mended in: {mended}.")
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if unknown:
        print(f"Not audited, since the index does not tell of them here: {', '.join(unknown)}.")
    if weak:
        return 1
    if not unknown:
        print(f"{len(packages)} packages have no known weakness.")
    return 2 if unknown else 0


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1:]))
