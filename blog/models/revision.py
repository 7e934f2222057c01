"""Texts of a post or page as somebody had them: nothing that was saved is ever overwritten (blog/revisions.py)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """One snapshot of what a post says: who had it, when, and how it came to be kept.

    `content` holds the fields of revisions.FIELDS as a form takes them, labels among them. An autosave is what somebody
    typed and has not saved: nothing of it was checked but its HTML. A post that stands there for its autosaves alone
    has one that says `begun`. `sitting` names the time a form was open, from the page's coming to its going: its
    autosave is written over for a while, and then another one follows it.
    """

    class Why(models.TextChoices):
        AUTOSAVE = "autosave", _("kept while writing")
        BEGUN = "begun", _("begun")
        SAVED = "saved", _("saved")
        PUBLISHED = "published", _("published")
        RESTORED = "restored", _("brought back")

    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="revisions", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    why = models.CharField(max_length=9, choices=Why)
    content = models.JSONField()
    sitting = models.CharField(max_length=32, blank=True, db_index=True)
    base = models.BigIntegerField(null=True)  # of an autosave: the newest saved one when the sitting began
    is_followed = models.BooleanField(default=False)  # a later autosave of the same sitting has what this one had
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)  # of an autosave, when it was last written over
    images = models.ManyToManyField("blog.Image", related_name="revisions")

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        indexes = [
            models.Index("post", F("id").desc(), name="blog_revision_newest"),
            models.Index("saved_at", condition=Q(is_followed=True), name="blog_revision_followed"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.get_why_display()} {self.saved_at:%Y-%m-%d %H:%M}"
