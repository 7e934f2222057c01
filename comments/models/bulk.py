import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class BulkDecision(models.Model):
    """One decision on all comments of a filter, or the undoing of one: worked off by the worker, a chunk at a time."""

    batch = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=8, blank=True)  # of moderation.Verb; empty: undo
    undoes = models.UUIDField(null=True)  # the batch to take back
    place = models.CharField(max_length=3_000, blank=True)  # the queue's filter, as its query string
    tell = models.TextField(max_length=500, blank=True)
    newest = models.BigIntegerField(default=0)  # of the comments that the moderator saw
    reached = models.CharField(
        max_length=40, blank=True
    )  # the last one looked at: a cursor, or of an undo an event's id
    total = models.PositiveIntegerField(default=0)  # about so many, when it began
    changed = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.verb or 'undo'}: {self.changed} of {self.total}"
