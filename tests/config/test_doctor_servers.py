"""What `manage.py doctor` says of mail servers and Redis, real ones, and of ports at which nobody listens."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from blog.models import Mail
from config.doctor import cache, mail
from tests.config.command import free_port
from tests.config.test_redis import redis  # noqa: F401  a fixture
from tests.smtp import MailServer, accept, make_certificate


def only(found):
    [finding] = found
    return finding


@pytest.fixture
def smtp(settings):
    """Starts mail servers, and points the settings to them."""
    servers = []

    def start(scheme: str = "smtp", login: str = "", **options) -> MailServer:
        server = MailServer(**options)
        server.start()
        server.give_to(settings, scheme, login)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


def test_a_mail_server_that_answers_is_sent_nothing(smtp):
    server = smtp()
    found = only(mail.look())
    assert found.level == "ok" and f"127.0.0.1:{server.port} answers without TLS." in found.words
    assert server.seen == [] and server.messages == []


def test_tls_and_password(smtp, tmp_path, monkeypatch):
    context = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    options = {"tls_context": context, "auth_required": True, "authenticator": accept("me:right")}
    smtp("smtp+starttls", "me:right@", **options)
    assert "answers with TLS, takes the password of me." in only(mail.look()).words
    smtp("smtp+starttls", "me:wrong@", **options)
    found = only(mail.look())
    assert found.level == "problem" and "refuses: 535" in found.words and "user and password" in found.todo
    assert "wrong" not in found.words + found.todo


def test_a_certificate_that_nobody_vouches_for(smtp, tmp_path):
    smtp("smtp+starttls", tls_context=make_certificate(tmp_path))
    found = only(mail.look())
    assert found.level == "problem" and "is not trusted: self-signed certificate" in found.words


def test_a_server_without_tls(smtp):
    smtp("smtp+starttls")
    found = only(mail.look())
    assert found.level == "problem" and "STARTTLS" in found.words
    smtp("smtps")
    assert "does not speak TLS" in only(mail.look()).words


def test_nobody_listens(settings):
    MailServer(free_port()).give_to(settings)
    found = only(mail.look())
    assert found.level == "problem" and found.words.endswith("cannot be used: Connection refused.")
    assert "EMAIL_URL" in found.todo


def test_no_mail_server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert only(mail.look()).level == "warning"


@pytest.mark.django_db
def test_a_mail_is_sent_when_asked_for(smtp, capsys):
    server = smtp()
    with pytest.raises(SystemExit):  # no worker here
        call_command("doctor", "--mail-to", "me@example.org")
    [message] = server.messages
    assert message["To"] == "me@example.org" and message["Subject"] == "A test from http://testserver"
    assert "ok      test mail: A mail to me@example.org was handed over" in capsys.readouterr().out


def test_a_mail_that_is_refused(smtp):
    server = smtp()
    server.answers["RCPT"] = ["550 5.1.1 There is nobody"]
    found = only(mail.send("nobody@example.org"))
    assert found.level == "problem" and "550 5.1.1 There is nobody" in found.words


@pytest.mark.django_db
def test_mails_that_are_owed():
    assert only(mail.look_at_owed()).level == "ok"
    now = timezone.now()
    Mail.objects.create(kind="held", key="1", status="dead", problem="550 no", done_at=now)
    Mail.objects.create(kind="held", key="2", unreached_at=now - timedelta(hours=1), send_after=now)
    dead, waiting = mail.look_at_owed()
    assert dead.words == "1 mail could not be sent." and "/admin/blog/mail/" in dead.todo
    assert waiting.level == "warning" and waiting.words.startswith("1 mail waits")


def test_without_redis(settings):
    settings.REDIS_URL = ""
    assert only(cache.look()).level == "ok"


def test_redis_that_counts(redis):  # noqa: F811
    assert only(cache.look()).words.startswith("Redis counts, within ")
    assert redis.counts() == {}


def test_redis_that_is_slower_than_the_site_waits(redis, monkeypatch):  # noqa: F811
    monkeypatch.setattr("comments.rediscount.ANSWERS_WITHIN", 0)
    assert only(cache.look()).level == "warning"


def test_redis_that_is_away(settings):
    settings.REDIS_URL = f"redis://:very-secret@127.0.0.1:{free_port()}/0"
    found = only(cache.look())
    assert found.level == "warning" and "counted in the database" in found.words and "REDIS_URL" in found.todo
    assert "very-secret" not in found.words
