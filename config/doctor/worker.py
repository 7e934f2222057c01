from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from config import heartbeat
from config.doctor.finding import Finding, ok, problem, warning

START = "Start it: manage.py serve does, or manage.py worker by itself; then see what its log says."


def look() -> Iterator[Finding]:
    at, now = heartbeat.last(), timezone.now()
    if at is None:
        yield problem("No worker has ever run here: no mail goes out, and nothing is forgotten.", START)
    elif at - now > timedelta(minutes=1):
        words = f"The worker last ticked in the future, at {at:%Y-%m-%d %H:%M} UTC."
        yield warning(words, "Keep the clocks of all machines by NTP: timedatectl set-ntp true")
    elif heartbeat.is_late(now):
        words = f"The worker has not ticked since {at:%Y-%m-%d %H:%M} UTC ({_ago(now - at)} ago): no mail goes out."
        yield problem(words, START)
    else:
        yield ok(f"The worker ticked {int((now - at).total_seconds())} seconds ago.")


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
