from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.admin.calendar import calendar_of
from blog.admin.filters import AuthorFilter, LabelFilter, MonthFilter, SeriesFilter, StandingFilter
from blog.admin.forms import PostForm
from blog.admin.links import links
from blog.admin.writing import WritingAdmin
from blog.models import Post


@admin.register(Post)
class PostAdmin(WritingAdmin):
    form = PostForm
    list_filter = [
        StandingFilter,
        LabelFilter,
        SeriesFilter,
        MonthFilter,
        ("author", AuthorFilter),
    ]

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
                        "expires_at",
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
        own = [
            path("links/", self.admin_site.admin_view(links), name="blog_post_links"),
            path("calendar/", self.admin_site.admin_view(calendar_of(self)), name="blog_post_calendar"),
        ]
        return [*own, *super().get_urls()]

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
