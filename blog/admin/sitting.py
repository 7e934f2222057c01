"""A form of a post from its opening to its going: what it begins from, and what is kept of it while somebody types."""

import re
import secrets
from dataclasses import dataclass

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from blog import revisions
from blog.admin.fields import split
from blog.ids import number
from blog.models import Post, Revision

SITTING = re.compile(r"[0-9a-f]{16}")
LONGEST_TITLE = 300
LONGEST_BODY = 2_000_000  # characters; a form may hardly carry more


@dataclass
class Opened:
    """What a form begins from: the row, or a revision's content over it."""

    base: int | None = None  # the newest revision at that time: somebody else's save after it is a conflict
    content: dict | None = None
    revision: Revision | None = None  # the one that was asked for, or is taken up by itself

    @property
    def is_restored(self) -> bool:
        """Whether a text that was saved once is being brought back."""
        return self.revision is not None and self.revision.why != Revision.Why.AUTOSAVE


def opened(request: HttpRequest, post: Post | None) -> Opened:
    """What a form for this post begins from; `?revision=` asks for one of its revisions. Raises Http404."""
    if post is None:
        return Opened()
    newest = revisions.newest_of(post)
    if asked := request.GET.get("revision"):
        found = get_object_or_404(Revision.objects.select_related("author"), post=post.pk, pk=number(asked))
        is_typed = found.why == Revision.Why.AUTOSAVE
        return Opened(found.base if is_typed else newest, found.content, found)
    if post.draft_id:
        return Opened(newest, Revision.objects.get(pk=post.draft_id).content)
    if revisions.was_never_saved(post) and (typed := revisions.unsaved_of(post, request.user)):
        return Opened(newest, typed.content, typed)
    return Opened(newest)


def sitting_of(request: HttpRequest) -> str:
    """The name of the sitting that a form says; a new one where it says none."""
    said = request.POST.get("sitting", "")
    return said if SITTING.fullmatch(said) else secrets.token_hex(8)


def base_of(request: HttpRequest) -> int | None:
    return number(request.POST.get("base_revision")) or None


def begun_in(request: HttpRequest, kind: str) -> int | None:
    """The post that this sitting, of a form for a new one, has made already."""
    mine = Revision.objects.filter(author=request.user, sitting=sitting_of(request))
    return mine.filter(post__kind=kind).order_by("-pk").values_list("post", flat=True).first()


def typed(request: HttpRequest) -> dict:
    """What stands in the fields of the form that was sent, as a revision's content: nothing of it need be right."""
    said = {name: value.replace("\0", "") for name, value in request.POST.items()}
    content: dict = {name: said.get(name, "").strip() for name in revisions.TEXTS}
    content["title"] = " ".join(content["title"].split())[:LONGEST_TITLE]
    content["body"] = content["body"][:LONGEST_BODY]
    for name in revisions.NUMBERS:
        content[name] = number(said.get(name)) or None
    for name in revisions.MOMENTS:
        at = revisions.moment(said.get(name))
        content[name] = at.isoformat() if at else said.get(name) or None
    content["series"] = " ".join(said.get("series", "").split())
    content["tags"] = sorted(set(split(said.get("tags", ""))), key=str.casefold)
    return content


def keep_typed(request: HttpRequest, post: Post) -> Revision:
    """Keeps what a form carries that is not saved."""
    return revisions.autosave(post, request.user, typed(request), sitting_of(request), base_of(request))


def preview_url(post: Post, revision: Revision | None = None) -> str:
    """Where its writer sees it as readers will, with these words of theirs."""
    return reverse("preview_frame", args=[post.pk]) + (f"?revision={revision.pk}" if revision else "")


def urls(admin: ModelAdmin) -> list:
    """Where the form of this admin sends what is typed: static/js/admin-autosave.js."""

    @require_POST
    @transaction.atomic
    def autosave(request: HttpRequest, object_id: str = "") -> JsonResponse:
        post = _post(admin, request, object_id)
        if post is None:
            return JsonResponse({"kept": False})
        revision = keep_typed(request, post)
        if revisions.was_never_saved(post) and post.title != (title := _title(revision.content)):
            Post.objects.filter(pk=post.pk).update(title=title)
        return JsonResponse(
            {
                "kept": True,
                "words": gettext("Kept at %(time)s") % {"time": date_format(timezone.localtime(), "TIME_FORMAT")},
                "address": reverse(f"admin:blog_{post.kind}_change", args=[post.pk]),
                "preview": preview_url(post, revision),
                "warning": _newer(request, post),
            }
        )

    guarded = admin.admin_site.admin_view(autosave)
    kind = admin.model.KIND
    return [
        path("autosave/", guarded, name=f"blog_{kind}_autosave_new"),
        path("<path:object_id>/autosave/", guarded, name=f"blog_{kind}_autosave"),
    ]


def _post(admin: ModelAdmin, request: HttpRequest, object_id: str) -> Post | None:
    """The post to keep words for; a new one as soon as there are any."""
    if object_id:
        post = admin.get_object(request, unquote(object_id))
        if post is None:
            raise Http404
        # Also of one that is in the bin by now, or published by an editor: the words are the writer's.
        if not (admin.has_change_permission(request) and post.may_change(request.user)):
            raise PermissionDenied
        return post
    if not admin.has_add_permission(request):
        raise PermissionDenied
    if known := begun_in(request, admin.model.KIND):  # the answer was lost on the way
        return Post.objects.get(pk=known)
    content = typed(request)
    if not content["title"] and not strip_tags(content["body"]).strip() and "<img" not in content["body"]:
        return None
    post = admin.model(author=request.user, title=_title(content))
    post.save()
    revisions.begin(post, request.user)
    return post


def _title(content: dict) -> str:
    words = content["title"] or " ".join(strip_tags(content["body"].replace("<", " <")).split())[:60]
    return words or gettext("Untitled")


def _newer(request: HttpRequest, post: Post) -> str:
    """Says who saved since this sitting began."""
    newest = revisions.newest_of(post)
    if newest is None or newest == base_of(request) or revisions.was_never_saved(post):
        return ""
    theirs = Revision.objects.select_related("author").get(pk=newest)
    said = gettext("%(name)s saved this at %(time)s, after you began. Your words are kept; saving will show you both.")
    when = date_format(timezone.localtime(theirs.saved_at), "TIME_FORMAT")
    return said % {"name": theirs.author.name, "time": when}
