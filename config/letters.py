"""The mails that config owes (settings.MAIL_KINDS)."""

from datetime import datetime

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.formats import date_format
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from blog.digits import digits
from blog.mail import Letter, absolute
from blog.models import Mail, SiteSettings, User
from config.models import Invitation
from config.sessions.agent import Agent


def password(data: dict, mail: Mail) -> Letter | None:
    """The link that sets a new password. Its key is made now, so that its day begins when the mail goes out."""
    user = User.objects.filter(pk=data.get("user"), is_active=True).exclude(email="").first()
    if user is None:
        return None
    key = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    context = {"user": user, "link": absolute(reverse("password_new", args=key))}
    return Letter(user.email, _("A new password"), "password", context)


def sign_in(data: dict, mail: Mail) -> Letter | None:
    """That somebody has signed in with a browser that the account was not used with before."""
    user = User.objects.filter(pk=data.get("user"), is_active=True).exclude(email="").first()
    if user is None:
        return None
    at = timezone.localtime(datetime.fromisoformat(data["at"]), user.zone)
    context = {
        "user": user,
        "agent": Agent(data["browser"], data["system"]),
        "when": f"{digits(date_format(at, 'DATETIME_FORMAT'))} ({at.tzinfo})",
        "link": absolute(reverse("password_forgotten")),
        "account": absolute(reverse("admin:account")),
    }
    return Letter(user.email, _("A new browser signed in"), "sign_in", context)


def invitation(data: dict, mail: Mail) -> Letter | None:
    """The link that makes an account. Its key is made now, so that its days begin when the mail goes out."""
    found = Invitation.objects.standing().select_related("invited_by").filter(pk=data.get("invitation")).first()
    if found is None:
        return None
    link = absolute(reverse("invitation", args=[found.renew()]))
    with translation.override(found.language):
        context = {"invitation": found, "link": link, "days": Invitation.GOOD_FOR.days}
        subject = _("An invitation to write for %(site)s") % {"site": SiteSettings.load().title}
    return Letter(found.email, subject, "invitation", context, language=found.language)
