"""The moderation log: read by moderators and the owner, changed by nobody."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.paging import Cursor
from comments.admin.log import Filter, Selection, as_csv
from comments.models import ModerationEvent


@admin.register(ModerationEvent)
class ModerationEventAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ModerationEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ModerationEvent | None = None) -> bool:
        return False

    def get_urls(self) -> list:
        export = self.admin_site.admin_view(self.export)
        return [path("export/", export, name="comments_moderationevent_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if refused := self._refused(request):
            return refused
        return self._page(request, Filter(request.GET), extra_context)

    def export(self, request: HttpRequest) -> HttpResponse:
        """The filtered log as CSV, newest first unless `order` is "oldest"."""
        if refused := self._refused(request):
            return refused
        form = Filter(request.GET)
        said = form.said()
        if form.errors:
            # Rows that nobody asked for would look like an answer.
            return self._page(request, form, status=400)
        rows = Selection(said).rows(oldest_first=request.GET.get("order") == "oldest")
        name = f"moderation-log-{timezone.localdate():%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """An event has no page of its own: it stands in the log of its comment."""
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request):
            raise PermissionDenied(_("The log is only ever added to."))
        event = self.get_object(request, object_id)
        if event is None:
            raise Http404(_("There is no such line in the log."))
        log = reverse("admin:comments_moderationevent_changelist")
        return HttpResponseRedirect(f"{log}?comment={event.comment_id}#event-{event.pk}")

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        return self.change_view(request, object_id)

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return None if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET"])

    def _page(
        self, request: HttpRequest, form: Filter, extra_context: dict | None = None, status: int = 200
    ) -> HttpResponse:
        said = form.said()
        context = {
            "title": _("Moderation log"),
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "is_filtered": bool(said),
            "batch": said.get("batch"),
            "page": Selection(said).page(_before(request)),
            "is_first": not request.GET.get("before"),
            "here": request.get_full_path(),
            "query": form.query(),
            "oldest_query": form.query(order="oldest"),
        }
        context["older_query"] = form.query(before=context["page"].older) if context["page"].older else ""
        request.current_app = self.admin_site.name
        context = self.admin_site.each_context(request) | context | (extra_context or {})
        return TemplateResponse(request, "admin/comments/log.html", context, status=status)


def _before(request: HttpRequest) -> Cursor | None:
    """The place that the page begins at; an address that was cut short begins at the top."""
    try:
        return Cursor.parse(request.GET.get("before", ""))
    except ValueError:
        return None
