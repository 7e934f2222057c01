from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.admin.forms import PostForm
from blog.admin.links import links
from blog.admin.standing import STANDINGS
from blog.admin.writing import WritingAdmin
from blog.models import Post, PostTag

LABELS_OFFERED = 40


class StandingFilter(admin.SimpleListFilter):
    """What is in the bin shows only where one asks for it."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return list(STANDINGS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        wanted, now = self.value(), timezone.now()
        if wanted == "scheduled":
            return queryset.filter(status=Post.Status.PUBLISHED, published_at__gt=now)
        if wanted == "published":
            return queryset.filter(status=Post.Status.PUBLISHED, published_at__lte=now)
        if wanted in STANDINGS:
            return queryset.filter(status=wanted)
        return queryset.exclude(status=Post.Status.BINNED)


class LabelFilter(admin.SimpleListFilter):
    title = _("label")
    parameter_name = "label"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        busiest = PostTag.objects.values("tag_id", "tag__name").annotate(posts=Count("pk")).order_by("-posts")
        return [(str(row["tag_id"]), row["tag__name"]) for row in busiest[:LABELS_OFFERED]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        value = self.value() or ""
        is_id = value.isascii() and value.isdigit() and len(value) < 19
        return queryset.filter(tag_items__tag=value) if is_id else queryset


@admin.register(Post)
class PostAdmin(WritingAdmin):
    form = PostForm
    list_filter = [StandingFilter, LabelFilter, ("author", admin.RelatedOnlyFieldListFilter)]

    def get_fieldsets(self, request: HttpRequest, obj: Post | None = None) -> list[tuple]:
        editor = request.user.has_perm("blog.change_any_post")
        shown = self.has_change_permission(request, obj) if obj else True
        return [
            (None, {"fields": ["title", "body" if shown else "text", "excerpt"]}),
            (
                _("Publishing"),
                {
                    "fields": [
                        "published_at",
                        *(["author", "pinned"] if editor else []),
                        "comments_mode",
                    ]
                },
            ),
            (_("Labels and address"), {"fields": ["tags", "series", "slug"]}),
            (_("Language"), {"fields": ["language", "translation_of"]}),
            (_("Cover"), {"fields": ["cover"]}),
            (
                _("For search engines"),
                {"classes": ["collapse"], "fields": ["seo_title", "seo_description", "canonical_url"]},
            ),
        ]

    def get_urls(self) -> list:
        return [path("links/", self.admin_site.admin_view(links), name="blog_post_links"), *super().get_urls()]

    def save_related(self, request: HttpRequest, form: PostForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        labels = form.fields["tags"]
        for typed, known in labels.renamed:
            said = gettext("“%(typed)s” is the label “%(known)s”, which was there already.")
            self.message_user(request, said % {"typed": typed, "known": known}, messages.INFO)
        for typed, known in labels.alike:
            said = gettext(
                "“%(typed)s” is a new label, and there is “%(known)s” already. If they mean the same, use one."
            )
            self.message_user(request, said % {"typed": typed, "known": known}, messages.WARNING)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None):
        return super().add_view(request, form_url, {"title": gettext("Write a post")} | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None):
        return super().change_view(request, object_id, form_url, {"title": gettext("Post")} | (extra_context or {}))
