from django.db import models


class Version(models.Model):
    """The number of the change that last touched what `key` names; written by blog/versions.py alone."""

    key = models.CharField(max_length=30, primary_key=True)
    number = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.number}"
