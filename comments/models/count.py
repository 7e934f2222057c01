from django.db import models

from blog.models import Post


class SiteCount(models.Model):
    """How many comments have one status; “reported” counts as one more. Kept by comments/counts.py."""

    status = models.CharField(max_length=8, unique=True)
    count = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.status}: {self.count}"


class PostCount(models.Model):
    """The same under one post."""

    post = models.ForeignKey(Post, models.CASCADE, db_index=False, related_name="comment_counts")
    status = models.CharField(max_length=8)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "status"], name="comments_postcount_once")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.status}: {self.count}"
