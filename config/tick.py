"""What the clock does: `manage.py worker` calls tick() every minute, `manage.py tick` once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult
from django_tasks_db.models import TaskResultStatus as Status

from blog import reads, renditions, revisions
from blog.mail import is_due
from blog.mail.sending import LEASE
from blog.models import Mail, Post
from blog.tasks import make_renditions, send_mails
from comments import waiting
from comments.models import BulkDecision, CommentSettings, RateCount
from comments.simulation.asking import drop_old_jobs
from comments.spam import store
from comments.tasks import fold_spam_lessons, work_off_bulk
from config import heartbeat, outage
from config.database import first_line
from config.models import Invitation, SignIn
from config.ready.clock import renew_ready_pages
from config.tasks import purge

logger = logging.getLogger(__name__)

EXPIRED_AT_ONCE = 200
KEEP_RESULTS = timedelta(days=7)
LONGEST_TASK = timedelta(hours=1)
MOST_STARTS = 3
PATIENCE = timedelta(minutes=2)
LONGEST_BULK = timedelta(days=1)
KEEP_MAILS = timedelta(days=30)
KEEP_INVITATIONS = timedelta(days=30)
KEEP_DEAD_MAILS = timedelta(days=180)
PURGE_EVERY = timedelta(days=1)


def tick(now: datetime) -> None:
    """Does every chore that is due. One that fails is logged, and the others are done all the same."""
    for chore in CHORES:
        try:
            chore(now)
        except Exception as error:
            if outage.why(error) is None:
                logger.exception("The chore %s failed; it is tried again at the next tick.", chore.__name__)
                continue
            logger.error("The chore %s waits for the database: %s", chore.__name__, first_line(error))
            if not connection.is_usable():
                return  # each of the others would find the same


def end_sessions(now: datetime) -> None:
    Session.objects.filter(expire_date__lt=now).delete()
    # Those whose session was deleted by a program that knows nothing of them.
    SignIn.objects.filter(~Exists(Session.objects.filter(pk=OuterRef("session_id")))).delete()


def drop_rate_counts(now: datetime) -> None:
    RateCount.objects.filter(window__lt=int(now.timestamp())).delete()


def drop_old_results(now: datetime) -> None:
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_RESULTS).delete()


@transaction.atomic
def take_up_lost_tasks(now: datetime) -> None:
    """A worker that was killed leaves its task running for ever: it is started again, but not without end."""
    lost = DBTaskResult.objects.running().filter(started_at__lt=now - LONGEST_TASK)
    for result in lost.select_for_update(skip_locked=True):
        if len(result.worker_ids) < MOST_STARTS:
            DBTaskResult.objects.filter(pk=result.pk).update(status=Status.READY, started_at=None)
            logger.warning("Task %s was lost by its worker and is started again.", result.task_path)
        else:
            result.set_failed(RuntimeError(f"Lost by its worker {MOST_STARTS} times."))
            logger.error("Task %s was lost by its worker %s times and is given up.", result.task_path, MOST_STARTS)


def take_up_bulk_decisions(now: datetime) -> None:
    """A decision on many comments whose task failed is gone on with; after a day it stays as it is, to be undone."""
    unfinished = BulkDecision.objects.filter(finished_at=None, created_at__lt=now - PATIENCE)
    waiting = DBTaskResult.objects.filter(
        status__in=[Status.READY, Status.RUNNING], task_path=work_off_bulk.module_path
    )
    underway = {result.args_kwargs["args"][0] for result in waiting} if unfinished else set()
    for bulk in unfinished:
        if bulk.created_at < now - LONGEST_BULK:
            BulkDecision.objects.filter(pk=bulk.pk).update(finished_at=now, tell="")
        elif str(bulk.pk) not in underway:
            logger.warning("The decision on many comments %s had stopped and is gone on with.", bulk.pk)
            work_off_bulk.enqueue(str(bulk.pk))


def drop_old_bulk_decisions(now: datetime) -> None:
    """They hold what somebody searched for. The log keeps what was decided."""
    BulkDecision.objects.filter(finished_at__lt=now - KEEP_RESULTS).delete()


def send_owed_mails(now: datetime) -> None:
    """Those that waited for their time, for a server that was away, or for a worker that was killed."""
    if not is_due(now):
        return
    underway = Q(status=Status.READY) | Q(status=Status.RUNNING, started_at__gt=now - LEASE)
    if not DBTaskResult.objects.filter(underway, task_path=send_mails.module_path).exists():
        send_mails.enqueue()


def take_up_images(now: datetime) -> None:
    """Those whose task was lost or failed, and those of an older version, which made no renditions."""
    if not _is_underway(make_renditions):
        renditions.take_up()


def take_expired_offline(now: datetime) -> None:
    """Readers see none of them since their time was over; now they are drafts again, as if somebody had done it."""
    for pk in Post.objects.expired(now).order_by("expires_at").values_list("pk", flat=True)[:EXPIRED_AT_ONCE]:
        with transaction.atomic():
            # Read anew: somebody may have given it more time.
            post = Post.objects.select_for_update().filter(pk=pk).first()
            if post and post.status == Post.Status.PUBLISHED and post.is_expired():
                post.status = Post.Status.DRAFT
                post.save()


def thin_autosaves(now: datetime) -> None:
    """Of each sitting that is long over, the newest autosave stays."""
    revisions.thin(now)


def fold_lessons(now: datetime) -> None:
    """Of the spam filter, so that a new process has few to read, and scores follow what moderators decide."""
    if store.is_due(now) and not _is_underway(fold_spam_lessons):
        fold_spam_lessons.enqueue()


def drop_old_mails(now: datetime) -> None:
    ended = [Mail.Status.SENT, Mail.Status.DROPPED]
    Mail.objects.filter(status__in=ended, done_at__lt=now - KEEP_MAILS).delete()
    Mail.objects.filter(status=Mail.Status.DEAD, done_at__lt=now - KEEP_DEAD_MAILS).delete()


def drop_old_invitations(now: datetime) -> None:
    """They hold somebody's address. For a while after its end one can still be sent again."""
    Invitation.objects.filter(ends_at__lt=now - KEEP_INVITATIONS).delete()


def forget(now: datetime) -> None:
    """Once a day, what is old enough (comments/retention, config/bin.py): a task, since the first one may take long."""
    purged_at = CommentSettings.load().purged_at
    if purged_at and purged_at > now - PURGE_EVERY:
        return
    if not _is_underway(purge):
        purge.enqueue()


def _is_underway(task: Task) -> bool:
    """Whether the worker has this to do already."""
    waiting = DBTaskResult.objects.filter(status__in=[Status.READY, Status.RUNNING], task_path=task.module_path)
    return waiting.exists()


CHORES: list[Callable[[datetime], None]] = [
    waiting.tell,
    end_sessions,
    drop_rate_counts,
    drop_old_results,
    take_up_lost_tasks,
    take_up_bulk_decisions,
    drop_old_bulk_decisions,
    drop_old_jobs,
    send_owed_mails,
    take_up_images,
    take_expired_offline,
    thin_autosaves,
    fold_lessons,
    reads.forget,
    drop_old_mails,
    drop_old_invitations,
    forget,
    renew_ready_pages,
    heartbeat.beat,  # last: it says that all the others have had their turn
]
