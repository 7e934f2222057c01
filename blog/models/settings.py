import zoneinfo
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog import versions
from blog.fields import LineField
from blog.models.public import PublicModel
from blog.prepared import Prepared


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Use a time zone's name, such as Europe/Berlin or UTC."), code="invalid")


class SingleRow(PublicModel):
    """A table of one row, whose fields' defaults hold until somebody saves it. Every page shows something of it."""

    class Meta:
        abstract = True

    def shown_under(self) -> set[str]:
        return {versions.SITE}

    def save(self, *args, **kwargs) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def load(cls):
        return next(iter(_row_of(cls)()), None) or cls(pk=1)


@cache
def _row_of(model: type[SingleRow]) -> Prepared:
    return Prepared(lambda: model.objects.filter(pk=1))


class SiteSettings(SingleRow):
    title = LineField(_("title"), max_length=120, default="Marginalia")
    tagline = LineField(_("tagline"), max_length=200, blank=True, help_text=_("One line under the title."))
    about = models.TextField(
        _("about"), max_length=600, blank=True, help_text=_("A few plain sentences, shown beside the list of posts.")
    )
    posts_per_page = models.PositiveSmallIntegerField(
        _("posts per page"), default=10, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    language = models.CharField(
        _("language"), max_length=10, default="en", choices=settings.LANGUAGES, help_text=_("Of the site's own words.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Dates and times on the site are shown in this zone."),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("site settings")

    def __str__(self) -> str:
        return str(_("Site settings"))

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)
