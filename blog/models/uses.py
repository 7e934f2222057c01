"""Which posts show which images, so that the library knows before one is deleted or changed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from blog.models.image import ImageUse

if TYPE_CHECKING:
    from blog.models.post import Post


def keep_uses(posts: Iterable["Post"]) -> None:
    """Notes the images in these posts' rendered texts and their covers, and forgets those they show no more."""
    posts = list(posts)
    shown = {(post.pk, image) for post in posts for image in {*post.shown_images, post.cover_id} if image}
    rows = ImageUse.objects.filter(post__in=[post.pk for post in posts]).values_list("pk", "post_id", "image_id")
    noted = {(post, image): pk for pk, post, image in rows}
    if gone := [noted[use] for use in noted.keys() - shown]:
        ImageUse.objects.filter(pk__in=gone).delete()
    new = sorted(shown - noted.keys())
    ImageUse.objects.bulk_create(ImageUse(post_id=post, image_id=image) for post, image in new)
