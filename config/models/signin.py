from django.conf import settings
from django.db import models


class SignIn(models.Model):
    """Whose session it is; since when, and with what kind of browser, says the session itself (config/sessions)."""

    # No constraints of the database's: a program of the release before deletes both and knows nothing of this table.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_constraint=False)
    session = models.OneToOneField("sessions.Session", models.CASCADE, related_name="+", db_constraint=False)

    def __str__(self) -> str:
        return str(self.pk)
