"""What browsers and search engines read of the site as a whole, beside its pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog import icons, looks
from blog.context import logo
from blog.direction import direction
from blog.models import SiteSettings
from blog.shared import shared
from blog.versions import SITE

SHORT = 12  # letters of a name under an icon


@require_safe
@shared()
def manifest(request: HttpRequest) -> HttpResponse:
    """How the site is put on a home screen: https://www.w3.org/TR/appmanifest/"""
    request.shown.add(SITE)
    site = request.site
    mark, paper = logo(site), looks.look_of(site).paper[site.scheme == SiteSettings.Scheme.DARK]
    said = {
        "name": site.title,
        "short_name": _short(site.title),
        "description": site.tagline,
        "lang": site.language,
        "dir": direction(site.language),
        "id": reverse("home"),
        "start_url": reverse("home"),
        "scope": reverse("home"),
        "display": "minimal-ui",  # readers need to go back
        "theme_color": paper,
        "background_color": paper,
        "icons": [
            {
                "src": icons.address(mark, name),
                "sizes": f"{kind.side}x{kind.side}",
                "type": "image/png",
                "purpose": "maskable" if "maskable" in name else "any",
            }
            for name, kind in icons.KINDS.items()
        ],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@require_safe
@shared()
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser asks this site's search: https://github.com/dewitt/opensearch"""
    request.shown.add(SITE)
    site = request.site
    values = {
        "short_name": site.title[:16],  # at most so many letters
        "description": (site.tagline or site.title)[:1024],
        "long_name": site.title[:48],
        "language": site.language,
        "icon": f"{settings.SITE_URL}{icons.address(logo(site), '192')}",
    }
    return render(request, "opensearch.xml", values, content_type="application/opensearchdescription+xml")


def _short(title: str) -> str:
    """The first words that fit under an icon; the first letters where a word does not."""
    words = title[: SHORT + 1].rsplit(" ", 1)[0] if len(title) > SHORT else title
    return words[:SHORT]
