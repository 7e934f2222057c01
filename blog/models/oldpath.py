from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OldPath(models.Model):
    """An address that a post, a page or a label had: answered where a 404 would be, by
    blog.middleware.OldPathMiddleware. It leads to one of the three; with none of them, it says 410."""

    path = models.CharField(
        _("path"), max_length=1000, unique=True, help_text=_("From the first slash, without the host.")
    )
    post = models.ForeignKey(
        "blog.Post",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="old_paths",
        verbose_name=_("post"),
        help_text=_("Empty: the address answers that its post is gone for good."),
    )
    label = models.ForeignKey(
        "blog.Label", models.CASCADE, null=True, blank=True, related_name="old_paths", verbose_name=_("label")
    )
    address = models.CharField(_("another address"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, label=None) | Q(post=None, address="") | Q(label=None, address=""),
                name="blog_oldpath_one_aim",
            )
        ]

    def __str__(self) -> str:
        return self.path


class MissingPath(models.Model):
    """An address that readers asked for in vain, with how often: it may become an OldPath. Without the query, and
    nothing of who asked."""

    path = models.CharField(_("path"), max_length=300, unique=True)
    count = models.PositiveIntegerField(_("asked for"), default=1)
    first_at = models.DateTimeField(_("first"), default=timezone.now)
    last_at = models.DateTimeField(_("last"), default=timezone.now)
    ignored = models.BooleanField(default=False)  # somebody looked, and it is to stay a 404

    class Meta:
        verbose_name = _("missing address")
        verbose_name_plural = _("missing addresses")
        indexes = [models.Index(F("count").desc(), F("id").desc(), name="blog_missingpath_most")]

    def __str__(self) -> str:
        return self.path
