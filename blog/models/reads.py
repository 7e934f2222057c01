"""How often posts are read, and from where one came: sums, with nothing of who read (blog/reads.py)."""

from django.db import models
from django.db.models import F


class SiteReads(models.Model):
    """Of all posts and pages together on one day."""

    day = models.DateField(primary_key=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"


class PostReads(models.Model):
    """Of one post or page on one day, in the site's zone."""

    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="reads_by_day", db_index=False)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "day"], name="blog_postreads_once")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.day}: {self.count}"


class MonthReads(models.Model):
    """Of one post or page in one month, so that the most read ones are one range of one index."""

    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="reads_by_month")
    month = models.DateField()  # its first day
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "post"], name="blog_monthreads_once")]
        indexes = [models.Index("month", F("count").desc(), name="blog_monthreads_most")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.month}: {self.count}"


class Referrer(models.Model):
    """How many reads of one post in one month came from another site. A host beyond the most is counted under ""."""

    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="referrers", db_index=False)
    month = models.DateField()
    host = models.CharField(max_length=100, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "month", "host"], name="blog_referrer_once")]

    def __str__(self) -> str:
        return f"{self.host or '…'} → {self.post_id} {self.month}: {self.count}"
