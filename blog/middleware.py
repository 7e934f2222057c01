from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseGone, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone, translation

from blog.models import OldPath, SiteSettings

Handler = Callable[[HttpRequest], HttpResponse]


class SiteMiddleware:
    """Loads the site's settings once a request, as request.site, and shows its language and time zone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise Http404  # PostgreSQL refuses to compare with such a text
        request.site = SiteSettings.load()
        # The desk's own words are not translated yet: whole in English, it reads better than half in another language.
        is_desk = request.path.startswith("/admin/") and not request.path.startswith("/admin/preview/")
        language = settings.LANGUAGE_CODE if is_desk else request.site.language
        with translation.override(language), timezone.override(request.site.zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class OldPathMiddleware:
    """Sends readers of an old address to the post's present one; looks only where a 404 would be."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        old = OldPath.objects.select_related("post").filter(path=request.path[:1000]).first()
        if old is None:
            return response
        if old.post is None:
            return HttpResponseGone(render(request, "410.html").content)
        if not old.post.is_public():
            return response
        return HttpResponsePermanentRedirect(old.post.get_absolute_url())
