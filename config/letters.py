"""The mails that config owes (settings.MAIL_KINDS)."""

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from blog.mail import Letter, absolute
from blog.models import Mail, User


def password(data: dict, mail: Mail) -> Letter | None:
    """The link that sets a new password. Its key is made now, so that its day begins when the mail goes out."""
    user = User.objects.filter(pk=data.get("user"), is_active=True).exclude(email="").first()
    if user is None:
        return None
    key = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    context = {"user": user, "link": absolute(reverse("password_new", args=key))}
    return Letter(user.email, _("A new password"), "password", context)
