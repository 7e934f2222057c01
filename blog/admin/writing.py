"""What the admins of posts and pages share: who may do what, the buttons of the form, and the bin."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from blog import search
from blog.admin import suggest
from blog.admin.forms import may_publish
from blog.models import Post

Status = Post.Status


def moment(value) -> str:
    return date_format(localtime(value), "DATETIME_FORMAT") if value else ""


STANDINGS = {
    "draft": _("Draft"),
    "in_review": _("In review"),
    "scheduled": _("Scheduled"),
    "published": _("Published"),
    "binned": _("In the bin"),
}


def standing(post: Post) -> str:
    """A key of STANDINGS: the status, with what is still to come apart from what readers see."""
    return "scheduled" if post.is_scheduled() else post.status


def where(post: Post) -> str:
    """Where a post stands, in words."""
    now = standing(post)
    if now == "scheduled":
        return gettext("Scheduled for %(when)s") % {"when": moment(post.published_at)}
    if now == "published":
        return gettext("Published %(when)s") % {"when": moment(post.published_at)}
    if now == "binned":
        return gettext("In the bin since %(when)s") % {"when": moment(post.binned_at)}
    return str(STANDINGS[now])


def address_head(post: Post | None, kind: str) -> str:
    """What stands before the slug in the address that a post or page has or will have."""
    if kind == Post.Kind.PAGE:
        return "/p/"
    return f"/{post.year}/{post.month:02d}/" if post and post.year else ""


class ShortRows(ChangeList):
    """A list without the long columns, which it does not show."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: list | None = None) -> QuerySet[Post]:
        rows = super().get_queryset(request, exclude_parameters)
        return rows.defer("body", "body_html", "body_text", "toc")


class WritingAdmin(admin.ModelAdmin):
    list_per_page = 50
    list_select_related = ["author"]
    show_full_result_count = False
    ordering = ["-updated_at", "-pk"]
    search_fields = ["title"]
    show_facets = admin.ShowFacets.NEVER
    actions = ["bin_selected", "restore_selected"]
    change_form_template = "admin/blog/post/change_form.html"
    delete_confirmation_template = "admin/blog/post/delete_confirmation.html"

    class Media:
        js = ["js/admin-post.js", "js/admin-seen.js"]

    # Who may do what.

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        return super().get_queryset(request).filter(kind=self.model.KIND).owned_by(request.user)

    def has_change_permission(self, request: HttpRequest, post: Post | None = None) -> bool:
        if post is None or not super().has_change_permission(request):
            return super().has_change_permission(request)
        # What readers see is changed by those who may publish; what is in the bin, by nobody.
        settled = post.status == Status.PUBLISHED and not may_publish(request.user, post)
        return post.may_change(request.user) and not settled and post.status != Status.BINNED

    def has_view_permission(self, request: HttpRequest, post: Post | None = None) -> bool:
        return super().has_view_permission(request) and (post is None or post.may_change(request.user))

    def has_delete_permission(self, request: HttpRequest, post: Post | None = None) -> bool:
        if post is None or not super().has_delete_permission(request):
            return super().has_delete_permission(request)
        return self.has_change_permission(request, post)

    # The form.

    def get_form(self, request: HttpRequest, post: Post | None = None, **kwargs) -> type[ModelForm]:
        form = super().get_form(request, post, **kwargs)
        form.user, form.zone, form.site_language = request.user, request.site.time_zone, request.site.language
        if author := form.base_fields.get("author"):
            author.widget = author.widget.widget  # without the links to accounts, which are the owner's
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return super().get_changeform_initial_data(request) | {"author": request.user.pk}

    def changeform_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            # Somebody took the slug between check and save: checked again, the form says so and keeps the words.
            return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict, add=False, change=False, form_url="", obj=None):
        post = Post.objects.filter(pk=obj.pk).first() if obj else None  # as saved: `obj` may hold refused words
        changeable = add or self.has_change_permission(request, obj)
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        context |= {
            "subtitle": None,
            "standing": standing(post) if post else "new",
            "where": where(post) if post else gettext("Not saved yet"),
            "author": post.author if post else None,
            "verbs": self._verbs(request, post) if changeable else [],
            "preview_url": reverse("preview_post", args=[post.pk]) if post else "",
            "address_head": address_head(post, self.model.KIND),
            "seen_host": urlsplit(settings.SITE_URL).netloc,
            "can_restore": bool(post) and self._may_restore(request, post),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _verbs(self, request: HttpRequest, post: Post | None) -> list[tuple[str, str]]:
        """Names and words of the form's buttons; the last is the primary one."""
        status = post.status if post else Status.DRAFT
        publishes = may_publish(request.user, post or Post())
        if status == Status.PUBLISHED and post.is_scheduled():
            return [("_draft", gettext("Back to draft")), ("_now", gettext("Publish now")), ("_save", gettext("Save"))]
        if status == Status.PUBLISHED:
            return [("_draft", gettext("Take offline")), ("_save", gettext("Update"))]
        last = ("_publish", gettext("Publish")) if publishes else ("_review", gettext("Send for review"))
        if status == Status.IN_REVIEW:
            return [("_draft", gettext("Back to draft")), ("_save", gettext("Save")), *([last] if publishes else [])]
        return [("_draft", gettext("Save draft")), last]

    def get_view_on_site_url(self, obj: Post | None = None) -> str | None:
        # A form that was refused has already put what was typed on the post: also an empty slug.
        return obj.get_absolute_url() if obj and obj.slug and obj.is_public() else None

    @admin.display(description=_("Text"))
    def text(self, post: Post) -> str:
        return format_html('<div class="prose" dir="auto">{}</div>', mark_safe(post.body_html))  # noqa: S308  cleaned when it was saved

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        search.index(form.instance)  # again, with its labels: they are saved after the post

    # After saving, the writer stays with the text.

    def response_add(self, request: HttpRequest, obj: Post, post_url_continue: str | None = None) -> HttpResponse:
        return self._stay(request, obj)

    def response_change(self, request: HttpRequest, obj: Post) -> HttpResponse:
        return self._stay(request, obj)

    def _stay(self, request: HttpRequest, post: Post) -> HttpResponse:
        said = where(post) + "."
        if post.is_public():
            said = format_html('{} <a href="{}">{}</a>', said, post.get_absolute_url(), gettext("View it on the site"))
        elif post.status == Status.DRAFT:
            said = gettext("Draft saved.")
        elif post.status == Status.IN_REVIEW:
            said = gettext("Saved. It is in review: an editor can publish it.")
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:blog_{post.kind}_change", args=[post.pk]))

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
        return [*suggest.urls(self), path("<path:object_id>/restore/", restore, name=name), *super().get_urls()]

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
