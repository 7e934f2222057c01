"""No page may stand in a frame of another site; a preview only in the page that the desk puts around it."""

import pytest
from django.test import Client

from tests.config.security.addresses import every_address
from tests.config.security.furnished import Furnished

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["anonymous", "Owner"])
def test_clickjacking(role):
    site = Furnished()
    key = site.sessions()[role]
    pages = 0
    for address in every_address():
        client = Client(raise_request_exception=False)
        if key:
            client.cookies["sessionid"] = key
        response = client.get(site.path(address))
        if not response.get("Content-Type", "").startswith("text/html"):
            b"".join(response)
            continue
        pages += 1
        framed = address.name == "preview_post"
        policy = {part.strip() for part in response["Content-Security-Policy"].split(";")}
        assert ("frame-ancestors 'self'" if framed else "frame-ancestors 'none'") in policy, address
        assert response["X-Frame-Options"] == ("SAMEORIGIN" if framed else "DENY"), address
    assert pages > 100
