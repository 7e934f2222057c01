"""Blogger's own addresses, each sent on to what answers it here. Old permalinks are OldPath rows (blog.middleware)."""

from collections.abc import Callable
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import path, re_path, reverse
from django.views.decorators.http import require_safe

from blog.models import Label, Post


class MobileParameterMiddleware:
    """Blogger gave telephones other pages under ?m=1: here one address serves all, so the parameter is dropped."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or request.GET.getlist("m") not in (["0"], ["1"]):
            return self.get_response(request)
        others = request.GET.copy()
        del others["m"]
        # Escaped, and with one slash: an address that begins with two would lead to another site.
        where = "/" + request.get_full_path().partition("?")[0].lstrip("/")
        return HttpResponsePermanentRedirect(f"{where}?{others.urlencode()}" if others else where)


@require_safe
def label(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponsePermanentRedirect(_named(name).get_absolute_url())


@require_safe
def posts_feed(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(reverse("feed_rss" if _wants_rss(request) else "feed_atom"))


@require_safe
def label_feed(request: HttpRequest, name: str) -> HttpResponse:
    found = _named(name.rstrip("/"))
    return HttpResponsePermanentRedirect(
        reverse("label_rss" if _wants_rss(request) else "label_atom", args=[found.slug])
    )


@require_safe
def month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    return HttpResponsePermanentRedirect(reverse("month", args=[int(year), int(month)]))


def _wants_rss(request: HttpRequest) -> bool:
    return request.GET.get("alt", "").lower() == "rss"


def _named(name: str) -> Label:
    """The label that Blogger's address names; the exact one where two differ only in their capitals."""
    found = Post.objects.labels().filter(name__iexact=name).order_by("pk")
    exact = [label for label in found if label.name == name] or list(found) or _once_named(name)
    if not exact:
        raise Http404
    return exact[0]


def _once_named(name: str) -> list[Label]:
    """The label that has another name by now, or has become part of another: found by the address that this name gave
    it."""
    labels, before = Post.objects.labels(), Label(slug=Label().slugify(name))
    led = labels.filter(old_paths__path=unquote(before.get_absolute_url()))
    return list(labels.filter(slug=before.slug)[:1]) or list(led[:1])


urlpatterns = [
    # A label may hold a slash: Blogger wrote it as %2F, which arrives here as the sign itself.
    path("search/label/<path:name>", label),
    re_path(r"^feeds/posts/(?:default|full|summary)/?$", posts_feed),
    re_path(r"^feeds/posts/(?:default|full|summary)/-/(?P<name>.+)$", label_feed),
    re_path(r"^(?P<year>[0-9]{4})_(?P<month>0[1-9]|1[0-2])(?:_[0-9]{2})?_archive\.html$", month),
]
