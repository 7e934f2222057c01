"""When the tick last went all the way through: one row, so that every machine can ask whether a worker is alive."""

from datetime import datetime, timedelta

from config.models import Heartbeat

LATE = timedelta(minutes=5)  # it comes every minute, and a busy one may take a while


def beat(now: datetime) -> None:
    """The last chore of each tick."""
    Heartbeat.objects.update_or_create(pk=1, defaults={"at": now})


def last() -> datetime | None:
    """None: no worker has ever ticked here."""
    return Heartbeat.objects.filter(pk=1).values_list("at", flat=True).first()


def is_late(now: datetime) -> bool:
    at = last()
    return at is None or now - at > LATE
