from collections.abc import Callable
from ipaddress import ip_address

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class SecurityHeadersMiddleware:
    """Headers that Django and django-csp do not set, and none of a proxy's from who is no trusted proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_X_FORWARDED_PROTO" in request.META and not self._is_from_proxy(request):
            del request.META["HTTP_X_FORWARDED_PROTO"]
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
        )
        return response

    def _is_from_proxy(self, request: HttpRequest) -> bool:
        try:
            address = ip_address(request.META.get("REMOTE_ADDR", ""))
        except ValueError:
            return False
        return any(address in network for network in settings.TRUSTED_PROXIES)


class ContentPolicyMiddleware(CSPMiddleware):
    """The admin's pages may run scripts that carry this response's nonce; readers' pages only files."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/admin/"):
            parts.update = settings.ADMIN_CONTENT_POLICY | (parts.update or {})
        return parts
