"""How often posts are read, counted here and without a cookie.

A post's page may come from memory, from a file or from a CDN, so that its making says nothing of its readers.
static/js/read.js tells once that somebody has had the page before their eyes for a while. What is kept are sums
(blog/models/reads.py): no address, no browser, no time of day. Who asks not to be followed is not counted either.
"""

import re
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from blog.models import MonthReads, Post, PostReads, Referrer, SiteReads
from blog.origin import is_foreign
from blog.pace import Pace
from blog.totals import upsert

pace = Pace(10)  # reads a second that are counted: more are a program's, or too many to be told apart from one's
MOST_HOSTS = 50  # of one post in one month
LONGEST_HOST = 100
KEPT_FOR = timedelta(days=400)
FORGOTTEN_AT_ONCE = 500

# Programs that say what they are. One that does not, and runs scripts for five seconds, counts as a reader. Cubot makes
# telephones.
BOT = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|preview|headless|lighthouse|monitor|externalhit"
    r"|curl|wget|python|java/|go-http|okhttp|axios|http-?client",
    re.IGNORECASE,
)
# As browsers write it in an address, with a dot: the name of a machine at home says nothing to anybody else.
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


@csrf_exempt
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts one read. The answer is the same whether it did, and says nothing of which posts there are."""
    if may_count(request) and pace.allows():
        host = host_of(request.read(LONGEST_HOST + 1), request.get_host())
        count(pk, timezone.localdate(timezone=request.site.zone), host)
    return HttpResponse(status=204)


def may_count(request: HttpRequest) -> bool:
    """Whether this is a reader, and one who does not mind. Who is signed in mostly looks at their own work."""
    said, agent = request.headers, request.headers.get("User-Agent", "")
    minds = said.get("Sec-GPC") == "1" or said.get("DNT") == "1"
    is_reader = agent != "" and not BOT.search(agent)
    return is_reader and not minds and settings.SESSION_COOKIE_NAME not in request.COOKIES and not is_foreign(request)


def host_of(sent: bytes, own: str) -> str:
    """The other site that a reader came from, as it is counted; empty if there was none, or what was sent is none."""
    host = _bare(sent.decode("latin-1"))
    if len(host) > LONGEST_HOST or host == _bare(own.partition(":")[0]) or not HOST.fullmatch(host):
        return ""
    return host


def _bare(host: str) -> str:
    return host.strip().lower().rstrip(".").removeprefix("www.")


@transaction.atomic
def count(pk: int, day: date, host: str = "") -> None:
    """Adds one read, if readers may see the post now.

    The post's row is held first, as who deletes it does; the day of the whole site, for which all wait, comes last. So
    those who count wait for one another and never for ever, and of one post each sees the hosts that are there.
    """
    post = Post.objects.public().filter(pk=pk).select_for_update(no_key=True)
    if not post.values_list("pk", flat=True):
        return
    month = day.replace(day=1)
    _add(PostReads, {"post_id": pk, "day": day})
    _add(MonthReads, {"post_id": pk, "month": month})
    if host:
        known = set(Referrer.objects.filter(post=pk, month=month).exclude(host="").values_list("host", flat=True))
        host = host if host in known or len(known) < MOST_HOSTS else ""
        _add(Referrer, {"post_id": pk, "month": month, "host": host})
    _add(SiteReads, {"day": day})


def _add(model: type, key: dict) -> None:
    upsert(connection, model._meta.db_table, list(key), [(*key.values(), 1)])


def forget(now: datetime) -> None:
    """Drops the days of posts that are long gone by; their months stay.

    Rows are made on their own day, so the oldest come first by their numbers, and no index of days is needed.
    """
    oldest = PostReads.objects.order_by("pk").values("pk")[:FORGOTTEN_AT_ONCE]
    past = PostReads.objects.filter(pk__in=oldest, day__lt=(now - KEPT_FOR).date())
    with transaction.atomic():
        # Past those that go with their post at this moment: two who delete the same rows might wait for each other.
        some = list(past.select_for_update(skip_locked=True).values_list("pk", flat=True))
        PostReads.objects.filter(pk__in=some).delete()
