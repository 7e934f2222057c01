from django.db import models


class ImportedComment(models.Model):
    """Which comment here an importer made from which item there (see blog.ImportedPost)."""

    source = models.CharField(max_length=200)
    source_id = models.CharField(max_length=200)
    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="imported")
    source_updated = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="comments_importedcomment_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"
