"""Who is let in where: every address of the project × every role, GET and POST."""

import re

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.config.security.addresses import Address, every_address
from tests.config.security.doors import DOORS
from tests.config.security.furnished import ROLES, Furnished

pytestmark = pytest.mark.django_db
REFUSED = {403, 404, 405, 410}
WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
# What a look may leave behind: a session's end, how often an address was asked for in vain, how often somebody tried.
TRACES = {"django_session", "blog_missingpath", "comments_ratecount"}


def is_let_in(response) -> bool:
    to = response.get("Location", "")
    does_not_exist = to == "/admin/" and "messages" in response.cookies  # so the desk says of what is not theirs
    return response.status_code not in REFUSED and not to.startswith("/admin/login/") and not does_not_exist


def knock(site: Furnished, address: Address, method: str, key: str) -> tuple[bool, set[str]]:
    """Whether who has this session is let in, and the tables that were written to. Nothing stays changed."""
    client = Client(raise_request_exception=False)
    if key:
        client.cookies["sessionid"] = key
    reset_queries()
    with transaction.atomic():
        path = site.path(address)
        with CaptureQueriesContext(connection) as asked:
            response = getattr(client, method)(path)
            b"".join(response)  # what streams ends when it is read
        transaction.set_rollback(True)
    assert response.status_code < 500, path
    written = {found[1] for query in asked if (found := WRITE.match(query["sql"]))}
    return is_let_in(response), written - TRACES


@pytest.mark.parametrize("role", ROLES)
def test_each_door_opens_for_whom_it_should(role):
    site = Furnished()
    key = site.sessions()[role]
    wrong = []
    known = [address for address in every_address() if address.name in DOORS]  # the others fail the test below
    for address in known:
        for method, who in zip(("get", "post"), DOORS[address.name], strict=True):
            may, written = knock(site, address, method, key)
            if may != (role[0] in who):
                wrong.append(f"{method} {address.name}: {role} is {'let in' if may else 'refused'}")
            if written and (method == "get" or not may):
                wrong.append(f"{method} {address.name}: {role} changes {sorted(written)}")
    assert not wrong, "\n".join(wrong)


def test_every_address_has_a_line():
    """One that is new needs a decision: who may come in."""
    names = {address.name for address in every_address()}
    assert names - DOORS.keys() == set(), "Say in doors.py who may come in."
    assert DOORS.keys() - names == set(), "These are gone: take them out of doors.py."
