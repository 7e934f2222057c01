"""Looks at a site from its settings to its worker, and says what to do: `manage.py doctor`.

Each module looks at one thing and yields a Finding for each of its sides. It may raise whatever it meets: examine()
makes a line of it.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from config.database import first_line
from config.doctor import (
    backups,
    cache,
    clock,
    database,
    folders,
    index,
    mail,
    settings,
    static,
    storage,
    tasks,
    worker,
)
from config.doctor.finding import Finding, Level, problem, warning

__all__ = ["Finding", "Level", "examine", "glance"]


class Check(NamedTuple):
    name: str
    look: Callable[[], Iterator[Finding]]
    needs_database: bool = False


CHECKS = [
    Check("settings", settings.look),
    Check("folders", folders.look),
    Check("storage", storage.look),
    Check("static files", static.look),
    Check("database", database.look),
    Check("clock", clock.look, needs_database=True),
    Check("worker", worker.look, needs_database=True),
    Check("tasks", tasks.look, needs_database=True),
    Check("search index", index.look, needs_database=True),
    Check("backups", backups.look, needs_database=True),
    Check("cache", cache.look),
    Check("mail", mail.look),
    Check("mails owed", mail.look_at_owed, needs_database=True),
]
AT_A_GLANCE = {"folders", "worker", "tasks", "mails owed"}


def examine(mail_to: str = "") -> Iterator[tuple[str, Finding]]:
    """What each check finds, with its name, in the order in which a fault would spread.

    With `mail_to` a mail is sent there. What needs the database is left out, and says so, once that was found wanting.
    Never raises.
    """
    checks = [*CHECKS, Check("test mail", lambda: mail.send(mail_to))] if mail_to else CHECKS
    has_database = True
    for check in checks:
        if check.needs_database and not has_database:
            yield check.name, warning("Not looked at, since the database cannot be used.", "Mend the database first.")
            continue
        for finding in _guarded(check):
            if check.name == "database" and finding.level == Level.PROBLEM:
                has_database = False
            yield check.name, finding


def glance() -> Iterator[tuple[str, Finding]]:
    """What can be looked at while somebody waits for a page: what most often goes wrong by itself."""
    for check in CHECKS:
        if check.name in AT_A_GLANCE:
            yield from ((check.name, finding) for finding in _guarded(check))


def _guarded(check: Check) -> Iterator[Finding]:
    try:
        yield from check.look()
    except Exception as error:
        words = f"This could not be looked at: {type(error).__name__}: {first_line(error)}"
        yield problem(words, "See whether the lines above explain it; if not, it is a fault of this program.")
