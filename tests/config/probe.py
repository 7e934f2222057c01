"""A WSGI application that says what arrived, for the tests of the server itself."""

import json
import os
import time


def application(environ, start_response):
    body = b"" if environ["PATH_INFO"] == "/ignores-body" else environ["wsgi.input"].read()
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
