"""Mails and a mail server that talk to each other."""

import smtplib
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db.models import Count

from blog.mail import owe, send_due
from blog.models import Mail
from config.tick import tick
from tests.blog.letters import KINDS, READER, make_mail
from tests.smtp import BREAK, MailServer, accept, make_certificate

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _kinds(settings):
    settings.MAIL_KINDS = KINDS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The file of a certificate of this machine's own, and a server's TLS with it."""
    folder = tmp_path_factory.mktemp("certificate")
    return folder / "cert.pem", make_certificate(folder)


@pytest.fixture
def tls_server(certificate):
    """Makes a mail server with TLS; it ends with the test."""
    servers = []

    def start(**options) -> MailServer:
        servers.append(MailServer(**options))
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def test_it_works(mail_server, settings):
    settings.DEFAULT_FROM_EMAIL = "Tide Notes <noreply@blog.example.org>"
    mail = make_mail(data={"name": "Änne"})
    assert send_due() == 1
    (message,) = mail_server.messages
    assert (message["To"], message["From"]) == (READER, "Tide Notes <noreply@blog.example.org>")
    assert "for Änne." in message.get_body(("plain",)).get_content()
    assert "for Änne." in message.get_body(("html",)).get_content()
    mail.refresh_from_db()
    assert mail.status == "sent"
    assert mail_server.seen == ["MAIL", "RCPT", "DATA", "TAKEN"]


@pytest.fixture
def saying(monkeypatch):
    """Has a test's own function called before each thing that is said to the server."""
    real = smtplib.SMTP.send

    def listen(call) -> None:
        def send(smtp, data):
            call(data if isinstance(data, str) else "the text")
            real(smtp, data)

        monkeypatch.setattr(smtplib.SMTP, "send", send)

    return listen


def test_it_is_written_down_before_its_text_goes_out(mail_server, saying):
    said = []
    saying(lambda words: said.append((words.split()[0], Mail.objects.get().handed_at is not None)))
    make_mail()
    assert send_due() == 1
    assert said == [(word, False) for word in ("ehlo", "mail", "rcpt", "data")] + [("the", True), ("quit", True)]


def test_one_that_somebody_else_has_by_now_is_broken_off(mail_server, saying):
    mail = make_mail()
    later = NOON + timedelta(days=9999)
    saying(lambda words: words.startswith("rcpt") and Mail.objects.update(started_at=later))
    start = time.monotonic()
    assert send_due() == 0
    assert time.monotonic() - start < 10, "a server that waits for text answers nothing else"
    mail.refresh_from_db()
    assert (mail.status, mail.started_at, mail.handed_at, mail_server.messages) == ("waiting", later, None, [])


def test_a_long_line_arrives_whole(mail_server):
    make_mail(data={"name": "x" * 5000 + "ä"})
    assert send_due() == 1
    text = mail_server.messages[0].get_body(("plain",)).get_content()
    assert "x" * 5000 + "ä" in text


def test_a_line_of_one_dot_does_not_end_the_mail(mail_server):
    make_mail(data={"name": "\r\n.\r\nMAIL FROM:<x@example.org>\r\n.x"})
    assert send_due() == 1
    assert len(mail_server.messages) == 1
    text = mail_server.messages[0].get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "\n.\nMAIL FROM:<x@example.org>\n.x" in text


@pytest.mark.parametrize(
    ("step", "answer", "status"),
    [
        ("RCPT", "450 4.2.1 Mailbox busy", "waiting"),
        ("RCPT", "421 4.3.2 Going down", "waiting"),
        ("DATA", "452 4.3.1 Disk full", "waiting"),
        ("RCPT", f"550 5.1.1 <{READER}> unknown", "dead"),
        ("DATA", "554 5.7.1 Looks like spam", "dead"),
    ],
)
def test_a_refusal_is_taken_at_its_word(mail_server, step, answer, status):
    mail_server.answers = {step: [answer]}
    mail = make_mail()
    assert send_due() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.handed_at, mail.repeats) == (status, None, 0)
    assert mail.problem.startswith(answer[:9]) and READER not in mail.problem
    assert mail_server.messages == []
    assert send_due(mail.send_after) == (1 if status == "waiting" else 0)


def test_a_sender_who_is_refused_stops_the_run(mail_server):
    mail_server.answers = {"MAIL": ["550 5.7.1 You are not noreply@testserver"]}
    mail = make_mail()
    make_mail(key="b")
    assert send_due() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("waiting", 0)
    assert mail.problem == "The mail server: 550 5.7.1 You are not …@…"
    assert send_due() == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_a_connection_that_breaks_before_the_text_is_no_more_than_a_failure(mail_server, step):
    mail_server.answers = {step: [BREAK] * 3}
    mail = make_mail()
    for attempt in range(3):
        assert send_due(mail.send_after) == 0
        mail.refresh_from_db()
        assert (mail.status, mail.attempts, mail.repeats, mail.handed_at) == ("waiting", attempt + 1, 0, None)
        assert "broke before the mail server took" in mail.problem
    assert send_due(mail.send_after) == 1
    assert len(mail_server.messages) == 1


@pytest.mark.parametrize("step", ["DATA", "TAKEN"])
def test_a_connection_that_breaks_after_the_text_costs_no_mail_and_brings_none_a_third_time(mail_server, step):
    mail_server.answers = {step: [BREAK]}
    mail = make_mail()
    assert send_due() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.repeats) == ("waiting", 1)
    assert send_due(mail.send_after) == 1
    assert len(mail_server.messages) == (2 if step == "TAKEN" else 1)
    assert len({message["Message-ID"] for message in mail_server.messages}) == 1

    mail_server.answers = {step: [BREAK] * 9}
    make_mail(key="b")
    later = NOON + timedelta(days=9999)
    for hours in range(9):
        send_due(later + timedelta(hours=hours))
    assert Mail.objects.get(key="b").status == "dead"
    assert mail_server.subjects().count("Hello b") == (2 if step == "TAKEN" else 0)


def test_a_server_that_is_down_for_an_hour_gets_everything_once(mail_server, django_capture_on_commit_callbacks):
    """The tick runs every minute; mails come due before the server goes, while it is away, and after."""
    with time_machine.travel(NOON, tick=False) as clock:
        for minute in range(100):
            if minute == 10:
                mail_server.stop()
            elif minute == 70:
                mail_server.start()
            with django_capture_on_commit_callbacks(execute=True):
                owe("hello", f"{minute}", {})
                if minute % 10 == 0:
                    owe("hello", f"later {minute}", {}, delay=timedelta(minutes=5))
            if minute == 69:
                assert len(mail_server.messages) == 11
                assert Mail.objects.filter(status="waiting").count() == 66
                assert Mail.objects.filter(unreached_at__isnull=False).count() >= 1
            clock.shift(timedelta(minutes=1))
            tick(datetime.now(UTC))
    wanted = {f"Hello {minute}" for minute in range(100)} | {f"Hello later {minute}" for minute in range(0, 100, 10)}
    assert set(mail_server.subjects()) == wanted
    assert len(mail_server.messages) == len(wanted) == 110
    assert list(Mail.objects.values("status").annotate(mails=Count("pk"))) == [{"status": "sent", "mails": 110}]
    assert not Mail.objects.exclude(attempts=1, repeats=0, problem="", unreached_at=None).exists()


def test_starttls_and_a_password(tls_server, certificate, settings, monkeypatch):
    server = tls_server(
        tls_context=certificate[1], require_starttls=True, auth_required=True, authenticator=accept("me:p@ss/word")
    )
    server.give_to(settings, "smtp+starttls", "me:p%40ss%2Fword@")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    make_mail()
    assert send_due() == 1
    assert server.seen[0] == "MAIL over TLS"


def test_tls_from_the_start(tls_server, certificate, settings, monkeypatch):
    server = tls_server(ssl_context=certificate[1])
    server.give_to(settings, "smtps")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    make_mail()
    assert send_due() == 1
    assert server.seen[0] == "MAIL over TLS"


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_certificate_that_nobody_vouches_for_gets_nothing(tls_server, certificate, settings, scheme):
    server = tls_server(**{"ssl_context" if scheme == "smtps" else "tls_context": certificate[1]})
    server.give_to(settings, scheme)
    mail = make_mail()
    assert send_due() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, server.seen) == ("waiting", 0, [])
    assert mail.problem.startswith(f"The mail server: {ssl.SSLCertVerificationError.__name__}")


def test_starttls_is_insisted_on(mail_server, settings):
    mail_server.give_to(settings, "smtp+starttls")
    mail = make_mail()
    assert send_due() == 0
    mail.refresh_from_db()
    assert (mail.status, mail_server.seen) == ("waiting", [])
    assert "STARTTLS" in mail.problem


def test_a_wrong_password_waits_for_the_right_one(tls_server, certificate, settings, monkeypatch):
    server = tls_server(tls_context=certificate[1], auth_required=True, authenticator=accept("me:right"))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    server.give_to(settings, "smtp+starttls", "me:wrong@")
    mail = make_mail()
    assert send_due() == 0
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("waiting", 0) and "535" in mail.problem
    server.give_to(settings, "smtp+starttls", "me:right@")
    assert send_due() == 1
