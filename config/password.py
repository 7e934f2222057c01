"""A forgotten password: asked for on one page, and chosen anew on another that only a mailed link opens."""

import secrets
import unicodedata

from django import forms
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from blog.mail import owe
from blog.models import User
from comments import addresses, ratelimit
from config.signin import throttle

# (how many, in how many seconds) for one network, and for one name or address whoever asks
OF_NETWORK = ((10, 60), (40, 3600))
OF_TARGET = ((3, 3600), (6, 86400))
MOST_ACCOUNTS = 5  # of one address


class ForgottenForm(forms.Form):
    who = forms.CharField(
        label=gettext_lazy("User name or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type your user name or your e-mail address.")},
    )


class NewPasswordForm(SetPasswordForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label, self.fields["new_password2"].help_text = _("The same again"), ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """GET: asks for a name or address. POST: leads to a page that says the same whether there is an account or not."""
    if request.method != "POST":
        return _page(request, "password/forgotten.html", {"form": ForgottenForm()})
    form = ForgottenForm(request.POST)
    is_valid = form.is_valid()
    if seconds := _seconds_to_wait(request, form.cleaned_data.get("who", "")):
        problem = ngettext(
            "That was asked for often just now. Wait %(seconds)d second and try again.",
            "That was asked for often just now. Wait %(seconds)d seconds and try again.",
            seconds,
        )
        context = {"form": form, "problem": problem % {"seconds": seconds}}
        response = _page(request, "password/forgotten.html", context, 429)
        response["Retry-After"] = str(seconds)
        return response
    if not is_valid:
        return _page(request, "password/forgotten.html", {"form": form}, 422)
    owe_links(form.cleaned_data["who"])
    return HttpResponseRedirect(reverse("password_sent"), status=303)


def owe_links(who: str) -> None:
    """Owes a mail to each account of this name or address.

    For none it owes a mail that will be dropped, so that the time the answer takes tells nothing either.
    """
    found = User.objects.filter(Q(username=User.normalize_username(who)) | Q(email__iexact=who), is_active=True)
    # Databases differ in which letters are the same; the link goes to the account's own address in any case.
    users = [user for user in found.exclude(email="") if _folded(who) in (_folded(user.username), _folded(user.email))]
    for pk in [user.pk for user in users[:MOST_ACCOUNTS]] or [0]:
        with transaction.atomic():
            owe("password", f"password:{pk}:{secrets.token_hex(8)}", {"user": pk})


def _seconds_to_wait(request: HttpRequest, who: str) -> int:
    network, target = addresses.client_network(request), f"password:{_folded(who)}"
    digests = addresses.digests([network, target])
    return max(
        ratelimit.wait(f"password:{digests[network]}", OF_NETWORK),
        ratelimit.wait(f"password:{digests[target]}", OF_TARGET) if who else 0,
    )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return _page(request, "password/sent.html", {})


# Django's own view keeps the key in a session on GET; a mail scanner that follows links must change nothing.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """GET: the form. POST: sets the password, and leads to the page to sign in with it."""
    user = _holder(uid, token)
    if user is None:
        return _page(request, "password/gone.html", {}, 410)
    if request.method != "POST":
        return _page(request, "password/new.html", {"form": NewPasswordForm(user)})
    form = NewPasswordForm(user, request.POST)
    if not form.is_valid():
        return _page(request, "password/new.html", {"form": form}, 422)
    if not _set(form.save(commit=False), uid, token):
        return _page(request, "password/gone.html", {}, 410)
    throttle.forget(request, user)
    messages.success(request, _("Your new password is set. Sign in with it."))
    following = f"?next={reverse('admin:index')}" if user.is_staff else ""
    return HttpResponseRedirect(reverse("sign_in") + following, status=303)


@transaction.atomic
def _set(user: User, uid: str, token: str) -> bool:
    """Keeps the password that `user` has been given; not if the link was used at the same moment."""
    if _holder(uid, token, lock=True) is None:
        return False
    user.save(update_fields=["password"])
    return True


def _holder(uid: str, token: str, *, lock: bool = False) -> User | None:
    """Whose password the link may set; None if it was used, is too old, or none of ours."""
    try:
        pk = int(urlsafe_base64_decode(uid[:40]).decode("ascii"))
    except ValueError:
        return None
    users = User.objects.select_for_update() if lock else User.objects.all()
    user = users.filter(pk=pk, is_active=True).first()
    return user if user and default_token_generator.check_token(user, token) else None


def _page(request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
