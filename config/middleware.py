import re
from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from comments.addresses import is_trusted_proxy

SESSION_KEY = re.compile(r"[a-z0-9]{1,40}")


class RequestMiddleware:
    """First of all: drops what a client may not say, and adds the headers that Django and django-csp do not set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_trusted_proxy(request.META.get("REMOTE_ADDR", "")):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        # PostgreSQL refuses to look up some of what a cookie may hold.
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES and not SESSION_KEY.fullmatch(request.COOKIES[name]):
            del request.COOKIES[name]
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
        )
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """The admin's pages may run scripts that carry this response's nonce; readers' pages only files."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/admin/"):
            parts.update = settings.ADMIN_CONTENT_POLICY | (parts.update or {})
        return parts
