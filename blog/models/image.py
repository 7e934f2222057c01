import errno
import logging
from contextlib import suppress
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import images
from blog.models.public import PublicModel, PublicQuerySet
from blog.tasks import make_renditions

logger = logging.getLogger(__name__)

WORDS = ("alt", "caption", "credit")  # posts show these where a use has none of its own
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
FRACTION = [MinValueValidator(0), MaxValueValidator(1)]


class ImageQuerySet(PublicQuerySet):
    def wordless(self) -> "ImageQuerySet":
        """Those that somebody has to describe yet, or to call decorative."""
        return self.filter(alt="", decorative=False)

    def update(self, **values) -> int:
        if not values.keys().isdisjoint(WORDS):
            values.setdefault("is_ready", False)  # the tick takes them up
        return super().update(**values)


class ImageManager(models.Manager.from_queryset(ImageQuerySet)):
    def from_upload(self, file, **fields) -> tuple["Image", bool]:
        """The image with this file's content, made if it is new, and whether it was made.

        `file` is any binary file; `fields` fill a new row. Raises images.ImageRefused.
        """
        done = images.process(file)
        if known := self.filter(digest=done.digest).first():
            return known, False
        try:
            with transaction.atomic():
                image = Image(**fields)
                image.take(done)
        except IntegrityError:  # the same file came at the same moment
            return self.get(digest=done.digest), False
        return image, True


class Image(PublicModel):
    # The worker, which changes the later ones, saves the posts that show them.
    UNSEEN = frozenset({"uploaded_by", "decorative", "colour", "moves", "is_ready"})

    file = models.FileField(_("file"), unique=True, max_length=200)
    digest = models.CharField(max_length=32, unique=True, editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the image shows, for those who cannot see it."),
    )
    decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("Readers lose nothing without it, so it needs no words.")
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    colour = models.CharField(max_length=7, blank=True, editable=False)  # shown until it has come: #rrggbb
    moves = models.BooleanField(default=False, editable=False)
    is_ready = models.BooleanField(default=False, editable=False)  # renditions made, and shown by the posts that use it
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
        ordering = ["-pk"]
        indexes = [models.Index("id", condition=Q(is_ready=False), name="blog_image_unready")]

    @property
    def across(self) -> int:
        """Where the focal point is, in quarters of a hundred: style sheets know those, where an image is cropped."""
        return 25 * round(4 * self.focal_x)

    @property
    def down(self) -> int:
        return 25 * round(4 * self.focal_y)

    def __str__(self) -> str:
        return self.alt or self.caption or f"{self.digest[:8]} ({self.width} × {self.height})"

    @transaction.atomic(savepoint=False)
    def save(self, *args, **kwargs) -> None:
        """Saves it; with new words, the worker renders the posts that use it anew."""
        if not self._state.adding and self._rows().exclude(**{name: getattr(self, name) for name in WORDS}).exists():
            self.is_ready = False
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "is_ready"}
        super().save(*args, **kwargs)
        if not self.is_ready:
            # The tick finds it in any case, so a queue in trouble fails nobody's request.
            transaction.on_commit(partial(make_renditions.enqueue, self.pk), robust=True)

    @transaction.atomic
    def take(self, done: images.Processed) -> None:
        """Saves the image with this content in place of what it had; the worker makes its renditions.

        The old files stay: older texts show them. Raises IntegrityError if another image has this content.
        """
        self.file.name = stored(self.file.storage, done)
        self.digest, self.width, self.height = done.digest, done.width, done.height
        self.colour, self.moves, self.is_ready = done.colour, done.moves, False
        self.save()
        self.renditions.all().delete()

    def thumbnail(self) -> "Image | Rendition":
        """The narrowest that there is of it, for small pictures at the desk: anything with file, width and height."""
        made = [one for one in self.renditions.all() if one.format != Rendition.Format.AVIF]
        return min(made, key=lambda one: (one.width, one.format != Rendition.Format.WEBP), default=self)

    def get_absolute_url(self) -> str:
        return self.file.url


def stored(storage: Storage, done: images.Processed) -> str:
    """The name under which this content lies in the storage, from now on if it did not."""
    # The name says the content: what already lies there (a restored backup) is the same file, if it is whole: a server
    # that lost its power, or had no room left, may have left the beginning of one.
    try:
        if storage.exists(done.name):
            if storage.size(done.name) == len(done.content):
                return done.name
            storage.delete(done.name)
        return storage.save(done.name, ContentFile(done.content))
    except OSError as error:
        with suppress(OSError):
            storage.delete(done.name)
        logger.error("A picture could not be stored: %s", error.strerror)
        raise images.ImageRefused(_refusal(error)) from error


def _refusal(error: OSError) -> str:
    if error.errno in NO_ROOM:
        return gettext("There is no room left for it on the server, so it was not stored. Ask the owner of this site.")
    return gettext("The server’s disk did not take it, so it was not stored. Ask the owner of this site.")


class Rendition(PublicModel):
    """The image in one format and width, made by the worker. Its name says its content, as the image's does.

    New ones touch no page by themselves: the worker saves the posts that show the image (blog/renditions.py).
    """

    class Format(models.TextChoices):
        AVIF = "avif"
        WEBP = "webp"
        JPEG = "jpeg"
        PNG = "png"

    image = models.ForeignKey(Image, models.CASCADE, related_name="renditions")
    format = models.CharField(max_length=4, choices=Format)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.FileField(max_length=200)

    class Meta:
        ordering = ["width"]
        constraints = [models.UniqueConstraint(fields=["image", "format", "width"], name="blog_rendition_once")]

    def __str__(self) -> str:
        return self.file.name


class ImageUse(models.Model):
    """That a post shows an image, in its text or as its cover. Kept by Post.save."""

    image = models.ForeignKey(Image, models.PROTECT, related_name="uses")
    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="image_uses", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "image"], name="blog_imageuse_once")]

    def __str__(self) -> str:
        return f"{self.image_id} in {self.post_id}"
