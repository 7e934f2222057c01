"""While a new version takes over, the old one goes on serving from a database that has been migrated already."""

import os
import subprocess
import sys

import pytest
from django.db import connection
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader

from tests.config.command import ROOT, database_url, environment, manage
from tests.config.old_version import RELEASED

pytestmark = pytest.mark.timeout(600)
RULE = "docs/architecture.md, “Migrations”: add in one release, stop using in the next, take away in the one after"


@pytest.fixture
def database(tmp_path, transactional_db):
    """An empty one, of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
        return
    name = f"{connection.settings_dict['NAME']}_old"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield database_url().rpartition("/")[0] + f"/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Version:
    def __init__(self, folder, database: str) -> None:
        self.folder, self.values = folder, {"DATABASE_URL": database, "SECRET_KEY": os.environ["SECRET_KEY"]}

    def migrate(self, *to: str) -> None:
        done = manage(self.folder, "migrate", "-v0", *to, **self.values)
        assert done.returncode == 0, done.stderr

    def do(self, *calls: str) -> subprocess.CompletedProcess:
        script = "from tests.config import old_version; " + "; ".join(f"old_version.{call}" for call in calls)
        return subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "--no-imports", "-c", script],
            cwd=ROOT,
            env=environment(self.folder, **self.values),
            capture_output=True,
            text=True,
        )


def test_the_old_version_reads_and_writes_what_the_new_one_has_migrated(tmp_path, database):
    version = Version(tmp_path, database)
    for app, name in RELEASED:
        version.migrate(app, name)
    done = version.do("write(1)")
    assert done.returncode == 0, done.stderr
    version.migrate()
    done = version.do("write(2)", "read_and_change()", "delete(2)")
    assert done.returncode == 0, f"{done.stderr}\n{RULE}"


def new_operations() -> list:
    loader = MigrationLoader(None)
    released = {key for leaf in RELEASED for key in loader.graph.forwards_plan(leaf)}
    ours = {app for app, _name in RELEASED}
    new = [key for key in loader.graph.nodes if key[0] in ours and key not in released]
    return [(key, operation) for key in new for operation in _flat(loader.graph.nodes[key].operations)]


def _flat(found: list) -> list:
    """SeparateDatabaseAndState does to the database what stands in one of its two lists alone."""
    parts = [one.database_operations if hasattr(one, "database_operations") else [one] for one in found]
    return [one for part in parts for one in part]


def breaks_the_old(operation) -> str:
    """Why the version before could not go on after it; empty if it could."""
    gone = (operations.RemoveField, operations.DeleteModel, operations.RenameField, operations.RenameModel)
    if isinstance(operation, (*gone, operations.AlterModelTable)):
        return "what the old version asks for is gone"
    if isinstance(operation, operations.AddField):
        field = operation.field
        if not (field.null or field.has_db_default() or field.many_to_many):
            return "the old version writes rows without this column: null=True or db_default="
    if isinstance(operation, operations.AddConstraint):
        return "the old version may write what this refuses"
    return ""


def test_nothing_that_the_old_version_needs_is_taken_away():
    found = [
        f"{'.'.join(key)}: {operation.describe()}: {why}"
        for key, operation in new_operations()
        if (why := breaks_the_old(operation))
    ]
    assert found == [], RULE


def test_what_would_break_it_is_found():
    from django.db import models

    number = models.IntegerField(default=0)
    for operation in (
        operations.RemoveField("post", "title"),
        operations.RenameField("post", "title", "heading"),
        operations.AddField("post", "number", number),
        operations.DeleteModel("post"),
    ):
        assert breaks_the_old(operation)
    for field in (models.IntegerField(null=True), models.IntegerField(db_default=0)):
        assert not breaks_the_old(operations.AddField("post", "number", field))


def test_what_came_after_a_release_is_looked_at(monkeypatch):
    """Right after one there is nothing; as if the first migrations alone had been released, there is."""
    monkeypatch.setattr("tests.config.test_old_version.RELEASED", [("blog", "0001_initial")])
    assert any(key[0] == "blog" and breaks_the_old(operation) for key, operation in new_operations())
