"""What a backup says of itself before all else."""

import json
import tomllib
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.crypto import salted_hmac

from config.backup import FORMAT, BackupFault
from config.backup.tables import Table

PRODUCT = "marginalia"


@dataclass
class Manifest:
    product: str
    format: int
    version: str
    database: str
    made_at: str
    key: str  # by which a site knows whether it has the same secret key, and nobody learns it
    migrations: list[str]
    tables: dict[str, dict]  # by name: columns, rows, last_id

    @classmethod
    def of(cls, tables: list[Table]) -> "Manifest":
        """Of this site, as it is in the snapshot."""
        described = {
            table.name: {"columns": table.columns, "rows": table.count(), "last_id": table.last_id()}
            for table in tables
        }
        now = timezone.now().isoformat(timespec="seconds")
        return cls(PRODUCT, FORMAT, version(), connection.vendor, now, key_mark(), migrations(), described)

    @classmethod
    def read(cls, data: bytes, tables: list[Table]) -> "Manifest":
        """Raises BackupFault unless this version can restore it."""
        try:
            said = json.loads(data)
            is_ours = said["product"] == PRODUCT
            newer = said["format"] > FORMAT
            if is_ours and newer:
                raise BackupFault(
                    f"A newer version made it ({said['version']:.40}): bring this site to that one first."
                )
            manifest = cls(**said)
            of_tables = {name: (of["columns"], int(of["rows"]), of["last_id"]) for name, of in manifest.tables.items()}
            known, theirs = set(migrations()), set(manifest.migrations)
            if not all(isinstance(one, str) for one in (manifest.version, *theirs)):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            is_ours = False
        if not is_ours:
            raise BackupFault("It is no backup of Marginalia: its manifest.json says something else.")
        if theirs - known:
            raise BackupFault(
                f"A newer version made it ({manifest.version:.40}): this one does not know {min(theirs - known):.80}."
                " Bring this site to that version first."
            )
        if known - theirs:
            raise BackupFault(
                f"An older version made it ({manifest.version:.40}): {min(known - theirs)} is missing. Restore it with"
                " that version, then bring the new files and run: manage.py prepare"
            )
        if {name: of[0] for name, of in of_tables.items()} != {table.name: table.columns for table in tables}:
            raise BackupFault("Its tables are not those that its migrations make.")
        return manifest

    @property
    def rows(self) -> int:
        return sum(of["rows"] for of in self.tables.values())

    def dumped(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def version() -> str:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def migrations() -> list[str]:
    """All that a site of this version has applied."""
    return sorted(".".join(key) for key in MigrationLoader(connection).graph.nodes)


def key_mark() -> str:
    return salted_hmac("config.backup", "the same key", algorithm="sha256").hexdigest()
