"""The bin that deleting posts and pages moves them to: nothing is lost, and readers need not be."""

from collections.abc import Callable
from urllib.parse import unquote

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote as unquote_pk
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog import missing
from blog.admin.fields import PostInput
from blog.admin.suggest import visible_to
from blog.models import OldPath, Post

Status = Post.Status


class ReadersForm(forms.Form):
    """What readers find at the address of a post in the bin."""

    readers = forms.ChoiceField(
        label=_("Readers who come to its address"),
        choices=[
            ("nothing", _("find nothing for now: it may come back")),
            ("sent", _("are sent to another post")),
            ("gone", _("are told that it is gone for good")),
        ],
        widget=forms.RadioSelect,
        initial="nothing",
        required=False,
    )
    sent_to = forms.ModelChoiceField(
        Post.objects,
        label=_("Which one"),
        required=False,
        widget=PostInput,
        error_messages={"invalid_choice": _("There is nothing with this number that you could choose.")},
    )

    def __init__(self, data: dict | None, *, post: Post, request: HttpRequest) -> None:
        super().__init__(data)
        field, self.post = self.fields["sent_to"], post
        field.queryset = visible_to(request.user, post.kind).exclude(status=Status.BINNED).exclude(pk=post.pk)
        field.widget.here, field.widget.site_language = Post(pk=post.pk, kind=post.kind), request.site.language

    def clean(self) -> dict:
        data = super().clean()
        if data.get("sent_to") and data.get("readers") == "nothing":  # as it stood there: a choice was made below it
            data["readers"] = "sent"
        if data.get("readers") == "sent" and not data.get("sent_to") and "sent_to" not in self.errors:
            self.add_error("sent_to", forms.ValidationError(_("Choose where they are sent."), code="required"))
        return data

    def save(self) -> None:
        """Once the post is in the bin. Taken out again, it takes its address back (blog/models/post.py)."""
        chosen = self.cleaned_data["readers"]
        if chosen not in ("sent", "gone"):
            return
        address = unquote(self.post.get_absolute_url())
        aim = {"post": self.cleaned_data["sent_to"] if chosen == "sent" else None, "label": None, "address": ""}
        OldPath.objects.update_or_create(path=address, defaults=aim)
        missing.found(address)


class BinAdmin(admin.ModelAdmin):
    """For WritingAdmin, which says who may do what."""

    delete_confirmation_template = "admin/blog/post/delete_confirmation.html"

    def get_urls(self) -> list:
        restore = self.admin_site.admin_view(self.restore_view)
        name = f"blog_{self.model.KIND}_restore"
        return [path("<path:object_id>/restore/", restore, name=name), *super().get_urls()]

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        post = self.get_object(request, unquote_pk(object_id))
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

    # Deleting one, with a word on its readers.

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        post = self.get_object(request, unquote_pk(object_id))
        if post is None or not post.had_address or not self.has_delete_permission(request, post):
            return super().delete_view(request, object_id, extra_context)
        asked = request.method == "POST" and ReadersForm(request.POST, post=post, request=request)
        if asked and not asked.is_valid():
            return self._ask_again(request, post, asked)
        with transaction.atomic():
            response = super().delete_view(request, object_id, self._asking(request, post) | (extra_context or {}))
            if asked:
                asked.save()
        return response

    def _asking(self, request: HttpRequest, post: Post, form: ReadersForm | None = None) -> dict:
        form = form or ReadersForm(None, post=post, request=request)
        return {"readers_form": form, "media": self.media + form.media}

    def _ask_again(self, request: HttpRequest, post: Post, form: ReadersForm) -> HttpResponse:
        context = self.admin_site.each_context(request) | self._asking(request, post, form)
        context |= {"title": gettext("Move to the bin?"), "object": post, "opts": self.opts}
        return self.render_delete_form(request, context)

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
