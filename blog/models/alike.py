from django.db import models

from blog.models.public import PublicModel, PublicQuerySet
from blog.versions import post_key


class AlikeQuerySet(PublicQuerySet):
    def touched_by(self, values: dict) -> set[str]:
        return {post_key(pk) for pk in self.order_by().values_list("post", flat=True).distinct()}


class Alike(PublicModel):
    """That a post's page leads to another that is like it. Written when either is saved: blog/alike.py."""

    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="alike", db_index=False)
    other = models.ForeignKey("blog.Post", models.CASCADE, related_name="+")
    score = models.FloatField()  # the higher, the more alike

    objects = AlikeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "other"], name="blog_alike_once")]

    def __str__(self) -> str:
        return f"{self.post_id} like {self.other_id}"

    def shown_under(self) -> set[str]:
        return {post_key(self.post_id)}
