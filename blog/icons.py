"""The site as a small picture: made of its logo, or ours in static/icons/ where it has none.

The address of a made one says its content, so that browsers may keep it for good, and a new logo shows with the next
page.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog import images
from blog.context import Logo, logo
from blog.models import Image
from blog.shared import for_everywhere

PAPER = "#ffffff"  # behind a logo where a system would put black behind what is clear
DIGEST = re.compile(r"/([0-9a-f]{12})[0-9a-f]{20}\.[a-z]+$")


class Kind(NamedTuple):
    side: int
    share: float  # of the side that the logo may fill: a system cuts a circle out of what is maskable
    paper: str | None


KINDS = {
    "180": Kind(180, 0.86, PAPER),  # for telephones that know no manifest
    "192": Kind(192, 1, None),
    "512": Kind(512, 1, None),
    "maskable-512": Kind(512, 0.56, PAPER),  # the square within the circle that is always shown
}


def address(of: Logo | None, name: str) -> str:
    """Where the icon of this name (one of KINDS) lies."""
    digest = DIGEST.search(of.whole) if of else None
    return reverse("icon", args=[digest[1], name]) if digest else static(f"icons/{name}.png")


@for_everywhere
@require_safe
def icon(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """The icon made of the logo; from an address that it had before, to its present one."""
    if name not in KINDS:
        raise Http404
    there = address(logo(request.site), name)
    if there != request.path:
        return HttpResponseRedirect(there, headers={"Cache-Control": "no-cache"})
    try:
        content = _made(request.site.logo_id, digest, name)
    except (OSError, images.ImageRefused):  # the logo's file is lost or broken, or its disk away
        return HttpResponseRedirect(static(f"icons/{name}.png"), headers={"Cache-Control": "no-cache"})
    response = HttpResponse(content, content_type="image/png")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@lru_cache(maxsize=8)
def _made(logo_pk: int, digest: str, name: str) -> bytes:
    file = Image.objects.values_list("file", flat=True).get(pk=logo_pk)
    with default_storage.open(file) as opened:
        return images.icon(opened, *KINDS[name])
