"""Logs hold no personal data, and nothing that opens a private page. One line each, as text or as JSON (LOG_FORMAT)."""

import ipaddress
import json
import logging
import re
from datetime import UTC, datetime

from config import requestid

# The part of an address that is the key: /comment/status/<key>/, and of links that mails will carry.
CAPABILITY = re.compile(
    r"/(comment/(?:status|prove|follow|mine)|moderate|unsubscribe|preview|invitation)/[^/\s]+|/(password)/[^/\s]+/[^/\s]+"
)
# Each is bounded: a line may be as long as anybody likes to make an address.
EMAIL = re.compile(r"[^\s<>\"'(),;:=@\[\]]{1,64}@[^\s<>\"'(),;:@\[\]]{1,255}")
QUERY = re.compile(r"(?<=[\w/])\?(?=[\w%&=+.-])[^\s\"'<>]+")
IPV4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)")
MAPPED = r"[0-9A-Fa-f:]{0,40}:\d{1,3}(?:\.\d{1,3}){3}"  # ::ffff:192.0.2.1
IPV6 = re.compile(rf"(?<![\w:.])(?:{MAPPED}|[0-9A-Fa-f]{{0,4}}(?::[0-9A-Fa-f]{{0,4}}){{2,7}})(?![\w:])")
# PostgreSQL repeats the values of the row that it refuses.
OF_ROW = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def clean(text: str) -> str:
    """Without keys, e-mail addresses, queries, values of rows, and the addresses of other machines."""
    text = CAPABILITY.sub(lambda key: f"/{key[1] or key[2]}/…", text)
    text = OF_ROW.sub(r"\1: …", text)
    text = QUERY.sub("?…", text)
    text = EMAIL.sub("…@…", text)
    text = IPV6.sub(_unless_of_others, text)
    return IPV4.sub(_unless_of_others, text)


def _unless_of_others(found: re.Match) -> str:
    try:
        address = ipaddress.ip_address(found[0])
    except ValueError:
        return found[0]  # a time, or a version
    return found[0] if address.is_loopback or address.is_unspecified else "…"


class WithoutCapabilities(logging.Filter):
    """Leaves out of a line what it may not hold, and a traceback where nothing is broken."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = clean(message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        if record.exc_info and 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = None  # somebody was told no, or sent nonsense: nothing is broken
        elif record.exc_info and getattr(record, "status_code", 0) == 503:  # no database: a line for each
            reason = clean(str(record.exc_info[1]).strip().partition("\n")[0])
            record.msg, record.args, record.exc_info = f"{record.getMessage()}: {reason}", (), None
        return True


def _name(record: logging.LogRecord) -> str:
    """Django tells of a request that failed when all middleware is through with it."""
    return requestid.current.get() or getattr(getattr(record, "request", None), "name_in_log", "")


class Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        name = _name(record)
        record.where = f" [{name}]" if name else ""
        return super().format(record)

    def formatException(self, exc_info) -> str:
        return clean(super().formatException(exc_info))


class Json(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if name := _name(record):
            said["request_id"] = name
        said |= getattr(record, "of_request", {})
        if record.exc_info:
            said["traceback"] = clean(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)
