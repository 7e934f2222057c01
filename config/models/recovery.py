from django.conf import settings
from django.db import models


class RecoveryCode(models.Model):
    """One that a user has not used yet, as a digest; the row goes when it is used (config/signin/second.py)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="config_recoverycode_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.digest[:8]}"
