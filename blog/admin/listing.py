"""The lists of posts and pages, and the bin that deleting moves them to: nothing is lost."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog.admin.standing import STANDINGS, moment, standing
from blog.models import Post

Status = Post.Status


class ShortRows(ChangeList):
    """A list without the long columns, which it does not show."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: list | None = None) -> QuerySet[Post]:
        rows = super().get_queryset(request, exclude_parameters)
        return rows.defer("body", "body_html", "body_text", "toc")


class ListedAdmin(admin.ModelAdmin):
    """What WritingAdmin, which says who may do what, has for many posts at once."""

    list_per_page = 50
    list_select_related = ["author"]
    show_full_result_count = False
    ordering = ["-updated_at", "-pk"]
    search_fields = ["title"]
    show_facets = admin.ShowFacets.NEVER
    actions = ["bin_selected", "restore_selected"]
    delete_confirmation_template = "admin/blog/post/delete_confirmation.html"

    # The list.

    @admin.display(description=_("Standing"))
    def chip(self, post: Post) -> str:
        return format_html('<span class="chip chip-{}">{}</span>', standing(post), STANDINGS[standing(post)])

    @admin.display(description=_("Publish date"), ordering="published_at")
    def date(self, post: Post) -> str:
        return moment(post.published_at)

    @admin.display(description=_("Changed"), ordering="updated_at")
    def changed(self, post: Post) -> str:
        return moment(post.updated_at)

    def get_list_display(self, request: HttpRequest) -> list[str]:
        author = ["author"] if request.user.has_perm("blog.change_any_post") else []
        return ["title", "chip", *author, "date", "changed"]

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return ShortRows

    # The bin: deleting moves there, and nothing is lost.

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        actions.pop("bin_selected" if request.GET.get("standing") == "binned" else "restore_selected", None)
        return actions

    def get_urls(self) -> list:
        restore = self.admin_site.admin_view(self.restore_view)
        name = f"blog_{self.model.KIND}_restore"
        return [path("<path:object_id>/restore/", restore, name=name), *super().get_urls()]

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        post = self.get_object(request, unquote(object_id))
        if post is None:
            raise Http404
        if not self._may_restore(request, post):
            raise PermissionDenied
        if request.method == "POST":
            self._restore(request, self.model.objects.filter(pk=post.pk))
            self.message_user(request, gettext("“%(title)s” is a draft again.") % {"title": post}, messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:blog_{post.kind}_change", args=[post.pk]))

    def _may_restore(self, request: HttpRequest, post: Post) -> bool:
        allowed = super().has_delete_permission(request) and post.may_change(request.user)
        return allowed and post.status == Status.BINNED

    @admin.action(description=_("Move to the bin"), permissions=["delete"])
    def bin_selected(self, request: HttpRequest, posts: QuerySet[Post]) -> None:
        count = self.delete_queryset(request, posts)
        said = ngettext("%(count)d is in the bin now.", "%(count)d are in the bin now.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS)

    @admin.action(description=_("Take out of the bin"), permissions=["delete"])
    def restore_selected(self, request: HttpRequest, posts: QuerySet[Post]) -> None:
        count = self._restore(request, posts)
        said = ngettext("%(count)d is a draft again.", "%(count)d are drafts again.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS)

    def delete_model(self, request: HttpRequest, obj: Post) -> None:
        self.delete_queryset(request, self.model.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> int:
        return self._move(request, queryset, self.has_delete_permission, Status.BINNED, gettext("Moved to the bin."))

    def _restore(self, request: HttpRequest, posts: QuerySet[Post]) -> int:
        return self._move(request, posts, self._may_restore, Status.DRAFT, gettext("Taken out of the bin."))

    @transaction.atomic
    def _move(self, request: HttpRequest, posts: QuerySet[Post], may: Callable, status: str, said: str) -> int:
        # Read anew, in one order: the list's rows lack the long columns.
        found = self.model.objects.filter(pk__in=posts.order_by().values("pk")).order_by("pk").select_for_update()
        chosen = [post for post in found if may(request, post)]
        for post in chosen:
            post.status = status
            post.save()
            self.log_change(request, post, said)
        return len(chosen)

    def log_deletions(self, request: HttpRequest, queryset) -> None:
        """Nothing is deleted: what moves to the bin is logged there, as a change."""

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple[list, dict, set, list]:
        return [str(post) for post in objs], {}, set(), []

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        self.message_user(request, gettext("“%(title)s” is in the bin.") % {"title": obj_display}, messages.SUCCESS)
        return self.response_post_save_change(request, None)
