from django.db import models
from django.utils.translation import gettext_lazy as _


class OldPath(models.Model):
    """An address that a post had: answered where a 404 would be, by blog.middleware.OldPathMiddleware."""

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

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.path
