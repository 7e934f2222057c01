from django.contrib.auth.models import AbstractUser
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.fields import LineField
from blog.slugs import make_slug, validate_slug


class User(AbstractUser):
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

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("author", args=[self.slug])

    @property
    def name(self) -> str:
        return self.display_name or self.get_full_name() or self.username

    def _free_slug(self) -> str:
        base = make_slug(self.name, 100) or "author"
        taken = set(User.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        number, slug = 1, base
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug
