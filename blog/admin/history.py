"""The history of a post: its versions, two of them compared, and the way back to each."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from blog import difference, revisions
from blog.admin.sitting import keep_typed
from blog.admin.standing import moment
from blog.ids import number
from blog.models import Image, Post

ON_A_PAGE = 50
NAMES = {
    "title": _("Title"),
    "body": _("Text"),
    "excerpt": _("Excerpt"),
    "tags": _("Labels"),
    "series": _("Series"),
    "cover": _("Cover"),
    "language": _("Language"),
    "translation_of": _("Translation of"),
    "slug": _("Slug"),
    "published_at": _("Publish at"),
    "expires_at": _("Take offline at"),
    "seo_title": _("Title for search engines"),
    "seo_description": _("Description for search engines"),
    "canonical_url": _("Original address"),
}


@dataclass
class Change:
    """What differs in one field of two versions."""

    name: str
    rows: list[difference.Row]


def changes(before: dict, after: dict) -> list[Change]:
    """What differs between two contents, in words, field by field."""
    found = []
    for name, words in NAMES.items():
        if name == "body":
            rows = difference.bodies(before.get("body") or "", after.get("body") or "")
        else:
            rows = difference.fields(_said(name, before), _said(name, after))
        if rows:
            found.append(Change(str(words), rows))
    return found


def _said(name: str, content: dict) -> str:
    """A field's value in words."""
    value = content.get(name)
    if name == "tags":
        return ", ".join(value or [])
    if name in revisions.MOMENTS:
        at = revisions.moment(value)
        return moment(at) if isinstance(at, datetime) else str(value or "")
    if name == "language":
        return str(dict(settings.LANGUAGES).get(value, value or ""))
    if name == "cover" and value:
        return str(Image.objects.filter(pk=value).first() or gettext("an image that is no longer in the library"))
    if name == "translation_of" and value:
        return str(Post.objects.filter(pk=value).first() or "")
    return str(value or "")


def urls(admin: ModelAdmin) -> list:
    kind, site = admin.model.KIND, admin.admin_site
    return [
        path("<path:object_id>/history/", site.admin_view(_history(admin)), name=f"blog_{kind}_history"),
        path("<path:object_id>/history/compare/", site.admin_view(_compare(admin)), name=f"blog_{kind}_compare"),
        path("<path:object_id>/discard-draft/", site.admin_view(_discard(admin)), name=f"blog_{kind}_discard"),
    ]


def _post(admin: ModelAdmin, request: HttpRequest, object_id: str) -> Post:
    post = admin.get_object(request, unquote(object_id))
    if post is None:
        raise Http404
    if not admin.has_view_permission(request, post):
        raise PermissionDenied
    return post


def _context(admin: ModelAdmin, request: HttpRequest, post: Post, title: str) -> dict:
    return admin.admin_site.each_context(request) | {
        "title": title,
        "opts": admin.opts,
        "original": post,
        "in_force": revisions.newest_of(post),
        "may_change": admin.has_change_permission(request, post),
        "change_url": reverse(f"admin:blog_{post.kind}_change", args=[post.pk]),
        "history_url": reverse(f"admin:blog_{post.kind}_history", args=[post.pk]),
        "compare_url": reverse(f"admin:blog_{post.kind}_compare", args=[post.pk]),
    }


def _history(admin: ModelAdmin):
    @require_safe
    def history(request: HttpRequest, object_id: str) -> HttpResponse:
        post = _post(admin, request, object_id)
        kept = post.revisions.select_related("author").defer("content").order_by("-pk")
        page = Paginator(kept, ON_A_PAGE).get_page(request.GET.get("page"))
        context = _context(admin, request, post, gettext("History")) | {"page": page, "events": _events(post)}
        return render(request, "admin/blog/post/history.html", context)

    return history


def _events(post: Post) -> list[LogEntry]:
    """What was done with it beside its text, such as into the bin and out of it."""
    kind = ContentType.objects.get_for_model(type(post), for_concrete_model=False)
    logged = LogEntry.objects.filter(content_type=kind, object_id=str(post.pk)).select_related("user")
    newest = logged.order_by("-action_time")[:ON_A_PAGE]
    return [event for event in newest if not event.change_message.startswith("[")]  # those tell what the form changed


def _compare(admin: ModelAdmin):
    @require_safe
    def compare(request: HttpRequest, object_id: str) -> HttpResponse:
        post = _post(admin, request, object_id)
        kept = post.revisions.select_related("author")
        newer = get_object_or_404(kept, pk=number(request.GET.get("to")))
        if request.GET.get("from"):
            older = get_object_or_404(kept, pk=number(request.GET.get("from")))
        else:
            older = kept.filter(pk__lt=newer.pk).order_by("-pk").first()
        if older and older.pk > newer.pk:
            older, newer = newer, older
        context = _context(admin, request, post, gettext("What changed")) | {
            "older": older,
            "newer": newer,
            "changes": changes(older.content if older else {}, newer.content),
            "is_inline": request.GET.get("view") == "inline",
        }
        return render(request, "admin/blog/post/compare.html", context)

    return compare


def _discard(admin: ModelAdmin):
    @require_POST
    def discard(request: HttpRequest, object_id: str) -> HttpResponse:
        post = _post(admin, request, object_id)
        if not admin.has_change_permission(request, post):
            raise PermissionDenied
        if "title" in request.POST:  # the button stands in the form: what was typed there is not thrown away too
            keep_typed(request, post)
        revisions.discard_draft(post)
        admin.message_user(request, gettext("The draft waits no more. It stays in the history."))
        return HttpResponseRedirect(reverse(f"admin:blog_{post.kind}_change", args=[post.pk]))

    return discard
