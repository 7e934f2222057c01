"""Letters for tests, of kinds that `kinds` names, and a mail server's answers without a server."""

import smtplib
from types import SimpleNamespace

from django.core.mail.backends.locmem import EmailBackend

from blog.mail import Letter, absolute, owe
from blog.models import Mail

KINDS = {name: f"tests.blog.letters.{name}" for name in ("hello", "nothing", "broken", "fan_out")}
READER = "reader@example.org"


def hello(data: dict, mail: Mail) -> Letter:
    context = {"user": SimpleNamespace(username=data.get("name", "alice")), "link": absolute("/a/?b=1&c=2")}
    subject = data.get("subject", f"Hello {mail.key}")
    return Letter(data.get("to", READER), subject, "password", context, data.get("headers", {}))


def nothing(data: dict, mail: Mail) -> None:
    return None


def broken(data: dict, mail: Mail) -> Letter:
    raise ValueError(f"{READER} is the cause")


def fan_out(data: dict, mail: Mail) -> None:
    for number in range(data["to"]):
        owe("hello", f"{mail.key}:{number}", {})


def make_mail(kind: str = "hello", key: str = "a", **fields) -> Mail:
    return Mail.objects.create(kind=kind, key=key, **fields)


class Scripted(EmailBackend):
    """Raises what a test has put into `opening` and `sending`, the next one at each call; then does as locmem."""

    opening: list[Exception] = []
    sending: list[Exception] = []
    opened = 0

    def open(self) -> None:
        type(self).opened += 1
        if self.opening:
            raise self.opening.pop(0)

    def send_messages(self, messages) -> int:
        if self.sending:
            raise self.sending.pop(0)
        return super().send_messages(messages)


def no_such_reader(code: int = 550) -> smtplib.SMTPRecipientsRefused:
    words = f"5.1.1 <{READER}>: user reader unknown; see https://mail.example/?to=reader%40example.org"
    return smtplib.SMTPRecipientsRefused({READER: (code, words.encode())})
