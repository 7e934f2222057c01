"""What people without an account may read before readers do, and what is said of a text before it is published."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.fields import LineField


class PreviewQuerySet(models.QuerySet):
    def open(self) -> "PreviewQuerySet":
        """Those whose link works now."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def of_key(self, key: str) -> "PreviewQuerySet":
        return self.filter(key_hash=hash_of(key))

    def make(self, days: int, **fields) -> str:
        """A new link; its key, which nobody can read again."""
        key = secrets.token_urlsafe(16)
        self.create(key_hash=hash_of(key), expires_at=timezone.now() + timedelta(days=days), **fields)
        return key


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class Preview(models.Model):
    """A link that shows a post as it will be. Its key is 128 random bits, of which the table keeps a hash."""

    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="previews")
    key_hash = models.CharField(max_length=64, unique=True)
    name = LineField(_("for whom"), max_length=100, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = PreviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self) -> str:
        return self.name or f"{self.created_at:%Y-%m-%d %H:%M}"


class ReviewNote(models.Model):
    """What an author, an editor, or somebody with a preview link says of a text. Readers never see it."""

    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="review_notes")
    revision = models.ForeignKey("blog.Revision", models.SET_NULL, null=True, related_name="+")  # what was read
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    preview = models.ForeignKey(Preview, models.SET_NULL, null=True, related_name="notes")
    name = LineField(_("your name"), max_length=100, blank=True)  # of who came by a link
    text = models.TextField(_("note"), max_length=5_000)
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index("post", "id", condition=Q(settled_at=None), name="blog_reviewnote_open")]

    def __str__(self) -> str:
        return self.text[:80]
