"""Invitations at the desk: made, sent again and withdrawn by owners."""

import secrets
from collections.abc import Callable
from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from blog.mail import absolute, owe
from blog.models import User
from config.models import Invitation

INVITED = gettext_lazy("There is an invitation to this address already. Send that one again, or withdraw it.")


class InvitationForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ["email", "role", "language"]
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
            "role": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # Without the one that stands for nothing chosen.
        self.fields["role"].choices, self.fields["language"].choices = Invitation.Role.choices, settings.LANGUAGES

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if holder := User.objects.filter(email__iexact=email).first():
            raise ValidationError(_("%(name)s has an account with this address already.") % {"name": holder.username})
        if Invitation.objects.filter(email__iexact=email).exists():
            raise ValidationError(INVITED)
        return email


def urls(site: AdminSite) -> list:
    return [
        path("invitations/", of_owners(site, invitations), name="invitations"),
        path("invitations/<int:pk>/send/", of_owners(site, send), name="invitation_send"),
        path("invitations/<int:pk>/withdraw/", of_owners(site, withdraw), name="invitation_withdraw"),
    ]


def of_owners(site: AdminSite, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, **named) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return view(request, site, **named)

    return site.admin_view(guarded)


@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest, site: AdminSite) -> HttpResponse:
    form = InvitationForm(request.POST or None, initial={"role": "Author", "language": request.site.language})
    if request.method == "POST" and form.is_valid() and (made := _make(request, form)):
        return _sent(request, site, made)
    return _page(request, site, form)


@require_POST
@transaction.atomic
def send(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """A new link, for as long as the first; the one before ends. Whoever sends it stands for it from now on."""
    found = Invitation.objects.select_for_update().filter(pk=pk).first()  # it may be used at this moment
    if found is None:
        return _gone(request)
    found.invited_by, found.invited_at = request.user, timezone.now()
    found.ends_at = found.invited_at + Invitation.GOOD_FOR
    found.save(update_fields=["invited_by", "invited_at", "ends_at"])
    return _sent(request, site, found)


@require_POST
def withdraw(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    if not Invitation.objects.filter(pk=pk).delete()[0]:
        return _gone(request)
    messages.success(request, _("The invitation is withdrawn; its link works no more."))
    return HttpResponseRedirect(reverse("admin:invitations"))


def _make(request: HttpRequest, form: InvitationForm) -> Invitation | None:
    """None if the same was sent twice at once, and the form says so."""
    form.instance.invited_by = request.user
    form.instance.ends_at = timezone.now() + Invitation.GOOD_FOR
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:
        form.add_error("email", INVITED)
        return None


def _sent(request: HttpRequest, site: AdminSite, invitation: Invitation) -> HttpResponse:
    """By mail; where no mail goes out the owner is shown the link, this once."""
    if not _mails_go_out():
        address = absolute(reverse("invitation", args=[invitation.renew()]))
        return _page(request, site, None, {"address": address, "invited": invitation})
    with transaction.atomic():
        owe("invitation", f"invitation:{invitation.pk}:{secrets.token_hex(8)}", {"invitation": invitation.pk})
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
    return HttpResponseRedirect(reverse("admin:invitations"))


def _mails_go_out() -> bool:
    return not settings.EMAIL_BACKEND.endswith("console.EmailBackend")


def _gone(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("This invitation is not there any more: it was used or withdrawn."))
    return HttpResponseRedirect(reverse("admin:invitations"))


def _page(request: HttpRequest, site: AdminSite, form: InvitationForm | None, context: dict | None = None):
    if form is None:
        form = InvitationForm(initial={"role": "Author", "language": request.site.language})
    context = (
        site.each_context(request)
        | {
            "title": _("Invitations"),
            "form": form,
            "invitations": Invitation.objects.select_related("invited_by").order_by("-pk"),
            "days": Invitation.GOOD_FOR.days,
            "mails_go_out": _mails_go_out(),
        }
        | (context or {})
    )
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/invitations.html", context, status=status)
