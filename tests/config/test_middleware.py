import ipaddress

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.middleware import SecurityHeadersMiddleware


def is_secure(settings, remote: str) -> bool:
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    seen = []
    middleware = SecurityHeadersMiddleware(lambda request: seen.append(request.is_secure()) or HttpResponse())
    middleware(RequestFactory().get("/", headers={"X-Forwarded-Proto": "https"}, REMOTE_ADDR=remote))
    return seen[0]


def test_a_trusted_proxys_word_counts(settings):
    assert is_secure(settings, "10.0.0.7")


@pytest.mark.parametrize("remote", ["203.0.113.7", "", "unix:"])
def test_anybody_elses_does_not(settings, remote):
    assert not is_secure(settings, remote)
