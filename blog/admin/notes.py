"""The notes on a post, for its author and the editors: said, settled, and opened again."""

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from blog.admin.beside import of_post, page
from blog.models import Post, ReviewNote
from blog.notes import NoteForm
from blog.revisions import newest_of

PER_PAGE = 50
ON_FORM = 5


def urls(admin: ModelAdmin) -> list:
    kind = admin.model.KIND
    return [
        path("<int:pk>/notes/", of_post(admin, notes), name=f"blog_{kind}_notes"),
        path("<int:pk>/notes/<int:note>/settle/", of_post(admin, settle), name=f"blog_{kind}_settle"),
        path("<int:pk>/notes/<int:note>/reopen/", of_post(admin, reopen), name=f"blog_{kind}_reopen"),
    ]


def panel(post: Post) -> dict:
    """What templates/admin/blog/post/_notes.html shows on the post's form: the newest open notes, in one query."""
    found = list(_whole(post).filter(settled_at=None).order_by("-pk")[: ON_FORM + 1])
    return {
        "notes": found[:ON_FORM],
        "has_more": len(found) > ON_FORM,
        "newest": newest_of(post),
        "notes_url": reverse(f"admin:blog_{post.kind}_notes", args=[post.pk]),
        "previews_url": reverse(f"admin:blog_{post.kind}_previews", args=[post.pk]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, admin: ModelAdmin, post: Post) -> HttpResponse:
    """Those that are open, or `?settled`. POST: one more."""
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        post.review_notes.create(author=request.user, revision_id=newest_of(post), text=text)
        messages.success(request, gettext("Noted."))
        return _back(post)
    is_settled = "settled" in request.GET
    counts = post.review_notes.aggregate(open=Count("pk", filter=Q(settled_at=None)), every=Count("pk"))
    shown = _whole(post).filter(settled_at__isnull=not is_settled).order_by("-pk")
    context = {
        "title": gettext("Notes"),
        "form": form,
        "notes": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "is_settled": is_settled,
        "open": counts["open"],
        "settled": counts["every"] - counts["open"],
        "newest": newest_of(post),
        "previews_url": reverse(f"admin:blog_{post.kind}_previews", args=[post.pk]),
    }
    return page(request, admin, post, "notes", context)


@require_POST
def settle(request: HttpRequest, admin: ModelAdmin, post: Post, note: int) -> HttpResponse:
    post.review_notes.filter(pk=note, settled_at=None).update(settled_at=timezone.now(), settled_by=request.user)
    return _back(post)


@require_POST
def reopen(request: HttpRequest, admin: ModelAdmin, post: Post, note: int) -> HttpResponse:
    post.review_notes.filter(pk=note).update(settled_at=None, settled_by=None)
    return _back(post, "?settled")


def _whole(post: Post):
    """The notes with all that is shown of them; of what was read, only when it was saved."""
    whole = ReviewNote.objects.filter(post=post.pk).select_related("author", "preview", "revision", "settled_by")
    return whole.defer("revision__content")


def _back(post: Post, query: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse(f"admin:blog_{post.kind}_notes", args=[post.pk]) + query)
