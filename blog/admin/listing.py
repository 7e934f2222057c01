"""The lists of posts and pages: what stands in them, what they are searched by, what is done from them."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import search
from blog.admin.acting import ActingAdmin
from blog.admin.bounded import BoundedAdmin, BoundedList
from blog.admin.standing import CHANGED, STANDINGS, moment, standing
from blog.models import Post

# Verbs of a row, in words.
VERBS = {
    "publish": _("Publish"),
    "review": _("Send for review"),
    "offline": _("Take offline"),
    "duplicate": _("Duplicate"),
    "bin": _("Bin"),
}


def _words(name: str, post: Post) -> str:
    return gettext("Back to draft") if name == "offline" and post.is_scheduled() else str(VERBS[name])


class ShortRows(BoundedList):
    """A list without the long columns, which it does not show."""

    def apply_select_related(self, rows: QuerySet[Post]) -> QuerySet[Post]:
        return super().apply_select_related(rows).short()


class ListedAdmin(BoundedAdmin, ActingAdmin):
    """What WritingAdmin, which says who may do what, has for many posts at once."""

    change_list_template = "admin/blog/post/change_list.html"
    list_per_page = 50
    list_select_related = ["author"]
    ordering = ["-updated_at", "-pk"]
    search_fields = ["title"]
    show_facets = admin.ShowFacets.NEVER
    actions = [
        "publish_selected",
        "offline_selected",
        "add_labels",
        "remove_labels",
        "bin_selected",
        "restore_selected",
    ]

    @admin.display(description=_("Standing"))
    def chip(self, post: Post) -> str:
        chip = format_html('<span class="chip chip-{}">{}</span>', standing(post), STANDINGS[standing(post)])
        if post.draft_id is None:
            return chip
        return format_html('{} <span class="chip chip-{}">{}</span>', chip, *CHANGED)

    @admin.display(description=_("Publish date"), ordering="published_at")
    def date(self, post: Post) -> str:
        return moment(post.published_at)

    @admin.display(description=_("Changed"), ordering="updated_at")
    def changed(self, post: Post) -> str:
        return moment(post.updated_at)

    def get_list_display(self, request: HttpRequest) -> list[str | Callable]:
        author = ["author"] if request.user.has_perm("blog.change_any_post") else []
        return ["title", "chip", *author, "date", "changed", self._acts_column(request)]

    def _acts_column(self, request: HttpRequest) -> Callable[[Post], SafeString]:
        @admin.display(description=_("Actions"))
        def acts(post: Post) -> SafeString:
            return render_to_string("admin/blog/post/_row.html", self._row(request, post))

        return acts

    def _row(self, request: HttpRequest, post: Post) -> dict:
        allowed, asked = self.verbs_for(request, post), self.get_preserved_filters(request)
        return {
            "post": post,
            "is_public": post.is_public(),
            # Of one that readers know, the page that asks what they shall find.
            "bin_url": self._verb_url("delete", post, asked) if "bin" in allowed and post.had_address else "",
            "verbs": [
                (name, _words(name, post), self._verb_url(name, post, asked))
                for name in allowed
                if name != "bin" or not post.had_address
            ],
        }

    def _verb_url(self, name: str, post: Post, asked: str) -> str:
        return reverse(f"admin:blog_{post.kind}_{name}", args=[post.pk]) + (f"?{asked}" if asked else "")

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[BoundedList]:
        return ShortRows

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Post], search_term: str) -> tuple:
        """By the words of title, text and labels; by the title's characters if there is no word in what was typed."""
        found = search.holding(search_term, request.site.language) if search_term else None
        if found is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(pk__in=found), False

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        wanted = ["restore_selected"]
        if request.GET.get("standing") != "binned":
            labels = ["add_labels", "remove_labels"] if self.model.KIND == Post.Kind.POST else []
            wanted = ["publish_selected", "offline_selected", *labels, "bin_selected"]
        return {name: action for name, action in actions.items() if name in wanted}
