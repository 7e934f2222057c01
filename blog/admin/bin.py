"""The bin that deleting posts and pages moves them to: nothing is lost, and readers need not be."""

from collections.abc import Callable
from urllib.parse import unquote

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote as unquote_pk
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog import missing
from blog.admin.fields import PostInput
from blog.admin.suggest import visible_to
from blog.models import OldPath, Post

Status = Post.Status


AT_ONCE = 200  # posts that one press changes


class ReadersForm(forms.Form):
    """What readers find at the addresses of posts in the bin."""

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

    def __init__(self, data: dict | None, *, posts: list[Post], request: HttpRequest) -> None:
        super().__init__(data)
        field, kind, pks = self.fields["sent_to"], posts[0].kind, [post.pk for post in posts]
        field.queryset = visible_to(request.user, kind).exclude(status=Status.BINNED).exclude(pk__in=pks)
        field.widget.here, field.widget.site_language = Post(pk=pks[0], kind=kind), request.site.language
        if len(posts) > 1:
            self.fields["readers"].label = gettext("Readers who come to their addresses")
            self.fields["readers"].choices = [
                ("nothing", gettext("find nothing for now: they may come back")),
                ("sent", gettext("are sent to another post, the same for all")),
                ("gone", gettext("are told that they are gone for good")),
            ]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("sent_to") and data.get("readers") == "nothing":  # as it stood there: a choice was made below it
            data["readers"] = "sent"
        if data.get("readers") == "sent" and not data.get("sent_to") and "sent_to" not in self.errors:
            self.add_error("sent_to", forms.ValidationError(_("Choose where they are sent."), code="required"))
        return data

    def save(self, post: Post) -> None:
        """Once this one is in the bin. Taken out again, it takes its address back (blog/models/post.py)."""
        chosen = self.cleaned_data["readers"]
        if chosen not in ("sent", "gone"):
            return
        address = unquote(post.get_absolute_url())
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
            self._restore(request, [post.pk])
            self.message_user(request, gettext("“%(title)s” is a draft again.") % {"title": post}, messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:blog_{post.kind}_change", args=[post.pk]))

    def _may_restore(self, request: HttpRequest, post: Post) -> bool:
        allowed = super().has_delete_permission(request) and post.may_change(request.user)
        return allowed and post.status == Status.BINNED

    @admin.action(description=_("Move to the bin"), permissions=["delete"])
    def bin_selected(self, request: HttpRequest, posts: QuerySet[Post]) -> HttpResponse | None:
        """Where readers may know the address of some, it is asked once for all what they find there."""
        if not (pks := self.few(request, posts)):
            return None
        chosen = list(self.model.objects.filter(pk__in=pks).short().order_by("pk"))
        known = [post for post in chosen if post.had_address and self.has_delete_permission(request, post)]
        form = (
            ReadersForm(request.POST if "apply" in request.POST else None, posts=known, request=request)
            if known
            else None
        )
        if form and not form.is_valid():
            context = {"readers_form": form, "known": len(known), "media": self.media + form.media}
            return self.ask(request, posts, "bin_selected", gettext("Move to the bin"), context)
        count = self._bin(request, pks, form)
        said = ngettext("%(count)d is in the bin now.", "%(count)d are in the bin now.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS)

    @admin.action(description=_("Take out of the bin"), permissions=["delete"])
    def restore_selected(self, request: HttpRequest, posts: QuerySet[Post]) -> None:
        if not (pks := self.few(request, posts)):
            return
        count = self._restore(request, pks)
        said = ngettext("%(count)d is a draft again.", "%(count)d are drafts again.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS)

    # Deleting one, with a word on its readers.

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        post = self.get_object(request, unquote_pk(object_id))
        if post is None or not post.had_address or not self.has_delete_permission(request, post):
            return super().delete_view(request, object_id, extra_context)
        asked = request.method == "POST" and ReadersForm(request.POST, posts=[post], request=request)
        if asked and not asked.is_valid():
            return self._ask_again(request, post, asked)
        with transaction.atomic():
            response = super().delete_view(request, object_id, self._asking(request, post) | (extra_context or {}))
            if asked:
                asked.save(post)
        return response

    def _asking(self, request: HttpRequest, post: Post, form: ReadersForm | None = None) -> dict:
        form = form or ReadersForm(None, posts=[post], request=request)
        return {"readers_form": form, "media": self.media + form.media}

    def _ask_again(self, request: HttpRequest, post: Post, form: ReadersForm) -> HttpResponse:
        context = self.admin_site.each_context(request) | self._asking(request, post, form)
        context |= {"title": gettext("Move to the bin?"), "object": post, "opts": self.opts}
        return self.render_delete_form(request, context)

    def delete_model(self, request: HttpRequest, obj: Post) -> None:
        self._bin(request, [obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        self._bin(request, list(queryset.order_by("pk").values_list("pk", flat=True)))

    def _bin(self, request: HttpRequest, pks: list[int], form: ReadersForm | None = None) -> int:
        def told(post: Post) -> None:
            if form and post.had_address:
                form.save(post)

        said = gettext("Moved to the bin.")
        return self._move(request, pks, self.has_delete_permission, Status.BINNED, said, told)

    def _restore(self, request: HttpRequest, pks: list[int]) -> int:
        return self._move(request, pks, self._may_restore, Status.DRAFT, gettext("Taken out of the bin."))

    def _move(
        self, request: HttpRequest, pks: list[int], may: Callable, status: str, said: str, then: Callable | None = None
    ) -> int:
        """Each in a transaction of its own, so that others write between; how many it was done to."""
        done = 0
        for pk in pks:
            with transaction.atomic():
                post = self.model.objects.filter(pk=pk).select_for_update().first()
                if post is None or not may(request, post):
                    continue
                post.status = status
                post.save()
                self.log_change(request, post, said)
                if then:
                    then(post)
            done += 1
        return done

    # Many at once.

    def few(self, request: HttpRequest, posts: QuerySet[Post]) -> list[int]:
        """Their numbers in order; none, and a word on it, if they are too many for one press."""
        pks = list(posts.order_by().values_list("pk", flat=True)[: AT_ONCE + 1])
        if len(pks) <= AT_ONCE:
            return sorted(pks)
        message = gettext("Choose at most %(count)d at a time. Nothing was changed.") % {"count": AT_ONCE}
        self.message_user(request, message, messages.ERROR)
        return []

    def ask(self, request: HttpRequest, posts: QuerySet[Post], action: str, title: str, context: dict) -> HttpResponse:
        """A page between an action and its doing. It sends the same choice again, with an answer."""
        sent = (ACTION_CHECKBOX_NAME, "select_across")
        context |= {"title": title, "action": action, "opts": self.opts}
        context |= {"chosen": list(posts.select_related(None).only("title"))}
        context |= {"keeps": [(name, one) for name in sent for one in request.POST.getlist(name)]}
        return TemplateResponse(request, "admin/blog/post/ask.html", self.admin_site.each_context(request) | context)

    def log_deletions(self, request: HttpRequest, queryset) -> None:
        """Nothing is deleted: what moves to the bin is logged there, as a change."""

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple[list, dict, set, list]:
        return [str(post) for post in objs], {}, set(), []

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        self.message_user(request, gettext("“%(title)s” is in the bin.") % {"title": obj_display}, messages.SUCCESS)
        return self.response_post_save_change(request, None)
