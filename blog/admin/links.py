"""The site's own posts and pages, offered while an author writes a link (static/js/editor/link.js)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from blog.search import search

OFFERED = 8


@require_safe
def links(request: HttpRequest) -> JsonResponse:
    """{"posts": [{"title", "address"}]} of those that hold the words of ?q=, for whoever may write."""
    if not (request.user.has_perm("blog.add_post") or request.user.has_perm("blog.change_post")):
        raise PermissionDenied
    hits = search(request.GET.get("q", ""), size=OFFERED).hits
    return JsonResponse({"posts": [{"title": hit.post.title, "address": hit.post.get_absolute_url()} for hit in hits]})
