"""Dates as people write them (“14 March 2026, 21:10”), in place of Django's American English."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
TIME_FORMAT = "H:i"
