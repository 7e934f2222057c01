"""Talking to the mail server that EMAIL_URL names, or to what stands in for it."""

import contextlib
import smtplib
from collections.abc import Callable

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend


def reach(connection: BaseEmailBackend) -> None:
    """Opens the connection as far as it is the same for every mail: greeting, TLS, password."""
    connection.open()
    if isinstance(connection, smtp.EmailBackend):
        connection.connection.ehlo_or_helo_if_needed()  # else it would come with the mail, and so would its failing


def hand_over(connection: BaseEmailBackend, message: EmailMessage, before_text: Callable[[], None]) -> None:
    """Sends it. `before_text` is called at the last moment at which nothing has gone out yet, and may raise."""
    if isinstance(connection, smtp.EmailBackend):
        _when_asked_for_text(connection.connection, before_text)
    else:
        before_text()
    connection.send_messages([message])


def _when_asked_for_text(server: smtplib.SMTP, call: Callable[[], None]) -> None:
    """Has `call` called when the server says 354. smtplib offers no such moment of its own."""
    getreply = server.getreply

    def answered() -> tuple[int, bytes]:
        code, words = getreply()
        if code == 354:
            try:
                call()
            except BaseException:
                server.close()  # which waits for text and would take QUIT for some
                raise
        return code, words

    server.getreply = answered


def hang_up(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(Exception):
        connection.close()


def answer_of(error: Exception) -> tuple[int, str] | None:
    """The answer by which the server refused, code and words. None if there was none, or none that can be read."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return None
    words = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return (code, words) if 400 <= code < 600 else None
