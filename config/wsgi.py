import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()

from config.pagecache import PageCache  # noqa: E402  Django must be set up

CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)


def in_utf8(environ, start_response):
    # Django decodes forms and queries with any codec that the client names, and Python has some that fail or make
    # text that nothing can store. All browsers send UTF-8 to a page in UTF-8.
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = CHARSET.sub("", environ["CONTENT_TYPE"])
    return django_application(environ, start_response)


application = PageCache(in_utf8)
