"""EMAIL_URL and EMAIL_FROM: how mails leave, and whom they come from."""

import pytest

from config import env
from tests.config.command import manage, only_line
from tests.config.test_env import refused


@pytest.fixture
def give(monkeypatch):
    return lambda value: monkeypatch.setenv("X", value)


@pytest.mark.parametrize("value", ["", "console:"])
def test_mails_are_printed_unless_a_server_is_given(give, value):
    give(value)
    assert env.email("X") == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}


@pytest.mark.parametrize(
    ("value", "host", "port", "user", "password", "starttls", "tls"),
    [
        ("smtp://localhost", "localhost", 25, "", "", False, False),
        ("smtp://mail.example.org:2525/", "mail.example.org", 2525, "", "", False, False),
        ("smtp+starttls://me:s%40c%2Fr:t@mail.example.org", "mail.example.org", 587, "me", "s@c/r:t", True, False),
        ("smtps://me%40example.org:x@[fd00::1]", "fd00::1", 465, "me@example.org", "x", False, True),
        ("smtps://me:p%C3%A4ss@mail.example.org:4465", "mail.example.org", 4465, "me", "päss", False, True),
    ],
)
def test_mail_servers(give, value, host, port, user, password, starttls, tls):
    give(value)
    assert env.email("X") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": tls,
    }


@pytest.mark.parametrize(
    "value",
    [
        "mail.example.org",
        "smtp://",
        "smtp://:25",
        "http://mail.example.org",
        "smtp://mail.example.org:port",
        "smtp://mail.example.org:99999",
        "smtp://me:hunter2@mail.example.org?tls=yes",
        "smtp://me:hunter2@mail.example.org/inbox",
        "smtp://me@mail.example.org",
        "smtp://:hunter2@mail.example.org",
        "smtp://me:hunter2%FF@mail.example.org",
        "smtp://[::1",
        "console",
    ],
)
def test_a_mail_server_that_is_none_is_refused_and_its_password_not_repeated(give, value):
    give(value)
    assert "hunter2" not in refused(env.email)


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("https://blog.example.org:8443", "noreply@blog.example.org"),
        ("http://192.0.2.7:8000", "noreply@localhost"),
        ("http://[fd00::1]:8000", "noreply@localhost"),
        ("http://blog", "noreply@blog"),
    ],
)
def test_mails_come_from_the_site_by_default(give, site, expected):
    give("")
    assert env.sender("X", site) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("me@example.org", "me@example.org"),
        ("<me@example.org>", "me@example.org"),
        ("Tide Notes <me@example.org>", "Tide Notes <me@example.org>"),
        ("Mr. Tide <me@example.org>", '"Mr. Tide" <me@example.org>'),
        ('"Tide, Notes" <me@example.org>', '"Tide, Notes" <me@example.org>'),
        ("Gezeiten für alle <me@example.org>", "Gezeiten für alle <me@example.org>"),
        ("me@blog", "me@blog"),
        ("me@localhost", "me@localhost"),
    ],
)
def test_whom_mails_come_from(give, value, expected):
    give(value)
    assert env.sender("X", "http://blog") == expected


@pytest.mark.parametrize(
    "value",
    [
        "example.org",
        "me@",
        "me@elsewhere",
        "Tide Notes",
        "me@example.org, you@example.org",
        "Tide, Notes <me@example.org>",
        "Tide: Notes <me@example.org>",
        "Tide <me@example.org> Notes",
        "me@example.org\nBcc: victim@example.org",
        "Tide\r\nBcc: victim@example.org\r\n <me@example.org>",
        "Tide\x00 <me@example.org>",
    ],
)
def test_a_sender_that_is_no_address_is_refused(monkeypatch, value):
    monkeypatch.setattr(env, "text", lambda name: value)  # an environment cannot hold \0
    refused(env.sender, "http://blog")


@pytest.mark.parametrize("name", ["EMAIL_URL", "EMAIL_FROM"])
def test_a_wrong_value_stops_every_command_with_one_line(tmp_path, name):
    assert only_line(manage(tmp_path, "prepare", **{name: "nonsense"})).startswith(f"marginalia: {name}")


def test_what_is_given_reaches_django(tmp_path):
    given = {"EMAIL_URL": "smtps://me:secret@mail.example.org", "EMAIL_FROM": "Tides <me@example.org>"}
    code = (
        "from django.core.mail import get_connection; from django.conf import settings as s; c = get_connection(); "
        "print(c.host, c.port, c.username, c.password, c.use_ssl, c.use_tls, c.timeout, s.DEFAULT_FROM_EMAIL)"
    )
    done = manage(tmp_path, "shell", "--no-imports", "-c", code, **given)
    assert done.stdout.strip() == "mail.example.org 465 me secret True False 20 Tides <me@example.org>", done.stderr
