from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.doctor.finding import Finding, counted, ok, warning

PATIENCE = timedelta(minutes=15)
LATELY = timedelta(days=1)


def look() -> Iterator[Finding]:
    now = timezone.now()
    waiting = DBTaskResult.objects.ready().aggregate(count=Count("pk"), oldest=Min("enqueued_at"))
    count, oldest = waiting["count"], waiting["oldest"]
    waits = "waits" if count == 1 else "wait"
    if count and now - oldest > PATIENCE:
        minutes = int((now - oldest).total_seconds() // 60)
        todo = "See that the worker runs and what its log says; a large site may need a second one."
        yield warning(f"{counted(count, 'task')} {waits} for the worker, the oldest for {minutes} minutes.", todo)
    else:
        yield ok(f"{counted(count, 'task')} {waits} for the worker.")
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=now - LATELY)
    for row in failed.values("task_path").annotate(count=Count("pk")).order_by("task_path"):
        words = f"{row['task_path']} failed {counted(row['count'], 'time')} in the last day."
        yield warning(words, "The worker's log says why.")
