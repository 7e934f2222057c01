from django.conf import settings
from django.core.files.base import ContentFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from blog import images
from blog.models.public import PublicModel, PublicQuerySet

FRACTION = [MinValueValidator(0), MaxValueValidator(1)]


class ImageManager(models.Manager.from_queryset(PublicQuerySet)):
    def from_upload(self, file, **fields) -> tuple["Image", bool]:
        """The image with this file's content, made if it is new, and whether it was made.

        `file` is any binary file; `fields` fill a new row. Raises images.ImageRefused.
        """
        done = images.process(file)
        with transaction.atomic():
            image = self.select_for_update().filter(digest=done.digest).first()
            if image:
                return image, False
            image = Image(digest=done.digest, width=done.width, height=done.height, **fields)
            name = f"images/{done.digest[:2]}/{done.digest}.{done.extension}"
            # The name says the content: what already lies there (a restored backup) is the same file.
            if not image.file.storage.exists(name):
                name = image.file.storage.save(name, ContentFile(done.content))
            image.file.name = name
            image.save()
            return image, True


class Image(PublicModel):
    UNSEEN = frozenset({"focal_x", "focal_y", "uploaded_by"})

    file = models.FileField(_("file"), unique=True, max_length=200)
    digest = models.CharField(max_length=32, unique=True, editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the image shows, for those who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    focal_x = models.FloatField(_("focal point, across"), default=0.5, validators=FRACTION)
    focal_y = models.FloatField(_("focal point, down"), default=0.5, validators=FRACTION)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="images"
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects = ImageManager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.alt or self.caption or f"{self.digest[:8]} ({self.width} × {self.height})"

    def get_absolute_url(self) -> str:
        return self.file.url
