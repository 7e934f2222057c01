import logging
import re
import time
from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from comments.addresses import is_trusted_proxy
from config import headers, requestid
from config.metrics import counters

logger = logging.getLogger("marginalia.requests")

SESSION_KEY = re.compile(r"[a-z0-9]{1,40}")


class WatchedMiddleware:
    """First of all: gives each request a name for the logs, counts it and says how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        is_by_proxy = is_trusted_proxy(request.META.get("REMOTE_ADDR", ""))
        name = requestid.of_proxy(request.headers.get("X-Request-ID", "") if is_by_proxy else "")
        request.name_in_log = name
        with requestid.called(name):
            response = self.get_response(request)
            seconds = time.monotonic() - began
            view = request.resolver_match.view_name if request.resolver_match else ""
            counters.answered(view, request.method, response.status_code, seconds)
            _say(request.method, view or counters.NO_VIEW, response.status_code, seconds)
        if not hasattr(response, "shown"):  # a page for everybody is sent to others, too
            response.headers["X-Request-ID"] = name
        return response


def _say(method: str, view: str, status: int, seconds: float) -> None:
    method = method if method in counters.METHODS else "other"
    said = {"method": method, "route": view, "status": status, "ms": round(seconds * 1000, 1)}
    logger.info("%s %s: %s in %s ms", *said.values(), extra={"of_request": said})


class RequestMiddleware:
    """Drops what a client may not say, and adds the headers that Django and django-csp do not set."""

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
        for header, value in headers.EVERYWHERE.items():
            response.headers.setdefault(header, value)
        if hasattr(response, "shown") and response["Content-Type"].startswith("text/html"):  # a page for everybody
            response.headers["Speculation-Rules"] = '"/speculation.json"'
        return response


class ContentPolicyMiddleware(CSPMiddleware):
    """The admin's pages may run scripts that carry this response's nonce; readers' pages only files."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/"):
            parts.update = settings.ADMIN_CONTENT_POLICY | (parts.update or {})
        return parts
