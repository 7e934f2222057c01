"""Where a form was sent from, as the browser says: the check that needs no cookie."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def is_foreign(request: HttpRequest) -> bool:
    """Whether a browser says that another site made it send this. Without either header it is let through."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    if not origin:
        return False
    try:
        return origin != settings.SITE_URL and urlsplit(origin).netloc != request.get_host()
    except ValueError:
        return True
