from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from config.backup import BackupFault
from config.backup.keeping import kept, refuse_full_disk, usable_folder
from config.backup.schedule import LATE, last_run
from config.doctor.finding import Finding, ok, problem, warning
from config.doctor.folders import writable

MEND = "See to that, then run: manage.py backup"


def look() -> Iterator[Finding]:
    if not settings.BACKUP_DIR:
        yield warning(
            "BACKUP_DIR is not set: the worker makes no backups.",
            "Set it to a folder on another disk, or make your own.",
        )
        return
    try:
        folder = usable_folder()
        refuse_full_disk(folder)
    except BackupFault as fault:
        yield problem(str(fault), MEND)
        return
    yield writable("BACKUP_DIR", folder)
    run, now = last_run(), timezone.now()
    if run.problem:
        yield problem(f"The last backup failed: {run.problem}", MEND)
    elif run.made_at is None:
        yield problem("No backup has been made into BACKUP_DIR yet.", "Let the worker run, or run: manage.py backup")
    elif now - run.made_at > LATE:
        words = f"The last backup is of {run.made_at:%Y-%m-%d %H:%M} UTC."
        yield problem(words, "See that the worker runs, or run: manage.py backup")
    elif not kept(folder):
        yield problem(f"The last backup is no longer in {folder}.", MEND)
    else:
        yield ok(f"The last backup is of {run.made_at:%Y-%m-%d %H:%M} UTC, with {run.size / 1e6:,.1f} MB.")
