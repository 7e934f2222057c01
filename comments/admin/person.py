"""The page of one commenter, and what its buttons do.

An account has such a page before anything is kept of it: its row is made by the first button that is pressed there.
"""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog.admin.bounded import BoundedAdmin
from blog.fields import WordsField
from blog.ids import number
from blog.models import User
from comments import moderation
from comments.admin.history import history_of
from comments.admin.standings import MEANING, page_of, steps
from comments.models import Commenter, CommenterNote, CommentSettings
from comments.standing import LOOKED_AT, standing

NOTE_LENGTH = 1_000
LISTED = 100  # notes
# Kept as notes, in these words whatever the desk's language: who blocked a commenter, and when, stays known.
MARKS = {"Blocked": gettext_lazy("Blocked"), "Unblocked": gettext_lazy("Unblocked")}


class NoteForm(forms.Form):
    text = WordsField(
        label=gettext_lazy("A note for other moderators"),
        max_length=NOTE_LENGTH,
        rows=3,
        error_messages={"required": gettext_lazy("Write something first.")},
    )

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")


def pressed(verb: Callable) -> Callable:
    """What a button does, and nothing but the button: its address opened like a page says so, and changes nothing."""

    @wraps(verb)
    def guarded(self, request: HttpRequest, pk: int = 0, user: int = 0, **more) -> HttpResponse:
        commenter = self.find(request, pk, user)
        if request.method != "POST":
            return self.refuse_get(request, commenter)
        if not self.has_change_permission(request):
            raise PermissionDenied
        return verb(self, request, commenter, **more)

    return guarded


class Person(BoundedAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Commenter | None = None) -> bool:
        """The page shows comments under all posts."""
        return super().has_view_permission(request, obj) and request.user.has_perm("comments.moderate_any_comment")

    def has_change_permission(self, request: HttpRequest, obj: Commenter | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and request.user.has_perm("comments.moderate_any_comment")

    def has_delete_permission(self, request: HttpRequest, obj: Commenter | None = None) -> bool:
        return request.user.is_superuser

    def find(self, request: HttpRequest, pk: int = 0, user: int = 0) -> Commenter:
        """The commenter, or the one that an account is, which need not be saved. Http404 where there is none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kept = Commenter.objects.select_related("user")
        account = User.objects.filter(pk=user).first() if user else None
        found = kept.filter(user=account).first() if account else kept.filter(pk=pk).first()
        if found is None and account is None:
            raise Http404(_("There is no such commenter. Perhaps they had everything erased."))
        return found or Commenter(user=account)

    # Pages.

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied(_("Nothing is changed here: every button has an address of its own."))
        return self.page(request, self.find(request, number(object_id)))

    def account(self, request: HttpRequest, user: int) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied(_("Nothing is changed here: every button has an address of its own."))
        commenter = self.find(request, user=user)
        return HttpResponseRedirect(page_of(commenter)) if commenter.is_kept else self.page(request, commenter)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        return HttpResponseRedirect(page_of(self.find(request, number(object_id))))

    def page(
        self, request: HttpRequest, commenter: Commenter, form: NoteForm | None = None, status: int = 200
    ) -> HttpResponse:
        settings = CommentSettings.load()
        found = standing(commenter, settings)
        context = {
            "title": str(commenter),
            "commenter": commenter,
            "standing": found,
            "meaning": MEANING[found.level],
            "steps": steps(found, settings, timezone.now()),
            "looked_at": LOOKED_AT,
            "history": history_of(commenter),
            "notes": _notes(commenter, request.user),
            "form": form or NoteForm(auto_id="note-%s"),
            "may_change": self.has_change_permission(request),
            "may_erase": self.has_delete_permission(request),
            "moderates": _moderates(commenter),
            "may_change_settings": request.user.has_perm("comments.change_commentsettings"),
            "may_change_users": request.user.has_perm("blog.change_user"),
        }
        return self._show(request, commenter, "page", context, status)

    def refuse_get(self, request: HttpRequest, commenter: Commenter) -> HttpResponse:
        response = self._show(request, commenter, "only_post", {"title": _("Nothing was changed")}, 405)
        response.headers["Allow"] = "POST"
        return response

    def _show(
        self, request: HttpRequest, commenter: Commenter, template: str, context: dict, status: int = 200
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        kind, whose = ("", commenter.pk) if commenter.is_kept else ("account_", commenter.user_id)
        names = ("block", "unblock", "note", "delete")
        verbs = {verb: reverse(f"admin:comments_commenter_{kind}{verb}", args=[whose]) for verb in names}
        frame = {"opts": self.opts, "media": self.media, "address": page_of(commenter), "verbs": verbs}
        context = self.admin_site.each_context(request) | frame | context
        return TemplateResponse(request, f"admin/comments/commenter/{template}.html", context, status=status)

    # Buttons.

    @pressed
    def block(self, request: HttpRequest, commenter: Commenter) -> HttpResponse:
        if _moderates(commenter):
            raise PermissionDenied(_("Whoever moderates here is not blocked: take the role away first."))
        commenter = _set_blocked(commenter, True, request.user)
        messages.success(request, _("Blocked. What they write while their proof holds is not taken."))
        return HttpResponseRedirect(page_of(commenter))

    @pressed
    def unblock(self, request: HttpRequest, commenter: Commenter) -> HttpResponse:
        commenter = _set_blocked(commenter, False, request.user)
        messages.success(request, _("Not blocked: what they write is taken, as far as the policy lets it."))
        return HttpResponseRedirect(page_of(commenter))

    @pressed
    def note(self, request: HttpRequest, commenter: Commenter) -> HttpResponse:
        form = NoteForm(request.POST, auto_id="note-%s")
        if not form.is_valid():
            return self.page(request, commenter, form, status=422)
        commenter = _kept(commenter)
        CommenterNote.objects.create(commenter=commenter, author=request.user, text=form.cleaned_data["text"])
        messages.success(request, _("The note is kept."))
        return HttpResponseRedirect(page_of(commenter))

    @pressed
    def delete_note(self, request: HttpRequest, commenter: Commenter, note: int) -> HttpResponse:
        found = CommenterNote.objects.filter(pk=note, commenter=commenter).first()
        if found is None:
            messages.info(request, _("The note was deleted already."))
        elif not _is_own(found, request.user):
            raise PermissionDenied(_("A note is deleted by who wrote it, and a line about blocking by nobody."))
        else:
            found.delete()
            messages.success(request, _("The note is deleted."))
        return HttpResponseRedirect(page_of(commenter))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        return self.erase(request, number(object_id))

    def erase(self, request: HttpRequest, pk: int = 0, user: int = 0) -> HttpResponse:
        """All that somebody wrote, at their request: the owner's to do. It asks first, and cannot be taken back."""
        if not self.has_delete_permission(request):
            raise PermissionDenied(_("Only the owner erases what somebody wrote."))
        commenter = self.find(request, pk, user)
        if request.method != "POST":
            title = _("Erase everything that %(name)s wrote?") % {"name": commenter}
            context = {"title": title, "commenter": commenter, "total": commenter.comments().count()}
            return self._show(request, commenter, "erase", context)
        erased = moderation.erase(commenter)
        said = ngettext("%(count)d comment is erased", "%(count)d comments are erased", erased) % {"count": erased}
        messages.success(request, _("%(erased)s, with all that was kept of who wrote it.") % {"erased": said})
        return HttpResponseRedirect(reverse("admin:comments_commenter_changelist"))


def _moderates(commenter: Commenter) -> bool:
    """Whose comments need no second look: a block would say what is not so."""
    return bool(commenter.user_id) and commenter.user.has_perm("comments.moderate_any_comment")


def _kept(commenter: Commenter) -> Commenter:
    return commenter if commenter.is_kept else Commenter.objects.get_or_create(user_id=commenter.user_id)[0]


@transaction.atomic
def _set_blocked(commenter: Commenter, is_blocked: bool, by: User) -> Commenter:
    """Changes nothing where it is so already."""
    if not commenter.is_kept and not is_blocked:
        return commenter
    commenter = _kept(commenter)
    others = Commenter.objects.filter(pk=commenter.pk, blocked_at__isnull=is_blocked)
    if others.update(blocked_at=timezone.now() if is_blocked else None):
        CommenterNote.objects.create(commenter=commenter, author=by, text="Blocked" if is_blocked else "Unblocked")
    return commenter


def _notes(commenter: Commenter, user: User) -> list[dict]:
    if not commenter.is_kept:
        return []
    notes = commenter.notes.select_related("author").order_by("-at", "-pk")[:LISTED]
    return [
        {
            "note": note,
            "mark": MARKS.get(note.text, ""),
            "delete": reverse("admin:comments_commenter_note_delete", args=[commenter.pk, note.pk])
            if _is_own(note, user)
            else "",
        }
        for note in notes
    ]


def _is_own(note: CommenterNote, user: User) -> bool:
    return note.author_id == user.pk and note.text not in MARKS
