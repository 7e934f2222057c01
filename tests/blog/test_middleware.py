import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/%00/", "/label/a%00b/", "/2026/03/a%00/", "/comment/status/%00/"])
def test_a_null_byte_in_an_address_is_not_found(client, address):
    assert client.get(address).status_code == 404
