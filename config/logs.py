"""Logs hold no personal data, and nothing that opens a private page."""

import logging
import re

from django.core.exceptions import PermissionDenied

# The part of an address that is the key: /comment/status/<key>/, and of links that mails will carry.
CAPABILITY = re.compile(
    r"/(comment/(?:status|prove|mine)|moderate|unsubscribe|preview)/[^/\s]+|/(password)/[^/\s]+/[^/\s]+"
)


class WithoutCapabilities(logging.Filter):
    """Leaves the keys out of the addresses in a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = CAPABILITY.sub(lambda key: f"/{key[1] or key[2]}/…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = None  # somebody was told no: nothing is broken
        return True
