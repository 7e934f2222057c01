"""A site in a process of its own that fails: python -m tests.config.sentry_probe, with SENTRY_DSN.

What a person types comes by the environment: it must not stand in this code, which is sent with an error.
"""

import logging
import os
import sys
from io import BytesIO

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django

django.setup()

import sentry_sdk  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import IntegrityError  # noqa: E402

from blog.models import SiteSettings  # noqa: E402

EMAIL, NETWORK, NAME, TEXT, KEY, COOKIE = os.environ["TYPED"].split(",")


def fail(*args, **kwargs):
    secret = TEXT  # noqa: F841  of which Sentry would send the value
    raise IntegrityError(f"of {EMAIL} at {NETWORK}\nDETAIL:  Key (name)=({NAME}) already exists.")


SiteSettings.load = fail
body = f"text={TEXT}&email={EMAIL}".encode()
environ = {
    "REQUEST_METHOD": "POST",
    "PATH_INFO": f"/comment/status/{KEY}/",
    "QUERY_STRING": f"q={TEXT}",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_COOKIE": f"sessionid={COOKIE}; name={NAME}",
    "HTTP_USER_AGENT": NAME,
    "HTTP_X_FORWARDED_FOR": NETWORK,
    "REMOTE_ADDR": NETWORK,
    "CONTENT_TYPE": "application/x-www-form-urlencoded",
    "CONTENT_LENGTH": str(len(body)),
    "wsgi.url_scheme": "http",
    "wsgi.input": BytesIO(body),
    "wsgi.errors": sys.stderr,
}
WSGIHandler()(environ, lambda status, headers: print(status))
logging.getLogger("a").error("The mail to %s from %s failed", EMAIL, NETWORK)
sentry_sdk.flush(10)
