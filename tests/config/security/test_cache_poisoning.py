"""What a request says beside its address and host changes no page that others get."""

import pytest

from tests.config.walked_site import site  # noqa: F401  a fixture
from tests.factories import make_user

FORGED = [
    {"HTTP_X_FORWARDED_HOST": "elsewhere.example"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_X_FORWARDED_PORT": "8443"},
    {"HTTP_X_FORWARDED_PREFIX": "/elsewhere"},
    {"HTTP_FORWARDED": "host=elsewhere.example;proto=https"},
    {"HTTP_X_HOST": "elsewhere.example"},
    {"HTTP_X_ORIGINAL_URL": "/elsewhere.example/"},
    {"HTTP_X_REWRITE_URL": "/elsewhere.example/"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "HEAD"},
    {"HTTP_ACCEPT_LANGUAGE": "fa"},
    {"HTTP_ACCEPT": "application/json"},
    {"HTTP_COOKIE": "django_language=fa; messages=elsewhere.example; proof=elsewhere.example"},
    {"HTTP_ORIGIN": "https://elsewhere.example"},
    {"HTTP_REFERER": "https://elsewhere.example/"},
    {"HTTP_USER_AGENT": "elsewhere.example"},
    {"HTTP_RANGE": "bytes=0-9"},
    {"HTTP_IF_NONE_MATCH": "*", "HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"REQUEST_METHOD": "HEAD"},
]


@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: "-".join(forged))
def test_cache_poisoning(reader, site, forged):  # noqa: F811
    for address in ("/", "/2026/03/tides/", "/label/sea/", "/feed.atom", "/robots.txt", "/opensearch.xml"):
        reader.get(address, **forged)  # the first to ask: the page is made for this request
        answer, fresh = reader.get(address), reader.fresh(address)
        assert (answer.status, answer.body) == (200, fresh.body), address
        assert "elsewhere" not in answer.text and "elsewhere" not in str(answer.headers)
        assert answer.headers["content-type"] == fresh.headers["content-type"]


@pytest.mark.parametrize(
    "query", ["utm_source=%22elsewhere.example", "x=elsewhere.example", "m=1", "order=elsewhere", "%00"]
)
def test_what_is_no_parameter_of_a_page_is_not_on_it(reader, site, query):  # noqa: F811
    reader.get(f"/2026/03/tides/?{query}")
    answer = reader.get("/2026/03/tides/")
    assert answer.status == 200 and answer.body == reader.fresh("/2026/03/tides/").body
    assert "elsewhere" not in answer.text and "elsewhere" not in reader.get(f"/2026/03/tides/?{query}").text


def test_another_name_of_the_site_has_pages_of_its_own(reader, site, settings):  # noqa: F811
    settings.ALLOWED_HOSTS = ["testserver", "www.testserver"]
    reader.get("/", host="www.testserver:81")
    assert reader.get("/").body == reader.fresh("/").body
    assert reader.get("/", host="elsewhere.example").status == 400
    assert reader.get("/").status == 200


def test_nothing_of_who_is_signed_in_is_kept(reader, site):  # noqa: F811
    from django.test import Client  # here: the reader needs no client

    client = Client()
    client.force_login(make_user("zoe", "Owner"))
    cookie = f"sessionid={client.session.session_key}"
    assert "private" in reader.get("/", HTTP_COOKIE=cookie).headers["cache-control"]
    assert "sign-out" not in reader.get("/").text
    assert reader.get("/").body == reader.fresh("/").body
