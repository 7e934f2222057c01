"""“Second step” beside “Your account”: set up, recovery codes, turn off."""

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from blog.models import User
from config.signin import required, second, throttle
from config.signin.code import WRONG

KEY = "second_step_key"  # in the session, until a code proves that the app has it


class SecondStepForm(forms.Form):
    """A code and the password: neither a desk left open nor a telephone left lying changes the second step."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
        ),
        error_messages={"required": gettext_lazy("Type the code that your app shows.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("Type your password.")},
    )

    def __init__(self, user: User, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        typed = self.cleaned_data["password"]
        if seconds := throttle.of_password(self.user):
            raise ValidationError(throttle.too_often(seconds), code="too_often")
        # Not the user's own method: it may store the hash anew, which would end this very session.
        if not check_password(typed, self.user.password):
            raise ValidationError(_("This is not your password. Nothing was changed."), code="wrong")
        throttle.forget_password(self.user)
        return typed


def urls(site: AdminSite) -> list:
    views = {"": (second_step, "second_step"), "codes/": (codes, "second_step_codes"), "off/": (off, "second_step_off")}
    return [
        path(f"account/second-step/{end}", site.admin_view(view), {"site": site}, name=name)
        for end, (view, name) in views.items()
    ]


@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """GET: how it stands, or how to set it up. POST: sets it up, and shows the recovery codes once."""
    user = User.objects.get(pk=request.user.pk)
    if device := second.device_of(user):
        context = {"device": device, "codes_left": second.codes_left(user), "is_required": _is_required(request)}
        return _page(request, site, context | {"form": SecondStepForm(user)})
    key = request.session.get(KEY)
    if request.method != "POST" or not key:
        key = request.session[KEY] = second.new_key()
        return _setting_up(request, site, user, key, SecondStepForm(user))
    form = SecondStepForm(user, request.POST)
    shown = []
    if form.is_valid() and not (shown := second.set_up(user, key, form.cleaned_data["code"])):
        form.add_error("code", _("This code does not belong to this key. Wait for the next one and type that."))
    if not shown:
        return _setting_up(request, site, user, key, form, 422)
    del request.session[KEY]
    _end_others(request, user, form.cleaned_data["password"])
    return _codes(request, site, shown)


@require_POST
def codes(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """New recovery codes in place of the old ones. The password was typed a moment ago: config/signin/recently.py."""
    if not second.has_one(request.user):
        return HttpResponseRedirect(reverse("admin:second_step"))
    return _codes(request, site, second.new_codes(request.user))


@sensitive_post_parameters("code", "password")
@require_POST
def off(request: HttpRequest, site: AdminSite) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    if not (device := second.device_of(user)):
        return HttpResponseRedirect(reverse("admin:second_step"))
    form = SecondStepForm(user, request.POST)
    is_required = _is_required(request)
    if is_required:
        form.add_error(None, _("Your role needs a second step, so it stays on."))
    elif form.is_valid():
        if seconds := throttle.of_code(user):
            form.add_error("code", throttle.too_often(seconds))
        elif not second.verify(user, form.cleaned_data["code"]):
            form.add_error("code", WRONG)
    if not form.is_valid():
        context = {"device": device, "codes_left": second.codes_left(user), "is_required": is_required, "form": form}
        return _page(request, site, context, 422)
    throttle.forget_code(user)
    second.turn_off(user)
    _end_others(request, user, form.cleaned_data["password"])
    messages.success(request, _("Your second step is off. From now on your password alone signs you in."))
    return HttpResponseRedirect(reverse("admin:account"))


def _is_required(request: HttpRequest) -> bool:
    return required.needs_one(request.user, required.roles(request.site))


def _end_others(request: HttpRequest, user: User, password: str) -> None:
    """Sessions that began under the other rule end: each hangs on the stored password, which is now salted anew."""
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)


def _setting_up(
    request: HttpRequest, site: AdminSite, user: User, key: str, form: SecondStepForm, status: int = 200
) -> HttpResponse:
    plain = second.secret(key)
    context = {
        "form": form,
        "picture": second.picture(second.address(key, user, request.site.title)),
        "key": " ".join(plain[at : at + 4] for at in range(0, len(plain), 4)),
        "is_required": _is_required(request),
    }
    return _page(request, site, context, status)


def _codes(request: HttpRequest, site: AdminSite, shown: list[str]) -> HttpResponse:
    return _page(request, site, {"codes": shown, "title": _("Your recovery codes")})


def _page(request: HttpRequest, site: AdminSite, context: dict, status: int = 200) -> HttpResponse:
    context = site.each_context(request) | {"title": _("Second step")} | context
    template = "admin/recovery_codes.html" if "codes" in context else "admin/second_step.html"
    return TemplateResponse(request, template, context, status=status)
