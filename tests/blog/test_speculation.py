"""What browsers may fetch ahead; that they do so: tests/e2e/test_reading_ahead.py."""

import pytest

from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def test_pages_for_everybody_lead_to_the_rules(client):
    for address in ("/", make_post(title="Tides").get_absolute_url(), make_page(title="About").get_absolute_url()):
        assert client.get(address)["Speculation-Rules"] == '"/speculation.json"'


def test_the_rules_have_the_type_that_browsers_ask_for(client):
    answer = client.get("/speculation.json")
    assert answer["Content-Type"] == "application/speculationrules+json"
    (rule,) = answer.json()["prefetch"]
    assert rule["eagerness"] == "moderate"


@pytest.mark.parametrize("address", ["/feed.atom", "/robots.txt", "/search/", "/nothing/", "/admin/login/"])
def test_what_is_no_page_for_everybody_does_not(client, address):
    make_post()
    assert "Speculation-Rules" not in client.get(address)


def test_nor_does_a_preview(client):
    client.force_login(owner := make_user("olive", "Owner"))
    assert "Speculation-Rules" not in client.get(f"/admin/preview/{make_post(owner, status='draft').pk}/")
