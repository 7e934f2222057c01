"""What the forms of posts and pages ask while somebody types: nothing here changes anything."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from blog import names, render
from blog.ids import number
from blog.models import Label, Post, Series, User

MOST = 10
LONGEST = 200


def urls(admin: ModelAdmin) -> list:
    """The addresses of these, for those who may write what this admin is of."""
    views = {"labels": labels, "series": series, "posts": posts, "excerpt": excerpt}
    return [
        path(
            f"suggest/{name}/",
            admin.admin_site.admin_view(_for_writers(admin, view)),
            name=f"blog_{admin.model.KIND}_suggest_{name}",
        )
        for name, view in views.items()
    ]


def _for_writers(admin: ModelAdmin, view: Callable) -> Callable[[HttpRequest], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not (admin.has_add_permission(request) or admin.has_change_permission(request)):
            raise PermissionDenied
        return view(request, admin.model.KIND)

    return guarded


def labels_by_use() -> QuerySet:
    """The names of all labels, the busiest first."""
    return Label.objects.order_by(F("total__count").desc(nulls_last=True), "name").values_list("name", flat=True)


@require_safe
def labels(request: HttpRequest, kind: str) -> JsonResponse:
    """Labels for what is typed, and which one it is already, or may be."""
    return _completed(request, labels_by_use())


@require_safe
def series(request: HttpRequest, kind: str) -> JsonResponse:
    """The same of series."""
    return _completed(request, Series.objects.values_list("title", flat=True))


@require_safe
def posts(request: HttpRequest, kind: str) -> JsonResponse:
    """Posts (or pages) with these words in the title, of those that the user may see, with their languages."""
    found = visible_to(request.user, kind).exclude(status=Post.Status.BINNED)
    for word in _typed(request).split():
        found = found.filter(title__icontains=word)
    found = found.exclude(pk=number(request.GET.get("not")))
    language = request.site.language
    rows = found.order_by("-updated_at", "-pk").only("title", "language")[:MOST]
    return JsonResponse(
        {"found": [{"value": row.pk, "words": row.title, "beside": spoken(row, language)} for row in rows]}
    )


@require_POST
def excerpt(request: HttpRequest, kind: str) -> JsonResponse:
    """The first words of a text that may not have been saved yet, as its summary would be."""
    return JsonResponse({"excerpt": render.render(request.POST.get("body", "")).summary})


def visible_to(user: User, kind: str) -> QuerySet[Post]:
    """Posts (or pages) that this user may read: what readers see, and what the desk shows them."""
    every = Post.objects.filter(kind=kind)
    if user.has_perm("blog.change_any_post"):
        return every
    return every.filter(Q(author=user) | Q(status=Post.Status.PUBLISHED, published_at__lte=timezone.now()))


def spoken(post: Post, site_language: str) -> str:
    """The name of a post's language."""
    return str(dict(settings.LANGUAGES)[post.language or site_language])


def _typed(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]


def _completed(request: HttpRequest, there: Iterable[str]) -> JsonResponse:
    typed, there = _typed(request), list(there)
    found = [{"value": name, "words": name} for name in names.matching(typed, there, MOST)]
    already = names.same(typed, there) or names.alike(typed, there)
    return JsonResponse({"found": found, "already": already if already != typed else None})
