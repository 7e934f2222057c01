from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.prepared import WrittenOnce
from comments.models.comment import MAX_LENGTH, Comment

NEWEST = (F("at").desc(), F("id").desc())


# Why a comment's words changed while its status stayed: no decision.
WORDS_ONLY = ("edited", "rewritten")


class AppendOnly(models.QuerySet):
    def update(self, *args, **kwargs):
        raise TypeError("The moderation log is only ever added to.")

    delete = bulk_update = update

    def of_status(self) -> "AppendOnly":
        """Without those that changed words alone."""
        return self.exclude(reason__in=WORDS_ONLY)

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise TypeError("The moderation log is only ever added to.")
        return super().bulk_create(objs, *args, **kwargs)


class ModerationEvent(WrittenOnce):
    """One change of a comment's status. Written by comments/moderation.py and never changed."""

    # A plain number: the row outlives the comment.
    comment_id = models.BigIntegerField(_("comment"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="moderation_events",
        verbose_name=_("who"),
    )
    rule = models.CharField(_("rule"), max_length=40, blank=True, help_text=_("What decided, where no person did."))
    from_status = models.CharField(_("from"), max_length=8, choices=Comment.Status, blank=True)
    to_status = models.CharField(_("to"), max_length=8, choices=Comment.Status, blank=True)  # empty: deleted for good
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    # Decisions made together share one, and are undone together; arrivals, edits and what its writer did have none.
    batch = models.UUIDField(_("batch"), null=True)
    undoes = models.BigIntegerField(null=True)  # the event that this one takes back

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("moderation event")
        verbose_name_plural = _("moderation log")
        ordering = ["-pk"]
        constraints = [
            # Not of the many that undo nothing: SQLite would take “undoes nothing” for the rarest of conditions.
            models.UniqueConstraint(
                fields=["undoes"], condition=Q(undoes__isnull=False), name="comments_event_undone_once"
            )
        ]
        indexes = [
            models.Index("batch", "id", condition=Q(batch__isnull=False), name="comments_event_batch"),
            # Of the log's page, one for each thing that it is filtered by.
            models.Index(*NEWEST, name="comments_event_at"),
            models.Index("actor", *NEWEST, condition=Q(actor__isnull=False), name="comments_event_actor"),
            models.Index("rule", *NEWEST, name="comments_event_rule"),
            models.Index("reason", *NEWEST, name="comments_event_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.from_status} → {self.to_status}"

    def save(self, *args, **kwargs) -> None:
        if self.pk:
            raise TypeError("The moderation log is only ever added to.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("The moderation log is only ever added to.")

    @property
    def is_decision(self) -> bool:
        """Whether undo can take it back: it was decided, and is no undo itself."""
        return self.batch is not None and self.undoes is None


class ModerationNote(models.Model):
    """People's words that belong to an event; unlike the log, they may be erased with the person."""

    class Kind(models.TextChoices):
        TOLD = "told", _("told to the writer")
        BEFORE = "before", _("the words before an edit")
        APPEAL = "appeal", _("why the writer asked to look again")

    event = models.OneToOneField(ModerationEvent, models.PROTECT, related_name="note")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=6, choices=Kind)
    text = models.TextField(max_length=MAX_LENGTH)

    def __str__(self) -> str:
        return self.text[:60]
