"""Those who comment and have proved who they are: the list of them. The page of one of them is in person.py."""

from collections.abc import Callable

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.admin.person import Person
from comments.admin.standings import standings
from comments.models import Commenter


class BlockedFilter(admin.SimpleListFilter):
    title = _("whether they are blocked")
    parameter_name = "blocked"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [("yes", _("Blocked")), ("no", _("Not blocked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = {"yes": {"blocked_at__isnull": False}, "no": {"blocked_at": None}}
        return queryset.filter(**chosen.get(self.value(), {}))


@admin.register(Commenter)
class CommenterAdmin(Person):
    list_display = ["who", "level", "approved", "taken_down", "proved", "blocked"]
    list_display_links = ["who"]
    list_filter = [BlockedFilter]
    list_select_related = ["user"]
    list_per_page = 25
    ordering = ["-proved_at", "-pk"]
    search_fields = ["email", "user__username", "user__display_name"]
    search_help_text = _("Part of the e-mail address, or of the account’s name")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Standing is worked out for the rows of the page together."""
        changes = super().get_changelist_instance(request)
        changes.result_list = list(changes.result_list)
        found = standings(changes.result_list)
        for commenter in changes.result_list:
            commenter.standing = found[commenter.reference]
        return changes

    @admin.display(description=_("who"), ordering="email")
    def who(self, commenter: Commenter) -> str:
        if commenter.email:
            return format_html("<bdi>{}</bdi>", commenter.email)
        return format_html(gettext("<bdi>{}</bdi> (account)"), commenter.user.username)

    @admin.display(description=_("standing"))
    def level(self, commenter: Commenter) -> str:
        return commenter.standing.label

    @admin.display(description=_("approved"))
    def approved(self, commenter: Commenter) -> int:
        return commenter.standing.approved

    @admin.display(description=_("taken down"))
    def taken_down(self, commenter: Commenter) -> int:
        return commenter.standing.refused

    @admin.display(description=_("proved"), ordering="proved_at")
    def proved(self, commenter: Commenter) -> str:
        return _day(commenter.proved_at) if commenter.email else gettext("by signing in")

    @admin.display(description=_("blocked"), ordering="blocked_at")
    def blocked(self, commenter: Commenter) -> str:
        return _day(commenter.blocked_at) if commenter.blocked_at else "–"

    def get_urls(self) -> list:
        """Every page and button has two addresses: by what is kept of a commenter, and by the number of an account."""
        own = [self._path("account/<int:user>/", self.account, "account")]
        own.append(self._path("account/<int:user>/delete/", self.erase, "account_delete"))
        for whose, kind in (("<int:pk>/", ""), ("account/<int:user>/", "account_")):
            own += [
                self._path(f"{whose}block/", self.block, f"{kind}block"),
                self._path(f"{whose}unblock/", self.unblock, f"{kind}unblock"),
                self._path(f"{whose}note/", self.note, f"{kind}note"),
            ]
        own.append(self._path("<int:pk>/note/<int:note>/delete/", self.delete_note, "note_delete"))
        return own + super().get_urls()

    def _path(self, route: str, function: Callable, name: str) -> object:
        return path(route, self.admin_site.admin_view(function), name=f"comments_commenter_{name}")


def _day(at) -> str:
    return date_format(timezone.localtime(at), "j F Y")
