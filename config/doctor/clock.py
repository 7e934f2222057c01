import time
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from config.doctor.finding import Finding, ok, problem, warning

NOTICED = 2  # seconds
WRONG = 60


def look() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        yield ok(f"It is {timezone.now():%Y-%m-%d %H:%M:%S} UTC here; SQLite has no other clock.")
        return
    before = time.time()
    with connection.cursor() as cursor:
        theirs = cursor.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()[0]
    difference = abs(float(theirs) - (before + time.time()) / 2)
    words = f"This machine's clock and the database's are {difference:.1f} seconds apart."
    todo = "Keep both by NTP: timedatectl set-ntp true"
    if difference > WRONG:
        yield problem(words, todo)
    elif difference > NOTICED:
        yield warning(words, todo)
    else:
        yield ok(words)
