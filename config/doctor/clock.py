import ctypes
import time
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from config.doctor.finding import Finding, ok, problem, warning

NOTICED = 2  # seconds
WRONG = 60
ROOM = 1024  # bytes: more than a struct timex of the kernel's has
UNKEPT = 5  # TIME_ERROR of <sys/timex.h>


def look() -> Iterator[Finding]:
    if is_kept() is False:
        yield warning(
            "Nothing keeps this machine's clock right: in some weeks codes of the second step will be refused.",
            "Let NTP keep it: timedatectl set-ntp true, in a container on the machine that runs it.",
        )
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


def is_kept() -> bool | None:
    """Whether something keeps it, as the kernel knows; None where it does not say."""
    ask = getattr(ctypes.CDLL(None), "adjtimex", None)
    if ask is None:
        return None
    said = ask(ctypes.create_string_buffer(ROOM))  # nothing but zeros: it changes nothing
    return None if said < 0 else said != UNKEPT
