from collections.abc import Iterator

from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.database import waiting_migrations, where
from config.doctor.finding import Finding, ok, problem, warning


def look() -> Iterator[Finding]:
    try:
        waiting = waiting_migrations()
    except CommandError as error:
        yield problem(str(error), "Start the database server, or mend DATABASE_URL and the file's permissions.")
        return
    yield from sqlite() if connection.vendor == "sqlite" else postgresql()
    if waiting:
        yield problem(f"The database lacks {waiting} migrations.", "Stop the site, run: manage.py prepare, start it.")
    elif unknown := unknown_migrations():
        words = f"The database knows migrations that this version does not, such as {unknown[0]}."
        yield warning(words, "A newer version has written to it: go on with that one.")
    else:
        yield ok("All migrations are applied.")


def unknown_migrations() -> list[str]:
    loader = MigrationLoader(connection)
    known = {name for name, migration in loader.disk_migrations.items()}
    known |= {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations if (app, name) not in known)


def sqlite() -> Iterator[Finding]:
    yield ok(f"SQLite {'.'.join(map(str, connection.Database.sqlite_version_info))} answers: {where()}.")
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        found = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
    if mode != "wal":
        todo = "Put the database on a local disk: WAL needs one, and readers wait for writers without it."
        yield warning(f"The database's journal is {mode} and not WAL.", todo)
    if found == "ok":
        yield ok("The database file is whole (quick_check).")
    else:
        todo = "Stop the site, keep a copy of the file, and restore your last backup."
        yield problem(f"The database file is damaged: {found.partition(chr(10))[0]}", todo)


def postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        encoding = cursor.execute("SHOW server_encoding").fetchone()[0]
        version = cursor.execute("SHOW server_version").fetchone()[0]
    yield ok(f"PostgreSQL {version} answers: {where()}.")
    if encoding != "UTF8":
        todo = "Make a new one: createdb --encoding UTF8 --template template0 …"
        yield problem(f"The database keeps its texts as {encoding}, which lacks most letters.", todo)
