"""Whose role needs a second step (SiteSettings.second_step_for), and who has none yet."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from blog.models import SiteSettings, User
from config.roles import ROLES
from config.signin import second
from config.views import second_step_missing

OWNER = "Owner"
NAMES = {
    OWNER: _("Owner"),
    "Editor": _("Editor"),
    "Moderator": _("Moderator"),
    "Author": _("Author"),
    "Contributor": _("Contributor"),
}
assert set(NAMES) == {OWNER, *ROLES}  # noqa: S101

# What one may still do at the desk without it.
LEFT = {"second_step", "jsi18n", "login", "logout"}


def roles(site: SiteSettings) -> list[str]:
    return site.second_step_for.split(",") if site.second_step_for else []


def needs_one(user: User, names: list[str]) -> bool:
    """Asks nothing of the database while no role needs one."""
    if not names:
        return False
    if user.is_superuser and OWNER in names:
        return True
    return user.groups.filter(name__in=names).exists()


class SecondStepMiddleware:
    """Whoever needs a second step and has none comes to nothing else under /admin/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args: list, kwargs: dict) -> HttpResponse | None:
        names = roles(request.site)
        if not names or not request.path_info.startswith("/admin/") or request.resolver_match.url_name in LEFT:
            return None
        user = request.user
        if not (user.is_active and user.is_staff and needs_one(user, names)) or second.has_one(user):
            return None
        return never_cache(second_step_missing)(request)
