from django.db import models, transaction
from django.db.models import F
from taggit.models import ItemBase

from blog import totals, versions
from blog.models.label import Label
from blog.models.post import Post
from blog.models.posts import NAMED, keys_of
from blog.models.total import CountedModel, CountedQuerySet


class PostTagQuerySet(CountedQuerySet):
    def counted(self) -> totals.Change:
        rows = self.filter(published_at__isnull=False).order_by().values_list("tag")
        return totals.Change({(totals.LABEL, tag): number for tag, number in rows.annotate(models.Count("pk"))})

    def held(self) -> "PostTagQuerySet":
        # Who changes the labels of posts holds those posts, as who publishes them does.
        Post.objects.filter(pk__in=self.order_by().values("content_object")).held()
        return PostTag.objects.filter(pk__in=list(self.order_by().values_list("pk", flat=True)))

    def date(self) -> None:
        """Gives each the date of its post, as it is stored."""
        posts = Post.objects.filter(pk=models.OuterRef("content_object"), kind=Post.Kind.POST)
        dates = posts.filter(status=Post.Status.PUBLISHED).values("published_at")
        self.update(published_at=models.Subquery(dates))

    def touched_by(self, values: dict) -> set[str]:
        rows = self.order_by() if "published_at" in values else self.order_by().filter(published_at__isnull=False)
        found = list(rows.values_list("content_object", flat=True)[: NAMED + 1])
        is_many = len(found) > NAMED or "content_object" in values  # it shows on another post then
        return {versions.SITE} if is_many else keys_of(found)


class PostTag(CountedModel, ItemBase):
    """A label on a post, with the post's date, so that a label's page reads one range of one index."""

    COUNTED = frozenset({"tag", "published_at"})

    # No index of its own: PostgreSQL would take it for the lists, and sort all that it finds.
    tag = models.ForeignKey(Label, models.CASCADE, related_name="items", db_index=False)
    content_object = models.ForeignKey(Post, models.CASCADE, related_name="tag_items")
    published_at = models.DateTimeField(null=True, editable=False)

    objects = PostTagQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="blog_posttag_once")]
        indexes = [
            models.Index("tag", F("published_at").desc(), F("content_object").desc(), name="blog_posttag_newest")
        ]

    def shown_under(self) -> set[str]:
        return keys_of([self.content_object_id]) if self.published_at else set()

    def counted_under(self) -> list[tuple]:
        return [(totals.LABEL, self.tag_id)] if self.published_at else []

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        # The row's own date: the instance at hand may be older than what another process has saved.
        posts = Post.objects.select_for_update().only("kind", "status", "published_at")
        self.published_at = posts.get(pk=self.content_object_id).listed_at
        super().save(*args, **kwargs)
