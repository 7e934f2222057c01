"""From what is owed to the message that goes out."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from blog.mail.masks import one_line
from blog.models import Mail, SiteSettings


@dataclass(frozen=True)
class Letter:
    """What the function of a kind of mail makes: rendered from templates/mail/<template>.txt and .html.

    Their context also has `site` (blog.SiteSettings), `site_url` and `subject`.
    """

    to: str  # an address alone, without a name
    subject: str
    template: str
    context: dict = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    language: str = ""  # the site's, unless it says otherwise


class WrongAddress(ValueError):
    """The letter is to what is no address; trying again would not help."""


def absolute(path: str) -> str:
    """The whole address of a path of this site, for links in mails."""
    return settings.SITE_URL + path


def compose(mail: Mail) -> EmailMultiAlternatives | None:
    """The message, in the site's language and time zone; None if by now there is nothing to say.

    Raises WrongAddress, and whatever the function of its kind raises.
    """
    site = SiteSettings.load()
    with translation.override(site.language), timezone.override(site.zone):
        letter = _function(mail.kind)(mail.data, mail)
        return letter and _message(letter, mail, site)


def _function(kind: str) -> Callable[[dict, Mail], Letter | None]:
    return import_string(settings.MAIL_KINDS[kind])


def _message(letter: Letter, mail: Mail, site: SiteSettings) -> EmailMultiAlternatives:
    try:
        validate_email(letter.to)
    except ValidationError:
        raise WrongAddress from None
    subject = one_line(letter.subject)
    context = {"site": site, "site_url": settings.SITE_URL, "subject": subject} | letter.context
    with translation.override(letter.language or site.language):
        text = render_to_string(f"mail/{letter.template}.txt", context)
        html = render_to_string(f"mail/{letter.template}.html", context)
    headers = {name: one_line(value) for name, value in letter.headers.items()}
    headers |= {"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(subject, _tidy(text), to=[letter.to], headers=headers)
    message.attach_alternative(html, "text/html")
    message.message().as_bytes()  # what cannot be written down is found here, before a server is asked
    return message


def message_id(mail: Mail) -> str:
    """Fixed by the row: should a mail come twice, the reader's program sees that it is the same."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    digest = hashlib.sha256(f"{mail.pk}:{mail.key}".encode()).hexdigest()[:32]
    return f"<{digest}@[{host}]>" if ":" in host else f"<{digest}@{host}>"


def _tidy(text: str) -> str:
    """Tags of templates leave empty lines behind."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
