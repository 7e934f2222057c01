"""The moderation log: read by moderators and the owner, changed by nobody."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from blog.models import User
from comments.models import ModerationEvent
from comments.moderation import Verb
from comments.policy import reason_text


class ByVerb(admin.SimpleListFilter):
    title = _("what")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("arrived", _("Arrived")), *Verb.choices]

    def queryset(self, request: HttpRequest, events: QuerySet) -> QuerySet:
        if self.value() == "arrived":
            return events.filter(from_status="")
        if self.value() in Verb.values:
            return events.filter(to_status=Verb(self.value()).to_status).exclude(from_status="")
        return events


class ByActor(admin.SimpleListFilter):
    """Everybody who ever decided; the people are few where the events are many."""

    title = _("who")
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        decided = ModerationEvent.objects.filter(actor=OuterRef("pk")).order_by()
        people = User.objects.filter(Exists(decided)).order_by("username")
        return [("rule", _("A rule")), *((str(user.pk), user.name) for user in people)]

    def queryset(self, request: HttpRequest, events: QuerySet) -> QuerySet:
        if self.value() == "rule":
            return events.filter(actor=None)
        if (self.value() or "").isdecimal():
            return events.filter(actor=self.value())
        return events


@admin.register(ModerationEvent)
class ModerationEventAdmin(admin.ModelAdmin):
    list_display = ("when", "who", "about", "change", "why", "together")
    list_display_links = None
    list_filter = (ByVerb, ByActor, "at")
    list_select_related = ("actor",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("=comment_id", "=batch")
    readonly_fields = fields = ("when", "who", "about", "change", "why", "together")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ModerationEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ModerationEvent | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Moderation log")} | (extra_context or {}))

    @admin.display(description=_("when"), ordering="pk")
    def when(self, event: ModerationEvent) -> str:
        return formats.date_format(timezone.localtime(event.at), "j F Y, H:i")

    @admin.display(description=_("who"))
    def who(self, event: ModerationEvent) -> str:
        return event.actor.name if event.actor else reason_text(event.rule)

    @admin.display(description=_("comment"))
    def about(self, event: ModerationEvent) -> str:
        address = reverse("admin:comments_comment_change", args=[event.comment_id])
        return format_html('<a href="{}">{}</a>', address, event.comment_id)

    @admin.display(description=_("what"))
    def change(self, event: ModerationEvent) -> str:
        came_from = event.get_from_status_display() if event.from_status else _("new")
        return f"{came_from} → {event.get_to_status_display()}"

    @admin.display(description=_("why"))
    def why(self, event: ModerationEvent) -> str:
        return reason_text(event.reason)

    @admin.display(description=_("batch"))
    def together(self, event: ModerationEvent) -> str:
        if not event.batch:
            return ""
        address = reverse("admin:comments_moderationevent_changelist")
        return format_html('<a href="{}?q={}">{}</a>', address, event.batch, str(event.batch)[:8])
