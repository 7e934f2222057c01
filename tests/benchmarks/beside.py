"""As ROOT_URLCONF: the whole site, and beside it views that answer from a constant."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

ANSWERS: dict[str, tuple[bytes, str]] = {}  # name: body, type


def constant(request: HttpRequest, name: str) -> HttpResponse:
    body, content_type = ANSWERS[name]
    return HttpResponse(body, content_type=content_type)


urlpatterns = [path("constant/<path:name>", constant), path("", include("config.urls"))]
