from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase

from blog.addresses import address
from blog.fields import LineField
from blog.models.public import PublicModel
from blog.slugs import make_slug, validate_slug


class Label(PublicModel, TagBase):
    """A tag, as readers know it. taggit's own model leaves names such as “...” without a slug."""

    name = LineField(_("name"), max_length=100, unique=True)
    slug = models.CharField(_("slug"), max_length=100, unique=True, validators=[validate_slug])

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ["name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug = make_slug(tag.replace("+", " plus ").replace("#", " sharp "), 90) or "label"
        return f"{slug}-{i}" if i is not None else slug

    def get_absolute_url(self) -> str:
        return address("label", self.slug)
