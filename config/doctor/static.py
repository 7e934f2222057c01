from collections.abc import Iterator

from django.conf import settings

from config.doctor.finding import Finding, ok, problem, warning
from config.management.commands.prepare import static_digest

PREPARE = "Run: manage.py prepare, and restart the site."


def look() -> Iterator[Finding]:
    if settings.DEBUG:
        yield ok("DEBUG is on: static files are served from where they are.")
        return
    stamp = settings.DATA_DIR / "static.digest"
    if not (settings.STATIC_ROOT / "staticfiles.json").is_file():
        yield problem(f"Static files are not collected in {settings.STATIC_ROOT}: pages have no look.", PREPARE)
    elif not stamp.is_file() or stamp.read_text() != static_digest():
        yield warning("Static files have changed since they were collected.", PREPARE)
    else:
        yield ok(f"Static files are collected in {settings.STATIC_ROOT}.")
