from django.core import checks

from config.checks import any_host, https_site, mail_server

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def test_nothing_to_say_in_production(settings):
    settings.HTTPS, settings.ALLOWED_HOSTS = True, ["blog.example.org"]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST_PASSWORD = SMTP, "secret"
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = True, False
    assert https_site(None) == any_host(None) == mail_server(None) == []


def test_it_warns_of_a_site_without_https(settings):
    settings.HTTPS = False
    (found,) = https_site(None)
    assert (found.id, found.level) == ("marginalia.W001", checks.WARNING)


def test_it_refuses_any_host(settings):
    settings.ALLOWED_HOSTS = ["blog.example.org", "*"]
    (found,) = any_host(None)
    assert (found.id, found.level) == ("marginalia.E001", checks.ERROR)


def test_it_tells_of_mails_that_are_only_printed(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    (found,) = mail_server(None)
    assert (found.id, found.level) == ("marginalia.I001", checks.INFO)


def test_it_warns_of_a_mail_servers_password_in_the_open(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST_PASSWORD = SMTP, "secret"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    (found,) = mail_server(None)
    assert (found.id, found.level) == ("marginalia.W002", checks.WARNING)
    settings.EMAIL_HOST_PASSWORD = ""
    assert mail_server(None) == []
