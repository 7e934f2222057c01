from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from blog.models import Page


def site(request: HttpRequest) -> dict:
    """The site's settings, its address, and the pages in its menu, for every template."""
    return {
        "site": getattr(request, "site", None),
        "site_url": settings.SITE_URL,
        "menu": SimpleLazyObject(
            lambda: list(Page.objects.published().only("title", "slug", "kind").order_by("pk")[:8])
        ),
    }
