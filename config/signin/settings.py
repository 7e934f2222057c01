"""“Signing in” under the site's settings: whose role needs a second step. The owner's."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from blog.models import SiteSettings, User
from config.signin import required, second


class SignInForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Who needs a second step"),
        choices=required.NAMES.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, user: User, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_roles(self) -> list[str]:
        roles = self.cleaned_data["roles"]
        if required.needs_one(self.user, roles) and not second.has_one(self.user):
            message = _("You would shut yourself out: set up your own second step first, on “Your account”.")
            raise ValidationError(message, code="own")
        return roles


def urls(site: AdminSite) -> list:
    return [path("sign-in/", site.admin_view(sign_in_settings), {"site": site}, name="sign_in_settings")]


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_settings(request: HttpRequest, site: AdminSite) -> HttpResponse:
    if not request.user.is_superuser:
        raise PermissionDenied
    present = {"roles": required.roles(request.site)}
    form = SignInForm(request.user, request.POST if request.method == "POST" else None, initial=present)
    if request.method == "POST" and form.is_valid():
        _save(",".join(form.cleaned_data["roles"]))
        messages.success(request, _("Saved. Whoever lacks a second step is asked to set one up at the desk."))
        return HttpResponseRedirect(reverse("admin:sign_in_settings"))
    mine = {"title": _("Signing in"), "form": form, "has_one": second.has_one(request.user)}
    context = site.each_context(request) | mine
    return TemplateResponse(request, "admin/sign_in_settings.html", context, status=422 if form.errors else 200)


def _save(roles: str) -> None:
    """That alone: somebody else may save other settings at this moment."""
    if not SiteSettings.objects.filter(pk=1).update(second_step_for=roles):
        SiteSettings(second_step_for=roles).save()
