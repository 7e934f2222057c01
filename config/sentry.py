"""Errors for Sentry, where SENTRY_DSN asks for it: what went wrong and where in the code, and nothing of who asked.

An event is built anew of what may be in it, rather than cleaned of what may not: what a later version of sentry-sdk
adds stays at home.
"""

from django.conf import settings

from config import env, requestid
from config.logs import clean

KEPT = ("event_id", "timestamp", "level", "logger", "platform", "release", "sdk", "modules")
KEPT_OF_FRAME = ("filename", "abs_path", "function", "module", "lineno", "pre_context", "context_line", "post_context")
KEPT_OF_FRAME += ("in_app",)
KEPT_CONTEXTS = ("runtime", "trace")


def start() -> None:
    if not settings.SENTRY_DSN:
        return
    try:
        import sentry_sdk  # here: it is no part of the installation unless asked for
    except ImportError:
        raise env.stop(
            "SENTRY_DSN is set, and sentry-sdk is not installed: python3 -I config/install.py requirements-sentry.txt"
        ) from None
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        before_send=without_persons,
    )


def without_persons(event: dict, hint: dict) -> dict:
    kept = {name: event[name] for name in KEPT if name in event}
    kept["contexts"] = {name: said for name, said in event.get("contexts", {}).items() if name in KEPT_CONTEXTS}
    if name := requestid.current.get():
        kept["tags"] = {"request_id": name}
    if view := event.get("transaction"):
        kept["transaction"] = clean(view)
    if entry := event.get("logentry"):
        kept["logentry"] = {"message": clean(str(entry.get("formatted") or entry.get("message") or ""))}
    if raised := event.get("exception"):
        kept["exception"] = {"values": [_exception(each) for each in raised.get("values", [])]}
    return kept


def _exception(raised: dict) -> dict:
    frames = (raised.get("stacktrace") or {}).get("frames", [])
    return {
        "type": raised.get("type"),
        "module": raised.get("module"),
        "value": clean(str(raised.get("value") or "")),
        "mechanism": {name: raised["mechanism"][name] for name in ("type", "handled")}
        if "mechanism" in raised
        else None,
        "stacktrace": {"frames": [{name: frame.get(name) for name in KEPT_OF_FRAME} for frame in frames]},
    }
