import logging
import threading
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from config import outage, requestid
from config.backup.schedule import keep_backing_up
from config.cdn import keep_telling
from config.database import first_line
from config.tick import tick

logger = logging.getLogger(__name__)

TICK_EVERY = 60  # seconds
TRY_AGAIN_AFTER = 5


class Command(BaseCommand):
    help = "Runs background tasks, and the tick every minute, until it is stopped."

    def handle(self, **options) -> None:
        logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
        stopping = threading.Event()
        threads = [threading.Thread(target=keep_ticking, args=[stopping], name="tick")]
        if settings.CDN_PURGE_URL:
            threads.append(threading.Thread(target=keep_telling, args=[stopping], name="CDN"))
        if settings.BACKUP_DIR:
            threads.append(threading.Thread(target=keep_backing_up, args=[stopping], name="backup"))
        for thread in threads:
            thread.start()
        try:
            keep_working()
        finally:
            stopping.set()
            for thread in threads:
                thread.join(timeout=5)


class NamedWorker(Worker):
    """Names each task in the log by its id."""

    def run_task(self, db_task_result) -> None:
        with requestid.called(f"task-{db_task_result.id}"):
            super().run_task(db_task_result)


def keep_working() -> None:
    """Ends by a signal alone: a database that goes away is waited for."""
    worker = NamedWorker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
    )
    worker.configure_signals()
    while worker.running:
        try:
            worker.run()
        except (DatabaseError, InterfaceError) as error:
            if not isinstance(error, OperationalError | InterfaceError) and outage.why(error) is None:
                raise
            logger.error("The worker waits for the database: %s", first_line(error))
            connection.close()
            time.sleep(TRY_AGAIN_AFTER)


def keep_ticking(stopping: threading.Event) -> None:
    while True:
        with requestid.called(f"tick-{requestid.new()}"):
            tick(timezone.now())
        connection.close()
        if stopping.wait(TICK_EVERY):
            return
