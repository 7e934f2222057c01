from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class AppendOnly(models.QuerySet):
    def update(self, *args, **kwargs):
        raise TypeError("The moderation log is only ever added to.")

    delete = bulk_update = update

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise TypeError("The moderation log is only ever added to.")
        return super().bulk_create(objs, *args, **kwargs)


class ModerationEvent(models.Model):
    """One change of a comment's status. Written by comments/moderation.py and never changed."""

    # A plain number: the row outlives the comment.
    comment_id = models.BigIntegerField(_("comment"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="moderation_events", verbose_name=_("who")
    )
    rule = models.CharField(_("rule"), max_length=40, blank=True, help_text=_("What decided, where no person did."))
    from_status = models.CharField(_("from"), max_length=8, choices=Comment.Status, blank=True)
    to_status = models.CharField(_("to"), max_length=8, choices=Comment.Status)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    batch = models.UUIDField(_("batch"), null=True, help_text=_("Decisions made together share one."))

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("moderation event")
        verbose_name_plural = _("moderation log")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.from_status} → {self.to_status}"

    def save(self, *args, **kwargs) -> None:
        if self.pk:
            raise TypeError("The moderation log is only ever added to.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("The moderation log is only ever added to.")
