import logging

import pytest

from config.logs import WithoutCapabilities


@pytest.mark.parametrize(
    "message, args, expected",
    [
        ("Not Found: %s", ("/comment/status/abc_-1/",), "Not Found: /comment/status/…/"),
        ("Internal Server Error: /moderate/xyz", (), "Internal Server Error: /moderate/…"),
        ("Gone: %s", ("/password/MQ/abc-123/",), "Gone: /password/…/"),
        ("Gone: /password/MQ/abc-123/", (), "Gone: /password/…/"),
        ("Forbidden: /password/", (), "Forbidden: /password/"),
        ("Not Found: /password/sent/x", (), "Not Found: /password/…"),
        ("Not Found: /password/sent/ and more", (), "Not Found: /password/sent/ and more"),
        ("Not Found: /comment/mine/abc/", (), "Not Found: /comment/mine/…/"),
        ("Not Found: /comment/follow/abc/", (), "Not Found: /comment/follow/…/"),
        ("Gone: %s", ("/preview/abc_-1/",), "Gone: /preview/…/"),
        ("Gone: %s", ("/invitation/abc_-1/",), "Gone: /invitation/…/"),
        ("Not Found: %s", ("/2026/03/tides/",), "Not Found: /2026/03/tides/"),
    ],
)
def test_a_line_does_not_hold_the_key_to_a_private_page(message, args, expected):
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, None)
    assert WithoutCapabilities().filter(record)
    assert record.getMessage() == expected
