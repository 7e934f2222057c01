"""The headers that bound what browsers do with an answer. Django's own middlewares and django-csp set the others.

deploy/nginx.conf has them too, for what it answers from the disk.
"""

from django.conf import settings

from comments.addresses import is_trusted_proxy

# Unless an answer says otherwise. Pictures do (blog/media.py, blog/icons.py), and static files (config/static.py):
# other sites may show them, as feed readers do.
EVERYWHERE = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NOTHING_BUT_STYLES = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def before_django(environ: dict) -> dict[str, str]:
    """All of them, for what is answered without Django."""
    secure = {"Strict-Transport-Security": _hsts()} if scheme_of(environ) == "https" and _hsts() else {}
    return (
        secure
        | EVERYWHERE
        | {
            "Content-Security-Policy": NOTHING_BUT_STYLES,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
        }
    )


def scheme_of(environ: dict) -> str:
    """By which scheme the reader asks: what Django's request.scheme would say."""
    said = settings.SECURE_PROXY_SSL_HEADER and environ.get(settings.SECURE_PROXY_SSL_HEADER[0])
    if said and is_trusted_proxy(environ.get("REMOTE_ADDR", "")):
        return said.split(",")[0].strip()
    return environ.get("wsgi.url_scheme", "http")


def _hsts() -> str:
    """As Django's SecurityMiddleware says it."""
    if not settings.SECURE_HSTS_SECONDS:
        return ""
    subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    preload = "; preload" if settings.SECURE_HSTS_PRELOAD else ""
    return f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}{preload}"
