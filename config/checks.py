"""Combinations of settings that are unsafe in production, as system checks with ids."""

from django.conf import settings
from django.core import checks
from django.db import connection


@checks.register(checks.Tags.security, deploy=True)
def https_site(app_configs, **kwargs) -> list[checks.CheckMessage]:
    if settings.HTTPS:
        return []
    return [
        checks.Warning(
            f"SITE_URL is {settings.SITE_URL}: passwords and cookies would travel in the open.",
            hint="Set SITE_URL to the site's https:// address.",
            id="marginalia.W001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def any_host(app_configs, **kwargs) -> list[checks.CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        checks.Error(
            "ALLOWED_HOSTS has '*': links in mails and feeds could be made to point to another site.",
            hint="Name the hosts this site answers to.",
            id="marginalia.E001",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def mail_server(app_configs, **kwargs) -> list[checks.CheckMessage]:
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return [
            checks.Info(
                "EMAIL_URL is not set: mails are only printed where the site runs.",
                hint="Set it to the address of a mail server, such as smtp+starttls://user:password@host:587.",
                id="marginalia.I001",
            )
        ]
    if settings.EMAIL_HOST_PASSWORD and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        return [
            checks.Warning(
                "EMAIL_URL is smtp:// and has a password, which would travel in the open.",
                hint="Use smtp+starttls:// or smtps://.",
                id="marginalia.W002",
            )
        ]
    return []


@checks.register(checks.Tags.security, deploy=True)
def ready_pages_on_one_machine(app_configs, **kwargs) -> list[checks.CheckMessage]:
    host = connection.settings_dict["HOST"]
    if not settings.READY_PAGES_DIR or host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/"):
        return []
    return [
        checks.Info(
            "READY_PAGES_DIR is set and the database is on another machine.",
            hint="Right if this machine alone serves the site: a second one's changes would leave old pages here.",
            id="marginalia.I002",
        )
    ]
