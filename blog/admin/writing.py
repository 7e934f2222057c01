"""What the admins of posts and pages share: who may do what, and the form with its buttons. Lists: listing.py."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin, messages
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

from blog import search
from blog.admin import suggest
from blog.admin.forms import may_publish
from blog.admin.listing import ListedAdmin
from blog.admin.standing import standing, where
from blog.models import Post

Status = Post.Status


def address_head(post: Post | None, kind: str) -> str:
    """What stands before the slug in the address that a post or page has or will have."""
    if kind == Post.Kind.PAGE:
        return "/p/"
    return f"/{post.year}/{post.month:02d}/" if post and post.year else ""


class WritingAdmin(ListedAdmin):
    change_form_template = "admin/blog/post/change_form.html"

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

    def get_urls(self) -> list:
        return [*suggest.urls(self), *super().get_urls()]

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
