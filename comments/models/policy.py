from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog import versions
from blog.models import Label, Post
from blog.models.public import PublicModel, PublicQuerySet

MAX_DAYS = 36_500


class PolicyValues(PublicModel):
    """What a label or a post says of its own; empty: as the level above says. 0 turns a rule off."""

    hold_all = models.BooleanField(_("hold every comment"), null=True, blank=True)
    approved_needed = models.PositiveSmallIntegerField(
        _("hold until so many comments of the writer are approved"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
    )
    max_links = models.PositiveSmallIntegerField(
        _("hold a comment with so many links or more"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    hold_after_days = models.PositiveIntegerField(
        _("hold comments on posts older than so many days"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_DAYS)],
    )
    close_after_days = models.PositiveIntegerField(
        _("close comments on posts older than so many days"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_DAYS)],
    )

    class Meta:
        abstract = True


class LabelPolicy(PolicyValues):
    label = models.OneToOneField(Label, models.PROTECT, related_name="comment_policy", verbose_name=_("label"))
    closed = models.BooleanField(
        _("close comments"), default=False, help_text=_("On posts with this label that do not say otherwise.")
    )

    class Meta:
        verbose_name = _("comment policy of a label")
        verbose_name_plural = _("comment policies of labels")

    def __str__(self) -> str:
        return str(self.label)

    def shown_under(self) -> set[str]:
        return {versions.SITE}


class PostPolicyQuerySet(PublicQuerySet):
    def touched_by(self, values: dict) -> set[str]:
        return {versions.post_key(pk) for pk in self.values_list("post", flat=True)}


class PostPolicy(PolicyValues):
    post = models.OneToOneField(Post, models.CASCADE, related_name="comment_policy", verbose_name=_("post"))

    objects = PostPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment policy of a post")
        verbose_name_plural = _("comment policies of posts")

    def __str__(self) -> str:
        return str(self.post)

    def shown_under(self) -> set[str]:
        return {versions.post_key(self.post_id)}
