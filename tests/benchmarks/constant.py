"""The yardstick: a bare WSGI function that answers the same bytes every time, under the same gunicorn.

/304 is answered so, /12345 with so many bytes, anything else with CONSTANT_BYTES.
"""

import os
from functools import cache

USUAL = int(os.environ.get("CONSTANT_BYTES", "45000"))


@cache
def answer(path: str) -> tuple[str, list[tuple[str, str]], list[bytes]]:
    if path == "/304":
        return "304 Not Modified", [("ETag", '"constant"')], []
    body = b"x" * int(path[1:] if path[1:].isdigit() else USUAL)
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    return "200 OK", headers, [body]


def application(environ, start_response):
    status, headers, body = answer(environ["PATH_INFO"])
    start_response(status, headers)
    return body
