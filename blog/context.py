from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from blog.models import Page


def site(request: HttpRequest) -> dict:
    """The site's settings and the pages in its menu, for every template."""
    return {
        "site": getattr(request, "site", None),
        "menu": SimpleLazyObject(lambda: list(Page.objects.published().only("title", "slug", "kind")[:8])),
    }
