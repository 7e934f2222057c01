"""From an upload to what readers get: the worker makes an image's renditions, and renders the posts that use it.

Each step may be repeated, after a kill or by two workers at once, and leaves the same: names say the content, rows are
changed in one transaction, and only when the last post is done the image is ready.
"""

import logging
from collections.abc import Iterator

from django.db import transaction

from blog import images, versions
from blog.models import Image, ImageUse, Post, Rendition, SiteSettings
from blog.models.image import WORDS, stored
from blog.tasks import make_renditions

logger = logging.getLogger(__name__)

BATCH = 20  # posts in one transaction, for which other writers wait
AT_ONCE = 100  # images that one tick takes up
FORMATS = {"jpg": Rendition.Format.JPEG}  # where the file's ending is not the format's name


def make(pk: int) -> None:
    """Makes this image ready, unless it is, or has gone. One whose file is lost or broken has no renditions."""
    image = Image.objects.filter(pk=pk, is_ready=False).first()
    if image is None:
        return
    if not image.renditions.exists():
        _make_renditions(image)
    for posts in _batches(pk):
        _render(posts)
    # Only as it was when this began: what came meanwhile, a file or words, has brought a task of its own.
    unchanged = {name: getattr(image, name) for name in ("digest", *WORDS)}
    Image.objects.filter(pk=pk, **unchanged).update(is_ready=True)


def take_up(limit: int = AT_ONCE) -> int:
    """Enqueues images that are not ready, oldest first; how many. For when no such task is under way."""
    pks = list(Image.objects.filter(is_ready=False).order_by("pk").values_list("pk", flat=True)[:limit])
    for pk in pks:
        make_renditions.enqueue(pk)
    return len(pks)


def _make_renditions(image: Image) -> None:
    try:
        with image.file.open() as file:
            made = images.renditions(file)
    except (FileNotFoundError, images.ImageRefused) as problem:
        logger.warning("Image %s has no renditions: %s", image.pk, problem)
        return
    names = [stored(image.file.storage, one) for one in made]
    same = Image.objects.filter(pk=image.pk, digest=image.digest)
    with transaction.atomic():
        if not same.select_for_update().exists():
            return
        image.renditions.all().delete()
        Rendition.objects.bulk_create(_row(image, one, name) for one, name in zip(made, names, strict=True))
        if SiteSettings.objects.filter(logo=image).exists():  # no post has to show it
            versions.touch(versions.SITE)
        itself = next(one for one in made if one.digest == image.digest)
        same.update(colour=itself.colour, moves=itself.moves)  # of images from before these were known


def _row(image: Image, made: images.Processed, name: str) -> Rendition:
    kind = FORMATS.get(made.extension, made.extension)
    return Rendition(image=image, format=kind, width=made.width, height=made.height, file=name)


def _batches(pk: int) -> Iterator[list[int]]:
    last = 0
    uses = ImageUse.objects.filter(image=pk).order_by("post").values_list("post", flat=True)
    while posts := list(uses.filter(post__gt=last)[:BATCH]):
        yield posts
        last = posts[-1]


@transaction.atomic
def _render(pks: list[int]) -> None:
    for post in Post.objects.select_for_update().filter(pk__in=pks).order_by("pk"):
        changed = post.updated_at
        post.save()
        Post.objects.filter(pk=post.pk).update(updated_at=changed)  # its author changed nothing
