import zoneinfo

from django.contrib.auth import models as auth
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.addresses import address
from blog.fields import LineField
from blog.models.public import PublicModel, PublicQuerySet
from blog.models.settings import validate_time_zone
from blog.slugs import free_slug, validate_slug


class UserManager(auth.UserManager.from_queryset(PublicQuerySet)):
    use_in_migrations = False


class User(PublicModel, auth.AbstractUser):
    UNSEEN = frozenset(
        {"last_login", "password", "email", "is_active", "is_staff", "is_superuser", "date_joined", "time_zone"}
    )

    display_name = LineField(_("name shown to readers"), max_length=120, blank=True)
    slug = models.CharField(
        _("slug"),
        max_length=120,
        unique=True,
        blank=True,
        validators=[validate_slug],
        help_text=_("Ends the address of the author's page."),
    )
    bio = models.TextField(_("about"), max_length=600, blank=True)
    picture = models.ForeignKey(
        "blog.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    time_zone = models.CharField(
        _("your time zone"),
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("The desk shows and takes times in it. The site’s if left empty."),
    )

    objects = UserManager()

    class Meta(auth.AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = free_slug(type(self), self.name, "author")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address("author", self.slug)

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """The one that the desk shows times in; None: the site's."""
        return zoneinfo.ZoneInfo(self.time_zone) if self.time_zone else None

    @property
    def name(self) -> str:
        return self.display_name or self.get_full_name() or self.username
