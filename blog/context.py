from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from blog.models import Page
from blog.prepared import Given, Prepared

MENU = Prepared(lambda: Page.objects.published(Given("now")).only("title", "slug", "kind").order_by("pk")[:8])


def site(request: HttpRequest) -> dict:
    """The site's settings, its address, and the pages in its menu, for every template."""
    return {
        "site": getattr(request, "site", None),
        "site_url": settings.SITE_URL,
        "menu": SimpleLazyObject(lambda: MENU(now=timezone.now())),
    }
