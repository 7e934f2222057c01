from django.db import models


class Heartbeat(models.Model):
    """The one row that says when the tick last ran (config/heartbeat.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)
