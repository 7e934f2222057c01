import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Job(models.Model):
    """Long work that somebody waits for at the desk, and the worker does: how far it is, and what it found."""

    class Kind(models.TextChoices):
        SIMULATE = "simulate"
        RETRAIN = "retrain"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    found = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True)  # why it could not be done, in words
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.done} of {self.total}"
