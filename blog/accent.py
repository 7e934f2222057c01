"""The site's own accent, as a style sheet: the content policy takes no styles from the page itself.

Its address says its content, so that browsers may keep it for good, and a change shows with the next page.
"""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog import colour
from blog.looks import look_of
from blog.models import SiteSettings


def sheet(site: SiteSettings) -> str:
    """Empty where the site has its look's."""
    if not (site.accent or site.accent_dark):
        return ""
    light = site.accent or look_of(site).accent[0]
    dark = site.accent_dark or colour.for_dark(light)
    return f":root {{ --rubric: light-dark({light}, {dark}) }}\n"


def address_of(site: SiteSettings) -> str:
    css = sheet(site)
    return reverse("colours", args=[_digest(css)]) if css else ""


@require_safe
def colours(request: HttpRequest, digest: str) -> HttpResponse:
    """The sheet; from an address that it had, such as that of a page which is a moment old, to its present one."""
    css = sheet(request.site)
    if not css:
        raise Http404
    if digest != _digest(css):
        return HttpResponseRedirect(address_of(request.site), headers={"Cache-Control": "no-cache"})
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _digest(css: str) -> str:
    return hashlib.sha256(css.encode()).hexdigest()[:12]
