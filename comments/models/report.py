from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class Report(models.Model):
    """A reader's word that a comment should be looked at. Open until a moderator has decided on the comment."""

    class Kind(models.TextChoices):
        SPAM = "spam", _("It is advertising or spam")
        RUDE = "rude", _("It is rude or hateful")
        PRIVATE = "private", _("It tells somebody’s private matters")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    kind = models.CharField(_("what is wrong"), max_length=7, choices=Kind)
    words = models.TextField(_("in your words"), max_length=500, blank=True)
    address_digest = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)  # the batch of that decision

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "address_digest"], condition=Q(closed_at__isnull=True), name="comments_report_once"
            )
        ]
        indexes = [models.Index("closed_by", condition=Q(closed_by__isnull=False), name="comments_report_closed")]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.kind}"
