"""What the tick does about ready pages."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from config.ready import files
from config.ready.keeping import AHEAD, lock, until_key

MOST_BYTES = 128 * 1024 * 1024
PREFIX = "until:"


def renew_ready_pages(now: datetime) -> None:
    """Removes the pages whose time comes within the hour, and says that the others may stay for another while."""
    root = settings.READY_PAGES_DIR
    if not root:
        return
    root.mkdir(parents=True, exist_ok=True)
    soon = int(until_key(now.timestamp() + AHEAD).removeprefix(PREFIX))
    due = {key for key in files.noted(root, PREFIX) if int(key.removeprefix(PREFIX)) <= soon}
    if due:
        with transaction.atomic():
            lock()
            files.drop(root, due)
            transaction.set_rollback(True)
    files.sweep(root, MOST_BYTES)
    files.renew(root, now.timestamp())
