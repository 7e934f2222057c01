"""The list of what to mend, beside the form: as saved, and while somebody writes. Nothing here changes anything."""

from dataclasses import asdict

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from blog.checklist import Advice, advice
from blog.ids import number
from blog.models import Post


def urls(admin: ModelAdmin) -> list:
    """Its address, for those who may write what this admin is of."""

    @require_POST
    def checklist(request: HttpRequest) -> HttpResponse:
        if not (admin.has_add_permission(request) or admin.has_change_permission(request)):
            raise PermissionDenied
        found = advice(_typed(request, admin.model))
        return JsonResponse({"said": said(found), "advice": [asdict(one) for one in found]})

    view = admin.admin_site.admin_view(checklist)
    return [path("checklist/", view, name=f"blog_{admin.model.KIND}_checklist")]


def context(admin: ModelAdmin, post: Post | None) -> dict:
    """What admin/blog/post/_checklist.html shows of a post as it is saved; of a new one, nothing yet."""
    found = advice(post) if post else None
    return {
        "checklist": found,
        "checklist_said": "" if found is None else said(found),
        "checklist_url": reverse(f"admin:blog_{admin.model.KIND}_checklist"),
    }


def said(found: list[Advice]) -> str:
    if not found:
        return gettext("Nothing to mend.")
    return ngettext("%(count)d thing to look at", "%(count)d things to look at", len(found)) % {"count": len(found)}


def _typed(request: HttpRequest, model: type[Post]) -> Post:
    """The text as it stands in the form, as a row that nobody saves."""
    words = {name: request.POST.get(name, "") for name in ("title", "excerpt", "body")}
    here, cover = (number(request.POST.get(name)) or None for name in ("here", "cover"))
    return model(pk=here, cover_id=cover, **words)
