from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseGone, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone, translation

from blog import missing
from blog.likely import likely
from blog.models import OldPath, Post, SiteSettings

Handler = Callable[[HttpRequest], HttpResponse]
FEEDS = ("feed.atom", "feed.rss")


class SiteMiddleware:
    """Loads the site's settings once a request, as request.site, and shows its language and time zone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404  # PostgreSQL refuses to compare with such a text
        request.site = SiteSettings.load()
        # The desk's own words are not translated yet: whole in English, it reads better than half in another language.
        is_desk = request.path_info.startswith("/admin/") and not request.path_info.startswith("/admin/preview/")
        language = settings.LANGUAGE_CODE if is_desk else request.site.language
        with translation.override(language), timezone.override(request.site.zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class OldPathMiddleware:
    """Sends readers of an old address to where it leads now, and counts those that lead nowhere (blog/missing.py);
    looks only where a 404 would be."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        old, feed = _old_path(request.path[:1000])
        if old is None:
            missing.count(request)
            return _with_likely(request, response)
        old = _followed(old)
        if not (old.post_id or old.label_id or old.address):
            return HttpResponseGone(render(request, "410.html").content)
        present = _present(old)
        return HttpResponsePermanentRedirect(present + feed) if present else response


def _with_likely(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer, with the posts that may have been meant, if there are such."""
    if posts := likely(request):
        response.content = render(request, "404.html", {"likely": posts}).content
    return response


def _old_path(path: str) -> tuple[OldPath | None, str]:
    """What is known of this address, and what stands after it: a label's feeds have moved with the label."""
    feed = next((name for name in FEEDS if path.endswith(f"/{name}")), "")
    paths = [path, path.removesuffix(feed)] if feed else [path]
    found = {old.path: old for old in OldPath.objects.select_related("post", "label").filter(path__in=paths)}
    if path in found:
        return found[path], ""
    old = found.get(paths[-1])
    return (old, feed) if old and old.label_id else (None, "")


def _followed(old: OldPath) -> OldPath:
    """What was decided for the post's own address, for as long as it is in the bin, is good for its old ones too."""
    if old.post is None or old.post.status != Post.Status.BINNED:
        return old
    own = OldPath.objects.select_related("post").filter(path=unquote(old.post.get_absolute_url()))
    return own.first() or old


def _present(old: OldPath) -> str:
    """Where it leads, for readers; empty if that is nothing they may see."""
    if old.label_id:
        return old.label.get_absolute_url() if Post.objects.labels().filter(pk=old.label_id).exists() else ""
    if old.post_id:
        return old.post.get_absolute_url() if old.post.is_public() else ""
    return old.address
