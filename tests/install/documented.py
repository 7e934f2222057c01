"""What docs/operating.md tells an owner to type."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "operating.md"

DEBIAN = "From an empty server to a site, with Debian's packages"
NEW_VERSION = "A new version, with Debian's packages"
COMPOSE = "From an empty server to a site, with Docker Compose"

# Lines that are indented by four or more, after an empty one.
BLOCK = re.compile(r"(?<=\n\n)(?: {4,}\S.*\n)+")


def blocks(heading: str) -> list[str]:
    """The code of each block under a heading, in its order."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert section, f"docs/operating.md has no “{heading}”"
    return [re.sub(r"^ +", "", block, flags=re.MULTILINE) for block in BLOCK.findall(section[1])]
