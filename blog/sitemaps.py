from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from blog.models import Label, Page, Post


class PostSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Post.objects.published().only("kind", "slug", "year", "month", "updated_at", "status", "published_at")

    def lastmod(self, post: Post):
        return max(post.updated_at, post.published_at)


class PageSitemap(PostSitemap):
    def items(self):
        return Page.objects.published().only("kind", "slug", "year", "month", "updated_at", "status", "published_at")


class LabelSitemap(Sitemap):
    limit = 10_000

    def items(self):
        return Label.objects.filter(items__content_object__in=Post.objects.published()).distinct().order_by("pk")


class ListSitemap(Sitemap):
    def items(self) -> list[str]:
        return ["home", "archive"]

    def location(self, name: str) -> str:
        return reverse(name)


SITEMAPS = {"lists": ListSitemap, "posts": PostSitemap, "pages": PageSitemap, "labels": LabelSitemap}
