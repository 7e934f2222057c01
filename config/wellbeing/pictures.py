"""What the page shows as charts."""

from collections import Counter
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.admin.charts import bars, columns, days_until, share
from comments.models import Comment
from config.metrics import counters
from config.metrics.figures import Disk

DAYS = 30
MINUTE, HOUR, DAY = 60, 3600, 86400
Status = Comment.Status


def comments(now: datetime, zone: tzinfo) -> list[dict]:
    """Those of the last days, by the day on which they came and what has become of them."""
    today = timezone.localdate(now, zone)
    days = days_until(today, DAYS)
    rows = (
        Comment.objects.filter(status__in=Status.values, created_at__gte=now - timedelta(days=DAYS))
        .order_by("status")
        .values_list("status", TruncDate("created_at", tzinfo=zone))
        .annotate(times=Count("pk"))
    )
    found: dict[str, Counter] = {status: Counter() for status in Status.values}
    for status, day, times in rows:
        found[status][day] += times
    stopped = found[Status.REJECTED] + found[Status.REMOVED]
    return [
        bars("approved", _("Approved"), found[Status.APPROVED], days),
        bars("pending", _("Still waiting"), found[Status.PENDING], days),
        bars("spam", _("Spam"), found[Status.SPAM], days),
        bars("stopped", _("Rejected or removed"), stopped, days),
    ]


def disk(room: Disk) -> SafeString:
    used = room.total - room.free
    said = _("%(used)s of %(total)s are used.") % {"used": filesizeformat(used), "total": filesizeformat(room.total)}
    return share("disk", _("Disk"), said, used, room.total)


class Answers(NamedTuple):
    """What requests came to since the site was started."""

    hit: int
    made: int
    passed: int
    failed: int  # with a 5xx
    within: list[tuple[str, int]]  # how many of those that Django answered took how long

    @classmethod
    def counted(cls) -> "Answers":
        results, failed, below = Counter(), 0, Counter()
        for metric in counters.of_all_processes().collect():
            for sample in metric.samples:
                labels = sample.labels
                if sample.name == "marginalia_page_cache_total":
                    results[labels["result"]] += int(sample.value)
                elif sample.name == "marginalia_request_seconds_count" and labels["status"].startswith("5"):
                    failed += int(sample.value)
                elif sample.name == "marginalia_request_seconds_bucket":
                    below[float(labels["le"])] += int(sample.value)
        within, before = [], 0
        for seconds in sorted(below):
            within.append((_until(seconds), below[seconds] - before))
            before = below[seconds]
        return cls(results["hit"], results["made"], results["passed"], failed, within)

    @property
    def total(self) -> int:
        return self.hit + self.made + self.passed

    def pictures(self) -> dict:
        """Empty before the first request."""
        shown = {}
        if self.total:
            percent = number_format(100 * self.hit / self.total, decimal_pos=0)
            said = _("%(percent)s in 100 requests were answered from memory.") % {"percent": percent}
            shown["cache"] = {"said": said, "svg": share("cache", _("Ready pages"), said, self.hit, self.total)}
        if self.within:
            most, times = max(self.within, key=lambda row: row[1])
            said = _("Most often %(how)s: %(times)d times.") % {"how": most, "times": times}
            marks = [self.within[0][0], self.within[-1][0]]
            shown["times"] = columns("times", _("How long answers took to make"), said, self.within, marks)
        return shown


def _until(seconds: float) -> str:
    if seconds == float("inf"):
        return _("longer than %(seconds)s s") % {"seconds": f"{counters.SECONDS[-1]:g}"}
    return _("up to %(ms)s ms") % {"ms": number_format(round(seconds * 1000))}


def ago(seconds: float | None) -> str:
    if seconds is None:
        return _("never")
    for unit, words in (
        (DAY, lambda count: ngettext("%(count)d day ago", "%(count)d days ago", count)),
        (HOUR, lambda count: ngettext("%(count)d hour ago", "%(count)d hours ago", count)),
        (MINUTE, lambda count: ngettext("%(count)d minute ago", "%(count)d minutes ago", count)),
    ):
        if seconds >= 2 * unit:
            count = int(seconds // unit)
            return words(count) % {"count": count}
    return ngettext("%(count)d second ago", "%(count)d seconds ago", int(seconds)) % {"count": int(seconds)}
