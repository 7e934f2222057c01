from django.db import models


class ImportedPost(models.Model):
    """Which row here an importer made from which item there, so that importing again makes nothing twice."""

    source = models.CharField(max_length=200)
    source_id = models.CharField(max_length=200)
    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="imported")
    source_updated = models.DateTimeField()
    # The post's updated_at when the import saved it: a later one means that somebody edited it here.
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "source_id"], name="blog_importedpost_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"
