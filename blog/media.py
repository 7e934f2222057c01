"""Serves what people uploaded. Only what blog/images wrote has such a name, and nothing of it can run as a page."""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from blog.shared import for_everywhere

# The name says the content, so it may be kept for good.
NAME = re.compile(r"images/([0-9a-f]{2})/(\1[0-9a-f]{30})\.(jpg|png|webp|avif)")
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}


class UploadsAway(Exception):
    """The disk with the uploads does not give them out: nothing is wrong with the site itself."""


@for_everywhere
@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    match = NAME.fullmatch(name)
    if not match:
        raise Http404
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        raise Http404 from None
    except OSError as error:
        raise UploadsAway(error.strerror) from error
    response = FileResponse(file, content_type=TYPES[match[3]])
    response["ETag"] = f'"{match[2]}"'
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    answer = get_conditional_response(request, response["ETag"], response=response)
    if answer is not response:
        response.close()
    # Of a 304 too: browsers put its headers in the place of those that they have kept.
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
