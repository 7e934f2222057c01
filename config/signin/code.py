"""The page between the right password and being signed in: it asks for a code.

Until then the session says who typed the password, and is nobody's: request.user is anonymous everywhere else.
"""

import time

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from blog.models import User
from config.signin import second, throttle

WAITING = "second_step"  # in the session
PATIENCE = 10 * 60  # seconds

WRONG = gettext_lazy("This code is wrong, too old or already used. Wait for the next one and type that.")
NO_RECOVERY_CODE = gettext_lazy("This is none of your recovery codes, or it was used already.")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        error_messages={
            "required": gettext_lazy("Type the code that your app shows."),
            "max_length": gettext_lazy("This is not a code: those of the app have six digits."),
        },
    )

    def __init__(self, *args, recovery: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field, attributes = self.fields["code"], {"autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}
        if recovery:
            field.label = _("Recovery code")
            field.error_messages["required"] = _("Type one of your recovery codes.")
            field.widget.attrs = attributes | {"autocomplete": "off"}
        else:
            field.widget.attrs = attributes | {"autocomplete": "one-time-code", "inputmode": "numeric"}


def ask(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """After the right password: a new session that knows only whom to ask for a code, and where they were going."""
    request.session.flush()
    waiting = {"user": user.pk, "key": user.get_session_auth_hash(), "at": time.time(), "to": to}
    request.session[WAITING] = waiting
    request.session.set_expiry(PATIENCE)
    return HttpResponseRedirect(reverse("sign_in_code"), status=303)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """GET: asks for the code. POST: signs in by it."""
    user = _whom(request)
    if user is None:
        messages.info(request, _("Sign in with your password first; then the code is asked for."))
        return HttpResponseRedirect(reverse("sign_in"))
    recovery = "recovery" in request.GET
    if request.method != "POST":
        return _page(request, CodeForm(recovery=recovery), recovery)
    if seconds := throttle.of_code(user):
        return throttle.refused(request, seconds)
    form = CodeForm(request.POST, recovery=recovery)
    if form.is_valid() and not second.verify(user, form.cleaned_data["code"]):
        form.add_error("code", NO_RECOVERY_CODE if recovery else WRONG)
    if not form.is_valid():
        return _page(request, form, recovery, 422)
    throttle.forget_code(user)
    to = request.session[WAITING]["to"]
    request.session.flush()
    login(request, user)
    return HttpResponseRedirect(to, status=303)


def _whom(request: HttpRequest) -> User | None:
    """Who has just typed the password; nobody if it was long ago, or has been changed since."""
    waiting = request.session.get(WAITING)
    if not waiting or not 0 <= time.time() - waiting["at"] <= PATIENCE:
        return None
    user = User.objects.filter(pk=waiting["user"], is_active=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), waiting["key"]) else None


def _page(request: HttpRequest, form: CodeForm, recovery: bool, status: int = 200) -> HttpResponse:
    return render(request, "sign_in_code.html", {"form": form, "recovery": recovery}, status=status)
