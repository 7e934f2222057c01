from django.db import models


class CdnPurge(models.Model):
    """The one row that remembers up to which change the CDN has been told what is out of date (config/cdn.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)  # by the worker that is telling it

    def __str__(self) -> str:
        return str(self.number)
