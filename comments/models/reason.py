from django.db import models
from django.db.models import F

from comments.models.comment import Comment


class CommentReason(models.Model):
    """An index over Comment.reasons: the queue's filter by reason, with the status and the date that it sorts by."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reason_rows")
    code = models.CharField(max_length=40)
    status = models.CharField(max_length=8)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("code", "status", F("created_at").desc(), F("comment").desc(), name="comments_by_reason")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.code}"
