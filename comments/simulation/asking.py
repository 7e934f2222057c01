"""How a simulation is asked for: the settings as they would be, without saving them, and over how many comments."""

from datetime import datetime, timedelta

from django.db import transaction

from comments.models import CommentSettings, Job
from comments.tasks import simulate

SIZES = (100, 1_000, 10_000)
KEPT = timedelta(days=7)
Changes = dict[str, list[str]]  # a field's name: what it was and what it would be, as text


def ask(user, edited: CommentSettings, size: int) -> Job:
    """Has the worker try these settings. Only what differs from the saved ones is kept: so whoever saves them later
    takes back nothing else that was saved meanwhile."""
    asked = {"size": size, "changes": changes(CommentSettings.load(), edited)}
    with transaction.atomic():
        job = Job.objects.create(kind=Job.Kind.SIMULATE, user=user, asked=asked)
        transaction.on_commit(lambda: simulate.enqueue(str(job.pk)))
    return job


def changes(saved: CommentSettings, edited: CommentSettings) -> Changes:
    found = {}
    for field in CommentSettings._meta.concrete_fields:
        is_asked = field.editable and not field.primary_key
        if is_asked and field.value_from_object(saved) != field.value_from_object(edited):
            found[field.name] = [field.value_to_string(saved), field.value_to_string(edited)]
    return found


def settings_of(job: Job) -> CommentSettings:
    """The saved settings with what the job changes, unsaved."""
    settings = CommentSettings.load()
    for name, (_was, becomes) in job.asked["changes"].items():
        setattr(settings, name, CommentSettings._meta.get_field(name).to_python(becomes))
    return settings


def drop_old_jobs(now: datetime) -> None:
    Job.objects.filter(created_at__lt=now - KEPT).delete()
