"""What pages have in common whose address alone opens them: the commenter's own, mailed links, previews."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog.origin import is_foreign

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """The page is kept by nobody and told to nobody; a form is taken only from this site. GET never changes anything.

    There is no session and so no CSRF token: who knows the address may act, and a page elsewhere does not know it.
    """

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "POST" and is_foreign(request):
            response = dead_end(
                request,
                _("Nothing was changed"),
                _("This was sent from another site. If you meant it, open the link and press the button there."),
                status=403,
            )
        else:
            try:
                response = view(request, *args, **kwargs)
            except Http404 as error:
                response = dead_end(request, _("Not found"), str(error), status=404)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def dead_end(request: HttpRequest, title: str, words: str, status: int = 410, **context) -> HttpResponse:
    """The page for a link that does nothing (any more): says why, and where to go on. `again` is the address of a form
    that mails a new link; `way` and `way_words` lead on; `kept` is what somebody had written."""
    return render(request, "dead_end.html", {"title": title, "words": words, **context}, status=status)


def broken(request: HttpRequest) -> HttpResponse:
    """The link is none of ours, or was changed on the way."""
    return dead_end(
        request,
        _("This link is not whole"),
        _("Perhaps it was broken into two lines on the way. Copy all of it from the mail into the address bar."),
        status=404,
    )
