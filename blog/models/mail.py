from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One mail that is owed to somebody. It is composed when it is sent (blog/mail/), so it holds ids alone."""

    class Status(models.TextChoices):
        DEAD = "dead", _("could not be sent")
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DROPPED = "dropped", _("not needed any more")

    kind = models.CharField(_("kind"), max_length=20)  # of settings.MAIL_KINDS
    key = models.CharField(max_length=120, unique=True)  # what is owed is owed once
    data = models.JSONField(default=dict)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.WAITING)
    send_after = models.DateTimeField(_("send after"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("taken by a worker"), null=True)  # who has it since then
    handed_at = models.DateTimeField(_("handed to the mail server"), null=True)
    repeats = models.PositiveSmallIntegerField(_("handed over with no answer"), default=0)
    unreached_at = models.DateTimeField(_("mail server not reached since"), null=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)  # without anybody's address
    created_at = models.DateTimeField(_("owed since"), default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        default_permissions = ["view", "change"]
        indexes = [
            models.Index(fields=["send_after", "id"], condition=models.Q(status="waiting"), name="blog_mail_waiting"),
            models.Index(fields=["status", "done_at"], name="blog_mail_done"),
        ]

    def __str__(self) -> str:
        return f"{settings.MAIL_NAMES.get(self.kind, self.kind)} ({self.pk})"
