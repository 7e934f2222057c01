"""A WSGI application that says what arrived, for the tests of the server itself."""

import json
import os
import tempfile
import time

from config.head import Head

KNOWN = b"known " * 1_000_000
HEADS = {
    "/known-head": Head([("Content-Type", "text/plain"), ("Content-Length", str(len(KNOWN))), ("X-Known", "\xe9 ")]),
    "/known-304": Head([("ETag", '"known"')]),
    "/split-head": Head([("Content-Length", str(len(KNOWN))), ("X-Split", "one\r\nX-Two: two")]),
}


def application(environ, start_response):
    if head := HEADS.get(environ["PATH_INFO"]):
        start_response("304 Not Modified" if "304" in environ["PATH_INFO"] else "200 OK", head)
        return [] if "304" in environ["PATH_INFO"] else [KNOWN]
    body = b"" if environ["PATH_INFO"] == "/ignores-body" else environ["wsgi.input"].read()
    if environ["PATH_INFO"] == "/file":
        start_response("200 OK", [("Content-Length", str(len(KNOWN)))])
        file = tempfile.TemporaryFile()  # noqa: SIM115  the server closes it
        file.write(KNOWN)
        file.seek(0)
        return environ["wsgi.file_wrapper"](file)
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.3)
    answer = json.dumps(
        {"method": environ["REQUEST_METHOD"], "path": environ["PATH_INFO"], "body": len(body), "pid": os.getpid()}
    ).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return breaking(answer) if environ["PATH_INFO"] == "/breaks" else [answer]


def breaking(answer):
    yield answer[:5]
    raise RuntimeError("in the middle of an answer")
