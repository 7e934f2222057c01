import ipaddress

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config import wsgi
from config.middleware import RequestMiddleware


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["\0abcdefghijkl", "a b", "x" * 41, "é"])
def test_an_odd_session_cookie_is_none(client, key):
    client.cookies["sessionid"] = key
    assert client.get("/admin/login/").status_code == 200


@pytest.mark.parametrize("charset", ["hex", "rot13", "unicode_escape", "undefined"])
def test_no_client_chooses_the_codec(charset, monkeypatch):
    monkeypatch.setattr(wsgi, "django_application", lambda environ, start_response: environ["CONTENT_TYPE"])
    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": f"text/plain; charset={charset}; boundary=x"}
    assert wsgi.application(environ, None) == "text/plain; boundary=x"


def is_secure(settings, remote: str) -> bool:
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    seen = []
    middleware = RequestMiddleware(lambda request: seen.append(request.is_secure()) or HttpResponse())
    middleware(RequestFactory().get("/", headers={"X-Forwarded-Proto": "https"}, REMOTE_ADDR=remote))
    return seen[0]


def test_a_trusted_proxys_word_counts(settings):
    assert is_secure(settings, "10.0.0.7")


@pytest.mark.parametrize("remote", ["203.0.113.7", "", "unix:"])
def test_anybody_elses_does_not(settings, remote):
    assert not is_secure(settings, remote)
