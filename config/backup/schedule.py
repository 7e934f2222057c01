"""A backup each night, by the worker, into BACKUP_DIR; and what became of it."""

import logging
import os
import subprocess
import sys
import tempfile
import threading
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from blog.models import SiteSettings
from config.database import first_line
from config.models import BackupRun

logger = logging.getLogger(__name__)

HOUR = 3  # by the clock of the site
LOOK_EVERY = 60  # seconds
AGAIN_AFTER = timedelta(hours=1)
LATE = timedelta(hours=36)  # a night and a half without one
BACKGROUND = 10  # nice: readers first


def keep_backing_up(stopping: threading.Event) -> None:
    while True:
        try:
            close_old_connections()
            if claim(timezone.now(), SiteSettings.load().zone):
                back_up(stopping)
        except (Error, OSError) as error:
            logger.error("The backup could not be begun; it is tried again: %s", first_line(error))
        connection.close()
        if stopping.wait(LOOK_EVERY):
            return


def claim(now: datetime, zone: tzinfo) -> bool:
    """Whether a backup is due, and whoever asks is the one who makes it: one attempt an hour, of all workers."""
    BackupRun.objects.get_or_create(pk=1)
    is_undone = Q(made_at=None) | Q(made_at__lt=_last_night(now, zone))
    is_free = Q(tried_at=None) | Q(tried_at__lte=now - AGAIN_AFTER)
    return BackupRun.objects.filter(is_undone, is_free, pk=1).update(tried_at=now) == 1


def back_up(stopping: threading.Event) -> None:
    """In a process of its own, so that mail and chores go on; one that is stopped leaves nothing that counts."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "manage.py", "backup"], cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=said
        )
        os.setpriority(os.PRIO_PROCESS, process.pid, BACKGROUND)
        while process.poll() is None:
            if stopping.wait(0.2):
                process.terminate()
                process.wait()
                return
        if process.returncode:
            record_failure(_why(said) or f"it ended with code {process.returncode}")


def record_made(at: datetime, path: Path) -> None:
    BackupRun.objects.update_or_create(
        pk=1, defaults={"made_at": at, "size": path.stat().st_size, "tried_at": at, "problem": ""}
    )


def record_failure(problem: str) -> None:
    logger.error("The backup failed and is tried again in an hour: %s", problem)
    BackupRun.objects.filter(pk=1).update(problem=problem[:500])


def last_run() -> BackupRun:
    return BackupRun.objects.filter(pk=1).first() or BackupRun()


def _last_night(now: datetime, zone: tzinfo) -> datetime:
    local = now.astimezone(zone)
    at = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return at if at <= local else at - timedelta(days=1)


def _why(said: BinaryIO) -> str:
    said.seek(0)
    last = said.read().decode(errors="replace").strip().rpartition("\n")[2]
    return last.removeprefix("CommandError: ")
