"""The admin's frame: its bar, its door, and what stands on its first page (config/desk.py)."""

from collections.abc import Callable
from functools import partial, update_wrapper

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.i18n import JavaScriptCatalog

from config.signin import account as second_step
from config.signin import recently
from config.signin import settings as sign_in_settings
from config.signin.doors import Door
from config.views import session_ended

# What stands in the bar on every page, in this order, for those who may go there.
PLACES = ["Post", "Page", "Image", "Label", "Series", "Comment", "User", "SiteSettings"]


class LoginForm(AdminAuthenticationForm):
    _REFUSED = _("Name or password is wrong, or this account may not enter the desk.")
    error_messages = {"invalid_login": _REFUSED, "inactive": _REFUSED}


class MarginaliaAdminSite(admin.AdminSite):
    site_header = "Marginalia"
    site_title = "Marginalia"
    index_title = _("Desk")
    enable_nav_sidebar = False
    login_form = LoginForm

    def each_context(self, request: HttpRequest) -> dict:
        context = super().each_context(request)
        models = {model["object_name"]: model for app in context["available_apps"] for model in app["models"]}
        return context | {
            "site": request.site,  # the login view would put the host's name there
            "site_title": request.site.title,
            "site_header": request.site.title,
            # Who may add alone, such as an author a series, does so where it is needed.
            "places": [models[name] for name in PLACES if name in models and models[name]["admin_url"]],
        }

    def get_urls(self) -> list:
        from blog.admin import account  # whose package registers with this site
        from config import wellbeing
        from config.invitations import desk as invitations
        from config.sessions import desk as sessions

        own = [account, second_step, sign_in_settings, sessions, invitations, wellbeing]
        # Django's would tell whoever works here the address of any row; pages link to what is public themselves.
        djangos = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [*(address for pages in own for address in pages.urls(self)), *djangos]

    @method_decorator([never_cache, login_not_required])
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """As Django's own, by a door that counts tries and knows the second step."""
        index = reverse("admin:index", current_app=self.name)
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(index)
        context = self.each_context(request) | {"title": _("Log in"), "app_path": request.get_full_path()}
        if "next" not in request.GET and "next" not in request.POST:
            context["next"] = index
        request.current_app = self.name
        door = Door.as_view(
            template_name="admin/login.html",
            authentication_form=self.login_form,
            extra_context=context | (extra_context or {}),
        )
        return door(request)

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """A form sent after the session ended is not answered with the sign-in page, which would lose its words.

        Before what is dangerous the password is asked for. Times are shown and taken in the user's own zone.
        """
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            leaves = request.path == reverse("admin:logout", current_app=self.name)
            if request.method == "POST" and request.user.is_anonymous and not leaves:
                return never_cache(session_ended)(request)
            with timezone.override(getattr(request.user, "zone", None) or timezone.get_current_timezone()):
                if self.has_permission(request):
                    response = recently.recently(request, self, partial(inner, request, *args, **kwargs))
                else:
                    response = inner(request, *args, **kwargs)
                # What Django would render later shows its times in that zone too.
                return response.render() if hasattr(response, "render") else response

        return update_wrapper(guarded, view)

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        from config.desk import desk  # here: it imports admins, which need this site to register with

        return super().index(request, desk(request) | (extra_context or {}))

    def i18n_javascript(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The words of the admin's scripts, and of the editor's."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "django_prose_editor"])(request)
