from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.admin.filters import AuthorFilter, MonthFilter, StandingFilter
from blog.admin.forms import PageForm
from blog.admin.writing import WritingAdmin
from blog.models import Page


@admin.register(Page)
class PageAdmin(WritingAdmin):
    form = PageForm
    list_filter = [StandingFilter, MonthFilter, ("author", AuthorFilter)]

    def get_fieldsets(self, request: HttpRequest, obj: Page | None = None) -> list[tuple]:
        shown = self.has_change_permission(request, obj) if obj else True
        return [
            (None, {"fields": ["title", "body" if shown else "text"]}),
            (_("Publishing"), {"fields": ["published_at", "expires_at", "author", "comments_mode"]}),
            (_("Address"), {"fields": ["slug"]}),
            (_("Language"), {"fields": ["language", "translation_of"]}),
            (
                _("For search engines"),
                {"classes": ["collapse"], "fields": ["seo_title", "seo_description", "canonical_url"]},
            ),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None):
        return super().add_view(request, form_url, {"title": gettext("Write a page")} | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None):
        return super().change_view(request, object_id, form_url, {"title": gettext("Page")} | (extra_context or {}))
