"""How the MDN HTTP Observatory (formerly Mozilla's) grades the answer to one request, as far as headers go.

The rules and their points are those of github.com/mdn/mdn-http-observatory, src/grader/charts.js and
src/analyzer/tests/, as read in November 2026: begin with 100, take what is wrong off; from 90 on, add what is better
than asked for; 100 and more is A+. Left out: the preload list and subresource integrity, which no header shows.
"""

import re
from http.cookies import SimpleCookie

BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
HALF_A_YEAR = 15_768_000


def policy_of(header: str) -> dict[str, set[str]]:
    parts = [part.split() for part in header.split(";") if part.strip()]
    return {name.lower(): set(sources) for name, *sources in parts}


def score(headers, *, is_html: bool = True) -> dict[str, int]:
    """Points by test. `headers` is an http.client.HTTPMessage, of an answer by https."""
    policy = policy_of(headers["Content-Security-Policy"] or "")
    return {
        "content-security-policy": _policy(policy),
        "cookies": _cookies(headers),
        "cross-origin-resource-sharing": _sharing(headers),
        "cross-origin-resource-policy": _resource_policy(headers["Cross-Origin-Resource-Policy"]),
        "referrer-policy": _referrer(headers["Referrer-Policy"]),
        "strict-transport-security": _transport(headers["Strict-Transport-Security"]),
        "x-content-type-options": 0 if (headers["X-Content-Type-Options"] or "").lower() == "nosniff" else -5,
        "x-frame-options": _frames(policy, headers["X-Frame-Options"]) if is_html else 0,
    }


def total(points: dict[str, int]) -> int:
    basis = 100 + sum(point for point in points.values() if point < 0)
    return basis + sum(point for point in points.values() if point > 0) if basis >= 90 else basis


def _policy(policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    scripts, styles = policy.get("script-src", default), policy.get("style-src", default)
    objects = policy.get("object-src", default)
    passive = policy.get("img-src", default) | policy.get("media-src", default)
    active = {source for name, sources in policy.items() if name not in ("img-src", "media-src") for source in sources}
    if scripts & (BROAD | INLINE) or objects & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return -20
    if "'unsafe-eval'" in scripts | styles or any(source.startswith(("http:", "ftp:")) for source in passive):
        return -10
    if styles & (BROAD | INLINE):
        return 0
    return 10 if default == {"'none'"} else 5


def _cookies(headers) -> int:
    cookies = [cookie for line in headers.get_all("Set-Cookie", []) for cookie in SimpleCookie(line).values()]
    if not cookies:
        return 0
    if not all(cookie["secure"] for cookie in cookies):
        return -40
    if any("sess" in cookie.key and not cookie["httponly"] for cookie in cookies):
        return -30
    return 5 if all(cookie["samesite"] in ("Lax", "Strict") for cookie in cookies) else -20


def _sharing(headers) -> int:
    return -50 if headers["Access-Control-Allow-Origin"] and headers["Access-Control-Allow-Credentials"] else 0


def _resource_policy(value: str | None) -> int:
    return {None: 0, "cross-origin": 0, "same-origin": 10, "same-site": 10}.get(value, -5)


def _referrer(value: str | None) -> int:
    if value is None:
        return 0
    return 5 if value.split(",")[-1].strip() in PRIVATE else -5


def _transport(value: str | None) -> int:
    found = re.search(r"max-age=(\d+)", value or "")
    if not found:
        return -20
    return 0 if int(found[1]) >= HALF_A_YEAR else -10


def _frames(policy: dict[str, set[str]], value: str | None) -> int:
    if "frame-ancestors" in policy:
        return 5 if not policy["frame-ancestors"] & BROAD else -20
    return 0 if value in ("DENY", "SAMEORIGIN") else -20
