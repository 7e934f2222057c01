from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.addresses import address
from blog.fields import LineField
from blog.models.public import PublicModel
from blog.slugs import free_slug, validate_slug


class Series(PublicModel):
    """Posts that belong together, in the order in which they appeared."""

    title = LineField(_("title"), max_length=200)
    slug = models.CharField(
        _("slug"),
        max_length=120,
        unique=True,
        blank=True,
        validators=[validate_slug],
        help_text=_("Ends the address. Made from the title if left empty."),
    )
    description = models.TextField(_("description"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["title"]

    def save(self, *args, **kwargs) -> None:
        self.slug = self.slug or free_slug(type(self), self.title, "series")
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("series", self.slug)
