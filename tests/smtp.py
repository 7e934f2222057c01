"""A mail server that really listens: it keeps what it takes, and refuses, breaks off and goes away as told."""

import ssl
import subprocess
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from config import env
from tests.config.command import free_port

BREAK = "break"  # in place of an answer: the connection is cut


class MailServer:
    """`answers` holds, for MAIL, RCPT, DATA or TAKEN, what to say in place of 250, an answer for each time; BREAK cuts
    the connection. TAKEN is the answer to a mail that is kept all the same. `options` are aiosmtpd's.
    """

    def __init__(self, port: int = 0, **options) -> None:
        self.port = port or free_port()
        self.options = options
        self.messages: list[EmailMessage] = []
        self.answers: dict[str, list[str]] = {}
        self.seen: list[str] = []  # commands, in order; with TLS: "MAIL over TLS"
        self.controller: Controller | None = None

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, **self.options)
        self.controller.start()

    def stop(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None

    def give_to(self, settings, scheme: str = "smtp", login: str = "") -> None:
        """Points Django's `settings` to this server, as an EMAIL_URL would."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("EMAIL_URL", f"{scheme}://{login}127.0.0.1:{self.port}")
            for name, value in env.email("EMAIL_URL").items():
                setattr(settings, name, value)

    def subjects(self) -> list[str]:
        return [message["Subject"] for message in self.messages]

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:
        envelope.mail_from = address
        return self._answer("MAIL", server)

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        answer = self._answer("RCPT", server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope) -> str:
        answer = self._answer("DATA", server)
        if answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            answer = self._answer("TAKEN", server)
        return answer

    def _answer(self, step: str, server) -> str:
        self.seen.append(f"{step} over TLS" if server.transport.get_extra_info("ssl_object") else step)
        waiting = self.answers.get(step)
        answer = waiting.pop(0) if waiting else "250 OK"
        if answer == BREAK:
            server.transport.abort()
        return answer


def accept(login: str):
    """An authenticator for one `user:password`."""

    def check(server, session, envelope, mechanism, data) -> AuthResult:
        is_right = b":".join([data.login, data.password]) == login.encode()
        return AuthResult(success=is_right, handled=False)  # so that the server answers

    return check


def make_certificate(folder: Path) -> ssl.SSLContext:
    """A certificate of 127.0.0.1's own, in folder/cert.pem, and a server's TLS with it."""
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    subprocess.run([*command, "-days", "3650", *names, *files], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
