"""What the filter has learnt as a file, for another site or for later: counts of hashed features, and no words."""

import base64
import binascii
import json
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from comments.spam import seed, store
from comments.spam.calibration import NEWEST, Calibration
from comments.spam.features import READABLE, VERSION
from comments.spam.model import Model

FORMAT, FORMAT_VERSION = "marginalia spam filter", 1
LARGEST = 16_000_000  # bytes of a file


class Problem(ValueError):
    """Why a file cannot be taken, in words for who chose it."""


class Brought(NamedTuple):
    model: Model
    made_at: datetime | None


def dump() -> bytes:
    """All that the filter of this site knows, as JSON."""
    model = store.model()
    kept = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "features": VERSION,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "lessons": {"good": model.lessons[False], "spam": model.lessons[True]},
        "calibration": model.calibration.dump(),
        "counts": base64.b64encode(model.dump()).decode(),
    }
    return json.dumps(kept, indent=1).encode()


def load(data: bytes) -> Brought:
    """What dump() gave, here or elsewhere. Raises Problem."""
    if len(data) > LARGEST:
        raise Problem(too_large())
    try:
        kept = json.loads(data)
    except (ValueError, RecursionError):
        raise Problem(gettext("This is not a file of a spam filter, or it was cut off.")) from None
    if not isinstance(kept, dict) or kept.get("format") != FORMAT:
        raise Problem(gettext("This is not a file of a spam filter."))
    if kept.get("version") != FORMAT_VERSION or kept.get("features") not in READABLE:
        raise Problem(gettext("This file is of another version of the filter, and cannot be read by this one."))
    try:
        model = Model.load(base64.b64decode(kept["counts"], validate=True), seed=seed.load())
        model.calibration = _calibration(kept["calibration"])
        _check(model)
    except (KeyError, TypeError, ValueError, OverflowError, binascii.Error):
        raise Problem(gettext("This file is damaged: what it counts cannot be.")) from None
    return Brought(model, _moment(kept.get("made_at")))


def too_large() -> str:
    return gettext("This file is too large: one of a spam filter has at most %(size)d MB.") % {"size": LARGEST // 10**6}


def _calibration(kept: dict) -> Calibration:
    if len(kept["goods"]) > NEWEST:
        raise ValueError
    return Calibration.load(kept)


def _check(model: Model) -> None:
    """Each feature stood in no more comments than there were, and in no fewer than none."""
    for kind, lessons in enumerate(model.lessons):
        counts = model.counts[kind::2]
        if min(counts) < 0 or max(counts) > lessons:
            raise ValueError


def _moment(text: object) -> datetime | None:
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
