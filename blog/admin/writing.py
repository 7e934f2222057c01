"""What the admins of posts and pages share: who may do what, and the form with its buttons. Lists: listing.py."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import IntegrityError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from blog import revisions, search
from blog.admin import checklist, history, notes, previewing, readings, sitting, suggest
from blog.admin.forms import WritingForm, may_publish
from blog.admin.history import changes
from blog.admin.listing import ListedAdmin
from blog.admin.sitting import Opened, begun_in, keep_typed, opened, preview_url, sitting_of, typed
from blog.admin.standing import standing, where
from blog.models import Post, Revision

Status = Post.Status
AT_ONCE = ("pinned", "comments_mode", "author")  # what is no part of a text's versions


def address_head(post: Post | None, kind: str) -> str:
    """What stands before the slug in the address that a post or page has or will have."""
    if kind == Post.Kind.PAGE:
        return "/p/"
    return f"/{post.year}/{post.month:02d}/" if post and post.year else ""


def _begun_from(post: Post, opened: Opened) -> Post:
    """The post with the words that its form begins from, for the checklist."""
    for name in ("title", "excerpt", "body") if opened.content is not None else ():
        setattr(post, name, opened.content.get(name) or "")
    return post


class WritingAdmin(ListedAdmin):
    change_form_template = "admin/blog/post/change_form.html"

    class Media:
        js = ["js/admin-post.js", "js/admin-seen.js", "js/admin-autosave.js", "js/admin-checklist.js"]

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
        form.user, form.zone, form.site_language = request.user, request.site.zone, request.site.language
        form.opened = opened(request, post)
        if author := form.base_fields.get("author"):
            author.widget = author.widget.widget  # without the links to accounts, which are the owner's
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return super().get_changeform_initial_data(request) | {"author": request.user.pk}

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args, **kwargs) -> HttpResponse:
        if request.method == "POST" and not object_id and (begun := begun_in(request, self.model.KIND)):
            object_id = str(begun)  # what was typed has made the post already
        if request.method == "POST" and object_id and (post := self._taken_from(request, object_id)):
            return self._words_kept(request, post)
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except IntegrityError:
            # Somebody took the slug between check and save: checked again, the form says so and keeps the words.
            return super().changeform_view(request, object_id, *args, **kwargs)

    def _taken_from(self, request: HttpRequest, object_id: str) -> Post | None:
        """The post whose writer may no longer change it, though they could when they opened the form."""
        post = self.get_object(request, unquote(object_id))
        may_write = post and self.has_change_permission(request) and post.may_change(request.user)
        return post if may_write and not self.has_change_permission(request, post) else None

    def _words_kept(self, request: HttpRequest, post: Post) -> HttpResponse:
        keep_typed(request, post)
        said = gettext("Not saved: %(where)s. What you typed is kept in its history.") % {"where": where(post)}
        self.message_user(request, said, messages.WARNING)
        return HttpResponseRedirect(self._address(post))

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
            "preview_url": preview_url(post, context["adminform"].form.opened.revision) if post else "",
            "review": notes.panel(post) if post else None,
            "address_head": address_head(post, self.model.KIND),
            "seen_host": urlsplit(settings.SITE_URL).netloc,
            "can_restore": bool(post) and self._may_restore(request, post),
        }
        if changeable:
            context |= self._versions(request, context["adminform"].form, post)
            context |= checklist.context(self, post and _begun_from(post, context["adminform"].form.opened))
        return super().render_change_form(request, context, add, change, form_url, post)

    def _versions(self, request: HttpRequest, form: WritingForm, post: Post | None) -> dict:
        """What the form says of versions: what it begins from, what waits, what was never saved, what is in the way."""
        begun, is_sent = form.opened, form.is_bound
        if form.theirs:
            keep_typed(request, post)  # whatever becomes of this page now
        waiting = Revision.objects.select_related("author").filter(pk=post.draft_id).first() if post else None
        unsaved = revisions.unsaved_of(post, request.user) if post and not is_sent and not begun.revision else None
        autosave = f"admin:blog_{self.model.KIND}_autosave"
        return {
            "sitting": sitting_of(request),
            "base_revision": request.POST.get("base_revision", "") if is_sent else begun.base or "",
            "restored": request.POST.get("restored", "") if is_sent else begun.is_restored and begun.revision.pk or "",
            "autosave_url": reverse(autosave, args=[post.pk]) if post else reverse(f"{autosave}_new"),
            "saved_sitting": waiting.sitting if waiting else post and post.revision and post.revision.sitting or "",
            "taken_up": None if is_sent else begun.revision,
            "unsaved": unsaved,
            "waiting": waiting,
            "theirs": form.theirs,
            "conflict": changes(form.theirs.content, typed(request)) if form.theirs else [],
        }

    def _verbs(self, request: HttpRequest, post: Post | None) -> list[tuple[str, str]]:
        """Names and words of the form's buttons; the last is the primary one."""
        status = post.status if post else Status.DRAFT
        publishes = may_publish(request.user, post or Post())
        if status == Status.PUBLISHED and post.is_scheduled():
            return [("_draft", gettext("Back to draft")), ("_now", gettext("Publish now")), ("_save", gettext("Save"))]
        if status == Status.PUBLISHED:
            keep = [("_keep", gettext("Keep as a draft"))] if post.is_public() else []
            return [("_draft", gettext("Take offline")), *keep, ("_save", gettext("Update"))]
        last = ("_publish", gettext("Publish")) if publishes else ("_review", gettext("Send for review"))
        if status == Status.IN_REVIEW:
            return [("_draft", gettext("Back to draft")), ("_save", gettext("Save")), *([last] if publishes else [])]
        return [("_draft", gettext("Save draft")), last]

    def get_view_on_site_url(self, obj: Post | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_public() else None

    @admin.display(description=_("Text"))
    def text(self, post: Post) -> str:
        return format_html('<div class="prose" dir="auto">{}</div>', mark_safe(post.body_html))  # noqa: S308  cleaned when it was saved

    def save_model(self, request: HttpRequest, obj: Post, form: WritingForm, change: bool) -> None:
        stored = Post.objects.get(pk=obj.pk) if change else None
        if stored:
            revisions.keep_what_was(stored)
            obj.revision, obj.draft = stored.revision, stored.draft
        if not form.waits:
            super().save_model(request, obj, form, change)
            return
        at_once = {name: form.cleaned_data[name] for name in AT_ONCE if name in form.cleaned_data}
        if any(getattr(stored, name) != value for name, value in at_once.items()):
            for name, value in at_once.items():
                setattr(stored, name, value)
            stored.save()

    def save_related(self, request: HttpRequest, form: WritingForm, formsets: list, change: bool) -> None:
        post, why = form.instance, Revision.Why.SAVED
        if post.status == Status.PUBLISHED and not form.waits:
            why = Revision.Why.PUBLISHED
        if request.POST.get("restored"):
            why = Revision.Why.RESTORED
        if form.waits:
            revisions.wait(post, request.user, why, form.content(), sitting_of(request))
            return
        super().save_related(request, form, formsets, change)
        search.index(post)  # again, with its labels: they are saved after the post
        revisions.saved(post, request.user, why, sitting_of(request))

    def get_urls(self) -> list:
        beside = (suggest, checklist, sitting, history, previewing, notes, readings)
        return [*(url for module in beside for url in module.urls(self)), *super().get_urls()]

    # After saving, the writer stays with the text.

    def response_add(self, request: HttpRequest, obj: Post, post_url_continue: str | None = None) -> HttpResponse:
        return self._stay(request, obj)

    def response_change(self, request: HttpRequest, obj: Post) -> HttpResponse:
        return self._stay(request, obj)

    def _stay(self, request: HttpRequest, post: Post) -> HttpResponse:
        said = where(post) + "."
        if post.is_public() and post.draft_id:
            said = gettext("Kept as a draft. Readers see what they saw before, until you update it.")
        elif post.is_public():
            said = format_html('{} <a href="{}">{}</a>', said, post.get_absolute_url(), gettext("View it on the site"))
        elif post.status == Status.DRAFT:
            said = gettext("Draft saved.")
        elif post.status == Status.IN_REVIEW:
            said = gettext("Saved. It is in review: an editor can publish it.")
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._address(post))

    def _address(self, post: Post) -> str:
        return reverse(f"admin:blog_{post.kind}_change", args=[post.pk])
