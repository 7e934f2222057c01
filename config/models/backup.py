from django.db import models


class BackupRun(models.Model):
    """The one row that says how it went with the backups in BACKUP_DIR (config/backup/schedule.py)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    made_at = models.DateTimeField(null=True)  # the last whole one
    size = models.BigIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)  # of the last try; empty: it went well

    def __str__(self) -> str:
        return self.problem or str(self.made_at)
