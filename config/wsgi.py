import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()

from config import outage  # noqa: E402  Django must be set up
from config.bounds import Bounds  # noqa: E402
from config.health import Health  # noqa: E402
from config.maintenance import Maintenance  # noqa: E402
from config.metrics.front import Metrics  # noqa: E402
from config.pagecache import PageCache  # noqa: E402

CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)


def in_utf8(environ, start_response):
    # Django decodes forms and queries with any codec that the client names, and Python has some that fail or make
    # text that nothing can store. All browsers send UTF-8 to a page in UTF-8.
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = CHARSET.sub("", environ["CONTENT_TYPE"])
    return django_application(environ, start_response)


cached = PageCache(in_utf8)
application = Health(Metrics(Bounds(Maintenance(cached))))
for name in ("413.html", "414.html", "500.html", "503.html"):
    outage.page(name)  # while it can be read
