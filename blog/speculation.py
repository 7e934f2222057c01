"""Which pages a browser may fetch while a reader moves to a link, so that they are there when it is pressed.

Pages for everybody alone, by their addresses: nothing that is somebody’s, nothing with a query, nothing that a link
says not to follow. A page that is fetched so runs no script, so it counts as no reading.
"""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from blog.shared import shared
from blog.versions import SITE

PAGES = ["/", "/archive/", "/19*", "/20*", "/label/*", "/author/*", "/series/*", "/p/*"]
OTHERS = ["/*\\?:query", "/*/comment/*", "/*/follow/*", "/*.atom", "/*.rss", "/*.json"]
RULES = {
    "prefetch": [
        {
            "where": {
                "and": [
                    {"href_matches": PAGES},
                    {"not": {"href_matches": OTHERS}},
                    {"not": {"selector_matches": "[rel~=nofollow], [download]"}},
                ]
            },
            "eagerness": "moderate",
        }
    ]
}


@require_safe
@shared()
def rules(request: HttpRequest) -> HttpResponse:
    """For browsers; the header that leads here is set by config/middleware.py."""
    request.shown.add(SITE)
    return HttpResponse(json.dumps(RULES), content_type="application/speculationrules+json")
