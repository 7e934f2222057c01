"""What the database and the disk know of how the site is. Each is asked when somebody looks, and never for a reader."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q
from django_tasks_db.models import DBTaskResult

from blog.models import Mail
from comments.models import Comment, ModerationEvent
from config import heartbeat
from config.backup import schedule

LATELY = timedelta(hours=1)


class Tasks(NamedTuple):
    waiting: int
    oldest: float | None  # seconds


class Mails(NamedTuple):
    waiting: int
    failed: int
    unreached: datetime | None  # since when the mail server is away


class Disk(NamedTuple):
    free: int
    total: int


class Backup(NamedTuple):
    age: float
    size: int


def tasks(now: datetime) -> Tasks:
    found = DBTaskResult.objects.ready().aggregate(waiting=Count("pk"), oldest=Min("enqueued_at"))
    return Tasks(found["waiting"], (now - found["oldest"]).total_seconds() if found["oldest"] else None)


def mails() -> Mails:
    waiting, dead = Q(status=Mail.Status.WAITING), Q(status=Mail.Status.DEAD)
    found = Mail.objects.filter(waiting | dead).aggregate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=dead),
        unreached=Min("unreached_at", filter=waiting),
    )
    return Mails(**found)


def queue() -> int:
    """Comments that wait for a decision."""
    return Comment.objects.filter(status=Comment.Status.PENDING).count()


def verdicts(now: datetime) -> list[tuple[str, str, str, int]]:
    """What became of comments lately: status, the rule that said so (empty: a person), the code of why, how often."""
    lately = ModerationEvent.objects.filter(at__gt=now - LATELY).exclude(to_status="").of_status()
    return list(
        lately.order_by("to_status", "rule", "reason")
        .values_list("to_status", "rule", "reason")
        .annotate(times=Count("pk"))
    )


def tick_age(now: datetime) -> float | None:
    at = heartbeat.last()
    return (now - at).total_seconds() if at else None


def database_size() -> int:
    if connection.vendor == "sqlite":
        path = str(connection.settings_dict["NAME"])
        files = (Path(f"{path}{end}") for end in ("", "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())
    with connection.cursor() as cursor:
        return cursor.execute("SELECT pg_database_size(current_database())").fetchone()[0]


def disk() -> Disk:
    """Where uploads go, and on SQLite the database."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    return Disk(usage.free, usage.total)


def last_backup(now: datetime) -> Backup | None:
    """The newest in BACKUP_DIR, as its row says: that folder may be another machine's."""
    run = schedule.last_run() if settings.BACKUP_DIR else None
    if run is None or run.made_at is None:
        return None
    return Backup(max((now - run.made_at).total_seconds(), 0), run.size)


def pages_as_files() -> int:
    """That nginx serves by itself (config/ready)."""
    root = settings.READY_PAGES_DIR
    trees = [root / name / "pages" for name in ("posts", "lists")] if root else []
    return sum(not path.name.endswith(".gz") for tree in trees for path in tree.rglob("*") if path.is_file())
