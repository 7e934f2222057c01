import os
from collections.abc import Iterator

from django.conf import settings
from django.core import checks
from django.http.request import validate_host

from config.doctor.finding import Finding, ok, problem, warning
from config.env import host_of

HERE = ("localhost", "127.0.0.1", "[::1]")
FEW_SIGNS = 10  # a made-up password of words has more
SHORT = 50  # Django's own measure
# What the system checks say of these is said here, or under "mail", in our own words.
SAID_HERE = {"security.W009", "security.W018", "marginalia.I001"}
# What follows from a SITE_URL without https, which marginalia.W001 says.
BY_HTTP = {"security.W004", "security.W008", "security.W012", "security.W016"}


def look() -> Iterator[Finding]:
    yield secret_key()
    yield debug()
    yield allowed_hosts()
    yield trusted_proxies()
    yield from system_checks()


def secret_key() -> Finding:
    key = settings.SECRET_KEY
    is_given = bool(os.environ.get("SECRET_KEY", "").strip())
    place = "given by the environment" if is_given else f"kept in {settings.DATA_DIR / 'secret_key'}"
    if len(set(key)) < FEW_SIGNS or key.startswith("django-insecure-"):
        todo = "Use one made by: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        return problem(f"SECRET_KEY can be guessed ({place}).", todo)
    if len(key) < SHORT:
        return warning(f"SECRET_KEY has {len(key)} characters ({place}).", f"Use {SHORT} or more when you change it.")
    return ok(f"SECRET_KEY is {place}.")


def debug() -> Finding:
    if not settings.DEBUG:
        return ok("DEBUG is off.")
    if host_of(settings.SITE_URL) in HERE:
        return warning("DEBUG is on: error pages show the code and its data.", "Unset DEBUG before others may read.")
    return problem("DEBUG is on: error pages show readers the code and its data.", "Unset DEBUG and restart the site.")


def allowed_hosts() -> Finding:
    host = host_of(settings.SITE_URL)
    if validate_host(host, settings.ALLOWED_HOSTS):
        return ok(f"SITE_URL is {settings.SITE_URL}, and ALLOWED_HOSTS lets it in.")
    return problem(
        f"The site refuses its own address: ALLOWED_HOSTS has no {host}.",
        f"Add {host} to ALLOWED_HOSTS, or unset it: then it follows SITE_URL ({settings.SITE_URL}).",
    )


def trusted_proxies() -> Finding:
    proxies = settings.TRUSTED_PROXIES
    if open_to_all := [str(network) for network in proxies if network.prefixlen == 0]:
        return problem(
            f"TRUSTED_PROXIES has {open_to_all[0]}: everybody may say from which address they come.",
            "Name your own proxies alone, such as 127.0.0.1.",
        )
    if settings.HTTPS and not proxies:
        return problem(
            "SITE_URL is https and TRUSTED_PROXIES is empty: every page would be sent to https for ever.",
            "Set TRUSTED_PROXIES to the address that your proxy comes from, such as 127.0.0.1.",
        )
    if not proxies:
        return ok("TRUSTED_PROXIES is empty: readers come straight to the site.")
    return ok(f"TRUSTED_PROXIES is {', '.join(str(network) for network in proxies)}.")


def system_checks() -> Iterator[Finding]:
    """What `manage.py check --deploy` says."""
    said = SAID_HERE if settings.HTTPS else SAID_HERE | BY_HTTP
    found = [
        message
        for message in sorted(checks.run_checks(include_deployment_checks=True), key=lambda message: str(message.id))
        if not message.is_silenced() and message.id not in said
    ]
    for message in found:
        words = f"{message.msg} ({message.id})"
        say = problem if message.level >= checks.ERROR else warning
        yield say(words, message.hint or "See `manage.py check --deploy`.")
    if not found:
        yield ok("manage.py check --deploy finds nothing more.")
