import zoneinfo
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog import sanitize, versions
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
        return next(iter(_row_of(cls)()), None) or cls(*_defaults_of(cls))


@cache
def _row_of(model: type[SingleRow]) -> Prepared:
    return Prepared(lambda: model.objects.filter(pk=1))


@cache
def _defaults_of(model: type[SingleRow]) -> list:
    """What holds until somebody saves the row; asking each field for its own takes longer than the query."""
    unsaved = model(pk=1)
    return [getattr(unsaved, field.attname) for field in model._meta.concrete_fields]


class SiteSettings(SingleRow):
    UNSEEN = frozenset({"second_step_for"})

    class Look(models.TextChoices):
        """Each but the first is a style sheet of tokens: static/css/looks/."""

        PAPER = "paper", _("Paper: a book with a margin")
        SLATE = "slate", _("Slate: cool and plain, without serifs")
        GARDEN = "garden", _("Garden: soft green")

    class Scheme(models.TextChoices):
        SYSTEM = "system", _("as the reader’s device has it")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

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

    logo = models.ForeignKey(
        "blog.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("Stands before the title, at most 48 pixels high."),
    )
    look = models.CharField(
        _("look"),
        max_length=10,
        choices=Look,
        default=Look.PAPER,
        help_text=_("Paper, ink and type of the readers’ pages."),
    )
    scheme = models.CharField(
        _("colour scheme"),
        max_length=6,
        choices=Scheme,
        default=Scheme.SYSTEM,
        help_text=_("Which one readers meet first; each may choose for their own browser."),
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        help_text=_("Of links and marks on light pages. The red if empty."),
    )
    accent_dark = models.CharField(
        _("accent colour on dark pages"), max_length=7, blank=True, help_text=_("Made from the other one if empty.")
    )
    footer = models.TextField(
        _("footer"),
        max_length=1000,
        blank=True,
        help_text=_("At the foot of every page; links and emphasis are taken."),
    )
    footer_html = models.TextField(default="", editable=False)
    feeds_in_full = models.BooleanField(
        _("whole texts in feeds"), default=True, help_text=_("Otherwise the first words, and a link to the rest.")
    )
    indexed = models.BooleanField(
        _("search engines may list this site"),
        default=True,
        help_text=_("They are asked to; most do as they are asked."),
    )
    robots = models.TextField(
        _("more lines of robots.txt"), max_length=2000, blank=True, help_text=_("As crawlers read them.")
    )
    # Roles, parted by commas. Here and not in a table of its own: every request has read this row.
    second_step_for = models.CharField(max_length=120, blank=True, default="", db_default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("site settings")

    def __str__(self) -> str:
        return str(_("Site settings"))

    def save(self, *args, **kwargs) -> None:
        self.footer_html = sanitize.clean_footer(self.footer)
        super().save(*args, **kwargs)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class MenuItem(PublicModel):
    """One line of the menu. While there is none, the pages stand there."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)
    words = LineField(_("words"), max_length=60, blank=True, help_text=_("The page’s title if left empty."))
    page = models.ForeignKey(
        "blog.Post", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("page")
    )
    address = models.CharField(_("or an address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("line of the menu")
        verbose_name_plural = _("menu")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.words or str(self.page or self.address)

    def shown_under(self) -> set[str]:
        return {versions.SITE}
