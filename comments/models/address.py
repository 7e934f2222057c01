import secrets

from django.db import models
from django.utils import timezone


def new_key() -> bytes:
    return secrets.token_bytes(32)


class AddressKey(models.Model):
    """The secret under which people's addresses are kept as digests. In the database, so that all machines share it."""

    key = models.BinaryField(default=new_key)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class RateCount(models.Model):
    """How often one key was counted in one window of time (comments/ratelimit.py)."""

    key = models.CharField(max_length=80)
    window = models.BigIntegerField()  # seconds since 1970 at its end
    count = models.PositiveIntegerField(default=1)

    class Meta:
        # In this order the rows of the present stand together, and those that have ended are found by it, too.
        constraints = [models.UniqueConstraint(fields=["window", "key"], name="comments_ratecount_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
