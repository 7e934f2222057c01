"""Pages that stand beside a post's form: for those who may change the post, whatever has become of it."""

from collections.abc import Callable
from functools import wraps

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from blog.models import Post


def of_post(admin: ModelAdmin, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, given the admin and the post too. Of somebody else's post one is not told that it exists."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **named) -> HttpResponse:
        if not (admin.has_add_permission(request) or admin.has_change_permission(request)):
            raise PermissionDenied
        post = get_object_or_404(admin.get_queryset(request), pk=pk)
        if not post.may_change(request.user):
            raise PermissionDenied
        return view(request, admin, post, **named)

    return admin.admin_site.admin_view(guarded)


def page(request: HttpRequest, admin: ModelAdmin, post: Post, name: str, context: dict) -> TemplateResponse:
    base = admin.admin_site.each_context(request) | {"opts": admin.opts, "post": post}
    return TemplateResponse(request, f"admin/blog/post/{name}.html", base | context)
