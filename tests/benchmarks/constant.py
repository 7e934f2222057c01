"""The yardstick: a bare WSGI function that answers the same bytes every time, under the same gunicorn."""

import os

BODY = b"x" * int(os.environ.get("CONSTANT_BYTES", "45000"))
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
