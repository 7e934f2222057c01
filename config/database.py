"""Says in one line why the database cannot be used, before a command starts to work with it."""

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def waiting_migrations() -> int:
    """How many migrations the database lacks.

    Raises CommandError, in one line, if the database cannot be reached, read or trusted.
    """
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        raise CommandError(f"The database cannot be used: {first_line(error)} ({where()}).") from None


def database_or_stop() -> None:
    """Raises CommandError unless the database can be used and is up to date."""
    if waiting := waiting_migrations():
        raise CommandError(f"The database lacks {waiting} migrations. Run: manage.py prepare")


def where() -> str:
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(config["NAME"])
    return f"{config['NAME']} at {config['HOST'] or 'localhost'}:{config['PORT'] or 5432}"
