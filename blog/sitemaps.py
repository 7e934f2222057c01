from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from blog.models import Page, Post


class PostSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Post.objects.published().only("kind", "slug", "year", "month", "updated_at", "status", "published_at")

    def lastmod(self, post: Post):
        return max(post.updated_at, post.published_at)

    def get_latest_lastmod(self):
        # Django would read every post for the index.
        newest = self.items().order_by().aggregate(updated=Max("updated_at"), published=Max("published_at"))
        return max(newest.values()) if newest["updated"] else None


class PageSitemap(PostSitemap):
    def items(self):
        return Page.objects.published().only("kind", "slug", "year", "month", "updated_at", "status", "published_at")


class LabelSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Post.objects.published().labels().order_by("pk")


class ListSitemap(Sitemap):
    def items(self) -> list[str]:
        return ["home", "archive"]

    def location(self, name: str) -> str:
        return reverse(name)


SITEMAPS = {"lists": ListSitemap, "posts": PostSitemap, "pages": PageSitemap, "labels": LabelSitemap}
