"""A page elsewhere that has a signed-in browser send a form changes nothing, at any address."""

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.config.security.addresses import every_address
from tests.config.security.furnished import Furnished
from tests.config.security.test_doors import REFUSED, TRACES, WRITE

pytestmark = pytest.mark.django_db
FOREIGN = {
    "Origin": "https://elsewhere.example",
    "Sec-Fetch-Site": "cross-site",
    "Referer": "https://elsewhere.example/",
}
# RFC 8058: the mail's own program sends it, and its address alone is the key.
MAY = {"unsubscribe"}
COUNTS_NOTHING = {"read"}  # and says no more than that


def written_by(client: Client, path: str, headers: dict) -> tuple[int, set[str]]:
    reset_queries()
    with transaction.atomic():
        with CaptureQueriesContext(connection) as asked:
            status = client.post(path, {"text": "Words.", "post": "yes"}, headers=headers).status_code
        transaction.set_rollback(True)
    return status, {found[1] for query in asked if (found := WRITE.match(query["sql"]))} - TRACES


@pytest.mark.parametrize("role", ["anonymous", "Owner"])
def test_csrf(role):
    site = Furnished()
    key = site.sessions()[role]
    wrong = []
    for address in every_address():
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if key:
            client.cookies["sessionid"] = key
        status, written = written_by(client, site.path(address), FOREIGN)
        is_refused = status in REFUSED or address.name in COUNTS_NOTHING
        if (written or not is_refused) and address.name not in MAY:
            wrong.append(f"{address.name} answers {status} and changes {sorted(written)}")
    assert not wrong, "\n".join(wrong)


def test_the_same_from_this_site_does(client):
    """So that the one above can fail: what it looks for is there to be found."""
    site = Furnished()
    (address,) = [address for address in every_address() if address.name == "comment_withdraw"]
    status, written = written_by(client, site.path(address), {"Origin": "http://testserver"})
    assert status == 303 and "comments_comment" in written
